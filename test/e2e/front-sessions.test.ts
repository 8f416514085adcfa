import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { startFront } from './front-config.ts';
import { AGENT, arrived, eventually, OTHER, processesWith } from './rig.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-front-'));
const record = join(folder, 'record.jsonl');
let gateway: Gateway;
let remote: Awaited<ReturnType<typeof startFront>>['remote'];

beforeAll(async () => {
  ({ gateway, remote } = await startFront(kit, record));
});

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

function newClient(server = 'recorder', token: string = AGENT): HttpClient {
  return kit.add(httpClient(gateway.url(server), token));
}

async function openClient(server = 'recorder', token: string = AGENT): Promise<HttpClient> {
  const client = newClient(server, token);
  await client.initialize();
  return client;
}

describe('what the remote server gets to see', () => {
  it("is the headers of the configuration, and nothing of the client's", async () => {
    const client = await openClient('remote');
    const call = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hi' } } };
    const answer = await client.raw(JSON.stringify(call), {
      cookie: 'session=of-the-client',
      'proxy-authorization': 'Basic c2VjcmV0',
      'x-forwarded-for': '10.1.2.3',
      forwarded: 'for=10.1.2.3',
      'x-team': 'red',
      'x-of-the-client': 'yes',
    });
    expect(textOf(objAt(answer.messages[0], 'result'))).toBe('hi');
    expect(remote.requestHeaders.length).toBeGreaterThan(2);
    for (const headers of remote.requestHeaders) {
      expect(headers).toMatchObject({ authorization: 'Bearer the-token-for-upstream', 'x-team': 'blue' });
      const text = JSON.stringify(headers);
      for (const foreign of [
        AGENT,
        'of-the-client',
        '10.1.2.3',
        'c2VjcmV0',
        'x-of-the-client',
        String(client.sessionId),
      ]) {
        expect(text).not.toContain(foreign);
      }
    }
    expect(JSON.stringify(remote.received)).not.toContain(AGENT);
    expect(gateway.stderr()).not.toContain('the-token-for-upstream');
  });
});

describe('streams', () => {
  it('beside the requests: what the server says by itself comes there, and the stream ends with the session', async () => {
    const client = await openClient('remote');
    const stream = await client.stream();
    expect(stream.status).toBe(200);
    await eventually('the gateway listens to the remote', () =>
      [...remote.sessions.values()].every((one) => one.stream),
    );
    remote.push({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    await stream.next('the change', (message) => message['method'] === 'notifications/tools/list_changed');
    expect((await client.delete()).status).toBe(204);
    await stream.ended;
  });

  it('a stream needs its session, and a client that reads streams', async () => {
    const client = await openClient();
    expect((await client.raw('', { accept: 'application/json', 'content-type': '' }, { method: 'GET' })).status).toBe(
      406,
    );
    client.sessionId = undefined;
    expect((await client.stream()).status).toBe(404);
  });

  it('the answer to a POST is plain JSON, and an event stream once there is progress, under the token of the client', async () => {
    const client = await openClient();
    const call = (id: string, meta: Obj): Obj => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'slow', arguments: { ms: 40, steps: 2 }, ...meta },
    });
    const plain = await client.post(call('plain', {}));
    expect(plain.headers['content-type']).toBe('application/json');
    const streamed = await client.post(call('streamed', { _meta: { progressToken: 'tok-1' } }));
    expect(streamed.headers['content-type']).toBe('text/event-stream');
    expect(streamed.messages.map((message) => objAt(message, 'params')['progress'] ?? message['id'])).toEqual([
      1,
      2,
      'streamed',
    ]);
    expect(objAt(streamed.messages[0], 'params')['progressToken']).toBe('tok-1');
    const sent = arrived(record, 'tools/call').map(
      (message) => objAt(objAt(message, 'params'), '_meta')['progressToken'],
    );
    expect(sent).not.toContain('tok-1');
  });
});

