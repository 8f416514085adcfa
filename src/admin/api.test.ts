import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminServer, adminServer, GRANT_TOKEN, passphraseOf, tokenOf } from '../../test/kit/admin-server.ts';
import { type FakeDesk, fakeDesk, question } from '../../test/kit/fake-desk.ts';
import { StoreFault } from '../gateway/ports.ts';

let desk: FakeDesk;
let server: AdminServer;

const ann = { authorization: `Bearer ${tokenOf('ann')}` };
const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  server.ask(path, { method: 'POST', headers: { ...ann, ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });
const answersGiven = (): readonly string[] => desk.heard.filter((what) => /^(?:approve|deny|adopt)/.test(what));

beforeEach(async () => {
  desk = fakeDesk([question('ap_one', { to: 'cfo@example.com', amount: 5 }), question('ap_two', {})]);
  server = await adminServer({ desk });
});
afterEach(() => server.stop());

describe('who is let in', () => {
  it('a person with a token', async () => {
    const { status, text, headers } = await server.ask('/api/me', { headers: ann });
    expect([status, JSON.parse(text)]).toEqual([200, { name: 'ann', roles: ['approver'] }]);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-type']).toBe('application/json');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('a person with a passphrase, which is tried once for many requests', async () => {
    const authorization = `Basic ${Buffer.from(`ann:${passphraseOf('ann')}`).toString('base64')}`;
    for (let at = 0; at < 10; at++)
      expect((await server.ask('/api/me', { headers: { authorization } })).status).toBe(200);
    expect(server.tries()).toBe(1);
  });

  it.each([
    ['nothing', undefined],
    ['an unknown token', 'Bearer unknown'],
    ['a passphrase as a token', `Bearer ${encodeURIComponent(passphraseOf('ann'))}`],
    ['a token as a passphrase', `Basic ${Buffer.from(`ann:${tokenOf('ann')}`).toString('base64')}`],
    ['something else', 'Digest x'],
  ])('nobody with %s: 401, the same for what is there and what is not', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answers = await Promise.all(
      ['/api/approvals', '/api/approvals/ap_one', '/api/approvals/ap_none', '/api/nothing'].map((path) =>
        server.ask(path, { headers }),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    const posted = await server.ask('/api/approvals/ap_one/approve', {
      method: 'POST',
      headers: { ...headers, ...JSON_TYPE },
      body: '{}',
    });
    expect(posted.status).toBe(401);
    expect(desk.heard).toEqual([]);
    expect(server.refused.length).toBe(5);
  });

  it('no grant, for nothing at all', async () => {
    const authorization = `Bearer ${GRANT_TOKEN}`;
    for (const [method, path] of [
      ['GET', '/api/me'],
      ['GET', '/api/approvals'],
      ['GET', '/api/approvals/ap_one'],
      ['POST', '/api/approvals/ap_one/approve'],
      ['POST', '/api/approvals/ap_one/adopt'],
    ] as const) {
      const headers = { authorization, ...(method === 'POST' ? JSON_TYPE : {}) };
      const { status, text } = await server.ask(path, {
        method,
        headers,
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      expect(status).toBe(403);
      expect(JSON.parse(text).error.message).toBe('A grant’s token answers no questions.');
    }
    expect(desk.heard).toEqual([]);
    expect(new Set(server.refused)).toEqual(new Set(['a grant’s token answers no questions']));
  });

  it('no person at /mcp, where only grants are', async () => {
    expect(
      (await server.ask('/mcp/mail', { method: 'POST', headers: { ...ann, ...JSON_TYPE }, body: '{}' })).status,
    ).toBe(401);
  });

  it('whoever guesses passphrases only now and then: 429, while tokens go on working', async () => {
    const guess = { authorization: `Basic ${Buffer.from('ann:wrong passphrase').toString('base64')}` };
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) statuses.push((await server.ask('/api/me', { headers: guess })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect(server.tries()).toBe(5);
    expect((await server.ask('/api/me', { headers: ann })).status).toBe(200);
    server.pass(60_000);
    expect((await server.ask('/api/me', { headers: guess })).status).toBe(401);
  });

  it('nobody whose header stands there twice', async () => {
    const headers = { authorization: [`Bearer ${tokenOf('ann')}`, `Bearer ${GRANT_TOKEN}`] };
    expect((await server.ask('/api/me', { headers })).status).toBe(400);
  });
});

describe('pages of other sites', () => {
  it.each<[Record<string, string>, string]>([
    [{ origin: 'http://127.0.0.1:1' }, 'another port of this host'],
    [{ origin: 'http://localhost' }, 'another name of this host'],
    [{ origin: 'https://evil.example' }, 'another host'],
    [{ origin: 'null' }, 'nowhere'],
    [{ 'sec-fetch-site': 'cross-site' }, 'a browser that says so'],
    [{ 'sec-fetch-site': 'same-site' }, 'a browser that says it is a neighbour'],
  ])('change nothing: %o (%s)', async (headers) => {
    expect((await post('/api/approvals/ap_one/approve', {}, headers)).status).toBe(403);
    expect(desk.heard).toEqual([]);
  });

  it('cannot ask beforehand whether they may', async () => {
    const headers = {
      origin: server.base,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const { status, headers: answered } = await server.ask('/api/approvals/ap_one/approve', {
      method: 'OPTIONS',
      headers,
    });
    expect(status).toBe(401);
    expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('that are the gateway’s own may', async () => {
    expect(
      (await post('/api/approvals/ap_one/approve', {}, { origin: server.base, 'sec-fetch-site': 'same-origin' }))
        .status,
    ).toBe(200);
  });

  it('under a foreign Host reach nothing', async () => {
    expect((await server.ask('/api/me', { headers: { ...ann, host: 'rebound.example' } })).status).toBe(403);
  });
});

describe('looking', () => {
  it('lists questions', async () => {
    const { status, text } = await server.ask('/api/approvals?which=all&limit=2&before=ap_zero', { headers: ann });
    expect(status).toBe(200);
    expect(JSON.parse(text).approvals.map(({ id }: { id: string }) => id)).toEqual(['ap_one', 'ap_two']);
    expect(desk.heard).toEqual(['list all 2 before ap_zero by ann through api']);
  });

  it.each(['which=open', 'limit=0', 'limit=1001', 'limit=-1', 'limit=1e2', 'wich=all', 'which=all&which=live'])(
    'refuses a query that it does not understand: %s',
    async (query) => {
      expect((await server.ask(`/api/approvals?${query}`, { headers: ann })).status).toBe(400);
      expect(desk.heard).toEqual([]);
    },
  );

  it('shows one question with all that a person decides by', async () => {
    const { status, text } = await server.ask('/api/approvals/ap_one', { headers: ann });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      id: 'ap_one',
      arguments: { to: 'cfo@example.com', amount: 5 },
      whyNot: null,
    });
  });

  it('does not have what nobody asked', async () => {
    const { status, text } = await server.ask('/api/approvals/ap_none', { headers: ann });
    expect([status, JSON.parse(text).error.kind]).toEqual([404, 'unknown']);
    for (const path of [
      '/api',
      '/api/',
      '/api/approvals/x',
      '/api/approvals/ap_one/eat',
      '/api/approvals/..%2fme',
      '/api/approvalsx',
    ]) {
      expect((await server.ask(path, { headers: ann })).status).toBe(404);
    }
  });

  it('answers HEAD without a body, and no other method', async () => {
    const head = await server.ask('/api/approvals', { method: 'HEAD', headers: ann });
    expect([head.status, head.text]).toEqual([200, '']);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'POST']) {
      expect(await server.ask('/api/approvals/ap_one', { method, headers: ann })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
    }
    expect(await server.ask('/api/approvals/ap_one/approve', { headers: ann })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
    expect(answersGiven()).toEqual([]);
  });
});

describe('answering', () => {
  it('approves, with a note and other arguments', async () => {
    const { status, text } = await post('/api/approvals/ap_one/approve', {
      note: ' as agreed\r\n',
      arguments: { to: 'x', amount: 1 },
    });
    expect([status, JSON.parse(text)]).toMatchObject([200, { kind: 'answered', approval: { state: 'approved' } }]);
    expect(desk.given).toEqual([{ said: 'approve', note: 'as agreed', arguments: { to: 'x', amount: 1 } }]);
  });

  it('denies, with a note or a reason', async () => {
    await post('/api/approvals/ap_one/deny', { reason: 'too much' });
    await post('/api/approvals/ap_two/deny', { note: '' });
    expect(desk.given.map(({ said, note }) => [said, note])).toEqual([
      ['deny', 'too much'],
      ['deny', undefined],
    ]);
  });

  it('tells what the desk would not do', async () => {
    const vic = { authorization: `Bearer ${tokenOf('vic')}` };
    const statuses = [
      await post('/api/approvals/ap_none/approve'),
      await post('/api/approvals/ap_one/approve', {}, vic),
      await post('/api/approvals/ap_one/approve', { arguments: { impossible: 1 } }),
      await post('/api/approvals/ap_one/deny'),
      await post('/api/approvals/ap_one/approve'),
    ].map(({ status, text }) => [status, JSON.parse(text).error?.kind]);
    expect(statuses).toEqual([
      [404, 'unknown'],
      [403, 'forbidden'],
      [422, 'invalid'],
      [200, undefined],
      [409, 'over'],
    ]);
  });

  it.each([
    ['approve', '', 'at character 0'],
    ['approve', '[]', 'must be a JSON object'],
    ['approve', '{"note":"a","note":"b"}', 'stands twice'],
    ['approve', '{"note":1}', '/note'],
    ['approve', '{"arguments":[]}', '/arguments'],
    ['approve', '{"arguments":null}', '/arguments'],
    ['approve', '{"argument":{}}', '/argument '],
    ['approve', '{"arguments":{"n":12345678901234567890}}', 'cannot be carried exactly'],
    ['approve', '{} x', 'after the end'],
    ['approve', '\ufeff{}', 'at character 0'],
    ['deny', '{"note":"a","reason":"b"}', '/note and /reason'],
    ['deny', '{"arguments":{}}', '/arguments'],
    ['always', '{"until":"tomorrow"}', '/until'],
    ['always', '{"widen":{"to":1}}', '/widen/to'],
    ['always', '{"widen":[]}', '/widen'],
    ['always', '{"limit":{"max":0,"window":"1h"}}', '/limit/max'],
    ['always', '{"limit":{"max":1}}', '/limit/window'],
    ['always', '{"limit":{"max":1,"window":"1h","x":1}}', '/limit/x'],
    ['always', '{"digest":"d"}', '/digest'],
    ['adopt', '{}', '/digest'],
  ])('refuses a body that is not right, and names the place: %s %s', async (step, body, place) => {
    const { status, text } = await server.ask(`/api/approvals/ap_one/${step}`, {
      method: 'POST',
      headers: { ...ann, ...JSON_TYPE },
      body,
    });
    expect(status).toBe(400);
    expect(JSON.parse(text).error.message).toContain(place);
    expect(desk.heard).toEqual([]);
  });

  it('refuses a note that would be cut', async () => {
    expect((await post('/api/approvals/ap_one/deny', { reason: 'x'.repeat(1001) })).status).toBe(400);
    expect((await post('/api/approvals/ap_one/deny', { reason: `${'x'.repeat(1000)}\n` })).status).toBe(200);
  });

  it('refuses what is not JSON, and what is no UTF-8', async () => {
    const send = (type: string, body: string | Uint8Array) =>
      server.ask('/api/approvals/ap_one/approve', { method: 'POST', headers: { ...ann, 'content-type': type }, body });
    expect((await send('text/plain', '{}')).status).toBe(415);
    expect((await send('application/x-www-form-urlencoded', 'note=x')).status).toBe(415);
    expect((await send('application/jsonp', '{}')).status).toBe(415);
    expect((await send('application/json', Uint8Array.of(0x22, 0xff, 0x22))).status).toBe(400);
    expect((await send('application/json; charset=utf-8', '{}')).status).toBe(200);
  });

  it('refuses a body of more than a mebibyte, told or not', async () => {
    const body = JSON.stringify({ note: 'x'.repeat(1024 * 1024) });
    const headers = { ...ann, ...JSON_TYPE };
    expect((await server.ask('/api/approvals/ap_one/approve', { method: 'POST', headers, body })).status).toBe(413);
    const chunked = { ...headers, 'transfer-encoding': 'chunked' };
    expect((await server.ask('/api/approvals/ap_one/approve', { method: 'POST', headers: chunked, body })).status).toBe(
      413,
    );
    expect(desk.heard).toEqual([]);
  });

  it('forgets a body that never ends when its sender leaves', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const lines = [
      'POST /api/approvals/ap_one/approve HTTP/1.1',
      'host: 127.0.0.1',
      `authorization: ${ann.authorization}`,
    ];
    socket.write([...lines, 'content-type: application/json', 'content-length: 10', '', '{"no'].join('\r\n'));
    await sleep(100);
    socket.destroy();
    await sleep(100);
    expect(desk.heard).toEqual([]);
    expect(server.log).toEqual([]);
  });
});

describe('a rule for ever', () => {
  const wish = {
    until: '2026-12-31',
    widen: { ['__proto__']: 'any value', amount: 'up to this' },
    limit: { max: 3, window: '24h' },
  };

  it('is proposed by a wish and adopted by its digest', async () => {
    desk.proposing({ kind: 'proposal', digest: '', admits: 'calls', until: '2027-01-01', choices: {}, changes: [] });
    const text = `{"until":"2026-12-31","widen":{"__proto__":"any value","amount":"up to this"},"limit":{"max":3,"window":"24h"}}`;
    const ask = { method: 'POST', headers: { ...ann, ...JSON_TYPE } };
    const proposed = JSON.parse((await server.ask('/api/approvals/ap_one/always', { ...ask, body: text })).text);
    expect(proposed).toMatchObject({ kind: 'proposal', until: '2026-12-31' });
    expect(Object.entries(desk.wishes[0]?.widen ?? {})).toEqual(Object.entries(wish.widen));
    const body = `${text.slice(0, -1)},"digest":${JSON.stringify(proposed.digest)}}`;
    const adopted = await server.ask('/api/approvals/ap_one/adopt', { ...ask, body });
    expect([adopted.status, JSON.parse(adopted.text).kind]).toEqual([200, 'adopted']);
    const other = await server.ask('/api/approvals/ap_one/adopt', {
      ...ask,
      body: JSON.stringify({ digest: proposed.digest }),
    });
    expect([other.status, JSON.parse(other.text).error.kind]).toEqual([409, 'changed']);
  });

  it('may be none, or not be written', async () => {
    const none = await post('/api/approvals/ap_one/always');
    expect([none.status, JSON.parse(none.text).error]).toEqual([
      422,
      { kind: 'none', message: 'A limit asked; raise the limit instead.' },
    ]);
    desk.adopting({ kind: 'unwritable', reason: 'The file cannot be written.' });
    const unwritable = await post('/api/approvals/ap_one/adopt', { digest: 'd' });
    expect([unwritable.status, JSON.parse(unwritable.text).error.kind]).toEqual([500, 'unwritable']);
  });
});

describe('when something is broken', () => {
  it('a store that cannot be used is told with 503, without its words', async () => {
    desk.failWith(new StoreFault('disk full at /secret/path'));
    const { status, text } = await post('/api/approvals/ap_one/approve');
    expect(status).toBe(503);
    expect(text).not.toContain('secret');
    expect(server.log.join()).toContain('disk full');
  });

  it('anything else with 500, and the next request works', async () => {
    desk.failWith(new Error('surprise'));
    expect((await server.ask('/api/approvals/ap_one', { headers: ann })).status).toBe(500);
    expect((await server.ask('/api/approvals/ap_one', { headers: ann })).status).toBe(200);
  });
});