describe('the end of a session', () => {
  it('DELETE ends it and its process', async () => {
    const before = processesWith(record).length;
    const client = await openClient();
    expect(processesWith(record)).toHaveLength(before + 1);
    expect((await client.delete()).status).toBe(204);
    expect(processesWith(record)).toHaveLength(before);
    expect((await client.notify('notifications/initialized')).status).toBe(404);
  });
});

describe('ids', () => {
  it('clients that use the same id at once get their own answers', async () => {
    const clients = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => openClient('remote', n % 2 === 0 ? AGENT : OTHER)));
    const answers = await Promise.all(
      clients.map((client, n) =>
        client.post({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'sum', arguments: { a: n, b: 100 } },
        }),
      ),
    );
    expect(answers.map(({ messages }) => textOf(objAt(messages[0], 'result')))).toEqual([
      '100',
      '101',
      '102',
      '103',
      '104',
      '105',
    ]);
  });

  it('one id used twice at once in one session is answered twice, each time rightly; 1 and "1" are two', async () => {
    const client = await openClient();
    const slow = (id: string | number, ms: number): ReturnType<HttpClient['post']> =>
      client.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'slow', arguments: { ms, steps: 1 } } });
    const answers = await Promise.all([slow(5, 150), slow(5, 20), slow(1, 90), slow('1', 40)]);
    expect(answers.map(({ messages }) => [messages[0]?.['id'], textOf(objAt(messages[0], 'result'))])).toEqual([
      [5, 'waited 150 ms'],
      [5, 'waited 20 ms'],
      [1, 'waited 90 ms'],
      ['1', 'waited 40 ms'],
    ]);
    const sent = arrived(record, 'tools/call').slice(-4);
    expect(new Set(sent.map((message) => message['id'])).size).toBe(4);
  });

  it("a cancellation reaches the server under the id that it knows; a stranger's with the same id does not", async () => {
    const calls = (): readonly Obj[] =>
      arrived(record, 'tools/call').filter((one) => objAt(one, 'params')['name'] === 'hang');
    const cancels = (): readonly unknown[] =>
      arrived(record, 'notifications/cancelled').map((one) => objAt(one, 'params')['requestId']);
    const client = await openClient();
    const stranger = await openClient('recorder', OTHER);
    const hang = (id: string): ReturnType<HttpClient['post']> =>
      client.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'hang', arguments: {} } });
    const first = hang('first');
    await eventually('the first call hangs', () => calls().length === 1);
    const second = hang('second');
    await eventually('the second call hangs', () => calls().length === 2);

    await stranger.notify('notifications/cancelled', { requestId: 'second', reason: 'mischief' });
    await client.notify('notifications/cancelled', { requestId: 'first', reason: 'enough' });
    expect((await first).status).toBe(202);
    await eventually('the server is told', () => cancels().length === 1);
    expect(cancels()).toEqual([calls()[0]?.['id']]);
    await client.notify('notifications/cancelled', { requestId: 'second' });
    expect((await second).status).toBe(202);
  });

  it('a client that vanishes in the middle of a call has not cancelled it: the call ends as it would have', async () => {
    const client = await openClient();
    const cancels = arrived(record, 'notifications/cancelled').length;
    const leave = new AbortController();
    const call = { jsonrpc: '2.0', id: 'left', method: 'tools/call', params: { name: 'slow', arguments: { ms: 150 } } };
    const left = client.raw(JSON.stringify(call), {}, { signal: leave.signal });
    await eventually('the call is under way', () =>
      JSON.stringify(arrived(record, 'tools/call').at(-1)).includes('"ms":150'),
    );
    leave.abort();
    await expect(left).rejects.toThrow();
    expect(textOf(objAt(await client.call('slow', { ms: 300 }), 'result'))).toBe('waited 300 ms');
    expect(arrived(record, 'notifications/cancelled')).toHaveLength(cancels);
    const listed = await toolgate(['audit', 'list', '--data', gateway.data, '--json']);
    expect(listed.stdout).toContain('"ms":150');
  });
});
