import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminServer, adminServer } from '../../test/kit/admin-server.ts';
import { type FakeDesk, fakeDesk, question } from '../../test/kit/fake-desk.ts';
import { type PageVisitor, pageVisitor } from '../../test/kit/page-visitor.ts';
import type { Approval } from '../gateway/approvals/approval.ts';
import { StoreFault } from '../gateway/ports.ts';

const PROPOSAL = {
  kind: 'proposal',
  digest: '',
  admits: 'Calls of send_email by agent-1 with exactly these arguments.',
  until: '2026-12-21',
  choices: { amount: ['up to this', 'any value'], to: [] },
  changes: [{ policy: 'mail', diff: '--- mail\n+++ mail\n-  "action": "require_approval"\n+  "<b>\\n\u200b"' }],
} as const;

let desk: FakeDesk;
let server: AdminServer;
let ann: PageVisitor;
let ed: PageVisitor;

const two = { quorum: { count: 2, lists: [] } };
const decisions = (): readonly string[] => desk.heard.filter((what) => !/^(?:show|list|propose)/.test(what));

beforeEach(async () => {
  desk = fakeDesk([question('ap_one', { to: 'cfo@example.com', amount: 5 }), question('ap_two', { amount: 100 }, two)]);
  server = await adminServer({ desk, people: { ann: ['approver'], ed: ['editor', 'approver'], vic: ['viewer'] } });
  [ann, ed] = [pageVisitor(server), pageVisitor(server)];
  await ann.signIn('ann');
  await ed.signIn('ed');
});
afterEach(() => server.stop());

describe('every page', () => {
  it('loads nothing, is framed by nobody, and is kept by nobody', async () => {
    for (const path of [
      '/approvals',
      '/approvals/ap_one',
      '/approvals/ap_none',
      '/approvals/ap_one/always',
      '/approvals/x/y/z',
    ]) {
      const { headers, text } = await ann.get(path);
      const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
      const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(text) ?? [];
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; script-src 'sha256-${hash('sha256', script, 'base64')}'; ` +
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(text).not.toMatch(/https?:\/\/|<img|<link|@import|url\(/);
    }
  });

  it('has links that hold wherever a proxy puts it', async () => {
    const links = async (path: string) =>
      [...(await ann.get(path)).text.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, to = '']) => to);
    const all = [
      ...(await links('/approvals')),
      ...(await links('/approvals/ap_one')),
      ...(await links('/approvals/ap_one/always')),
    ];
    expect(all.filter((to) => !/^(?:\.\/|\.\.\/)+approvals/.test(to))).toEqual([]);
    const seen = new URL(
      (await links('/approvals/ap_one/always'))[0] ?? '',
      'https://x.example/gate/approvals/ap_one/always',
    );
    expect(seen.pathname).toBe('/gate/approvals');
  });

  it('answers GET, HEAD, and forms where forms are', async () => {
    expect(await server.ask('/approvals', { method: 'PUT' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
    expect((await ann.post('/approvals/ap_one', '/approvals/ap_one')).status).toBe(405);
    expect((await ann.post('/approvals', '/approvals')).status).toBe(405);
    expect((await ann.post('/approvals/ap_one/eat', '/approvals/ap_one')).status).toBe(404);
    expect((await ann.get('/approvals/ap_one/approve')).headers.location).toBe('../../approvals/ap_one');
    expect(decisions()).toEqual([]);
  });

  it('says that the store cannot be used, without its words', async () => {
    desk.failWith(new StoreFault('disk full at /secret/path'));
    const { status, text } = await ann.get('/approvals/ap_one');
    expect([status, text.includes('secret')]).toEqual([503, false]);
  });
});

describe('a question', () => {
  it('shows all that a person decides by', async () => {
    desk.lastUsed = { ...question('ap_old', { to: 'cfo@example.com', amount: 4 }), used: { pass: 'p', at: 0 } };
    const { text, status } = await ann.get('/approvals/ap_one');
    expect(status).toBe(200);
    for (const part of [
      'agent-1',
      'dana',
      'says it is',
      'Claude Code 2.1.330',
      'send_email',
      '<span class="badge write"><bdi>write</bdi></span>',
    ]) {
      expect(text).toContain(part);
    }
    for (const part of [
      'Mail that leaves the company',
      '/tools/send_email',
      '/amount: 4 → 5',
      'Sends one email.',
      'own words',
      '10 min 0 s',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('&quot;to&quot;: &quot;cfo@example.com&quot;');
    expect(desk.heard).toContain('show ap_one by ann through page');
  });

  it('shows what is sent beside the arguments, and that it is new', async () => {
    const args = { to: 'cfo@example.com' };
    desk.lastUsed = { ...question('ap_old', args), used: { pass: 'p', at: 0 } };
    const params = JSON.stringify({ arguments: args, name: 'send_email', options: { bcc: 'evil@example.com\u200b' } });
    desk.kept.set('ap_more', question('ap_more', args, { params }));
    const { text } = await ann.get('/approvals/ap_more');
    expect(text).toContain('<h2 id="beside">Beside the arguments</h2>');
    expect(text).toContain('&quot;bcc&quot;: &quot;evil@example.com<mark>\\u{200b}</mark>&quot;');
    expect(text).toContain('beside the arguments, /options: (absent) →');
    expect((await ann.get('/approvals/ap_one')).text).not.toContain('Beside the arguments');
  });

  it('of what is no tool says what is done with it', async () => {
    const uri = 'file:///etc/passwd';
    const said = {
      kind: 'resource',
      method: 'resources/subscribe',
      name: uri,
      params: JSON.stringify({ uri }),
    } as const;
    desk.kept.set('ap_res', question('ap_res', {}, said));
    expect((await ann.get('/approvals/ap_res')).text).toContain('<code><bdi>resources/subscribe</bdi></code>');
  });

  it('shows hostile names, words and arguments as what they are', async () => {
    const hostile = '</pre></title><script>alert(1)</script><img src=x onerror=alert(1)>"\'\u202e\u200b';
    const said = {
      name: hostile,
      description: hostile,
      reason: hostile,
      client: { name: hostile, version: hostile },
      class: hostile as 'read',
    };
    desk.kept.set(
      'ap_evil',
      question('ap_evil', { [hostile]: hostile, big: 'x'.repeat(200_000), last: 'hidden?' }, said),
    );
    for (const visitor of [ann, ed]) {
      for (const path of ['/approvals', '/approvals/ap_evil', '/approvals/ap_evil/always']) {
        const { text } = await visitor.get(path);
        expect(text.match(/<script/g)?.length).toBe(1);
        expect(text).not.toMatch(/<img|[\u202e\u200b]/);
      }
    }
    const { text } = await ann.get('/approvals/ap_evil');
    expect(text).toContain('<b>4 characters in here cannot be seen</b>');
    expect(text).toContain('<mark>\\u{202e}\\u{200b}</mark>');
    // What stands behind a long argument is listed before it.
    expect(text.indexOf('last: &quot;hidden?&quot;')).toBeLessThan(text.indexOf('x'.repeat(1000)));
    expect(text).toContain('x'.repeat(200_000));
  });

  it('that nobody asked is not there', async () => {
    expect((await ann.get('/approvals/ap_none')).status).toBe(404);
    expect((await ann.post('/approvals/ap_none/approve', '/approvals/ap_one')).status).toBe(404);
  });

  it('tells who may not answer why, and gives no buttons', async () => {
    const vic = pageVisitor(server);
    await vic.signIn('vic');
    const { text } = await vic.get('/approvals/ap_one');
    expect(text).toContain('vic has neither the role approver nor admin.');
    expect(text).not.toMatch(/>Approve<|Always allow/);
    expect(
      (await vic.post('/approvals/ap_one/approve', '/approvals', { seen: await seenBy(ann, 'ap_one') })).status,
    ).toBe(403);
    expect(desk.kept.get('ap_one')?.state).toBe('open');
  });

  it.each<[Partial<Approval>, string]>([
    [{ state: 'approved' }, 'may make this one call, once'],
    [{ state: 'used' }, 'Approved and sent'],
    [{ state: 'denied', why: 'ann denied it: <no>.' }, 'ann denied it: &lt;no&gt;.'],
    [{ state: 'expired' }, 'Expired'],
    [{ state: 'void', why: 'The tool changed.' }, 'The tool changed.'],
  ])('that is over says how it ended: %o', async (change, words) => {
    desk.kept.set('ap_over', { ...question('ap_over', {}), ...change });
    const { text } = await ann.get('/approvals/ap_over');
    expect(text).toContain(words);
    expect(text).not.toContain('>Deny<');
  });
});

async function seenBy(visitor: PageVisitor, id: string): Promise<string> {
  return /name="seen" value="([^"]*)"/.exec((await visitor.get(`/approvals/${id}`)).text)?.[1] ?? '';
}

describe('an answer', () => {
  it('is taken, and the page says what was done, once', async () => {
    const answer = await ann.post('/approvals/ap_one/approve', '/approvals/ap_one', {
      note: 'as agreed',
      arguments: undefined,
      changed: undefined,
    });
    expect([answer.status, answer.headers.location]).toEqual([303, '../../approvals/ap_one']);
    expect(desk.given).toEqual([{ said: 'approve', note: 'as agreed', arguments: undefined }]);
    const { text } = await ann.get('/approvals/ap_one');
    expect(text).toContain('You approved this call.');
    expect(text).toContain('through the page: <bdi>as agreed</bdi>');
    expect((await ann.get('/approvals/ap_one')).text).not.toContain('You approved this call.');
  });

  it('may be no', async () => {
    await ann.post('/approvals/ap_one/deny', '/approvals/ap_one', { note: 'too much' });
    expect(desk.kept.get('ap_one')).toMatchObject({
      state: 'denied',
      why: expect.stringContaining('ann denied it: too much'),
    });
  });

  it.each<[string, Record<string, string | undefined>, Record<string, string>, number]>([
    ['without the key of the session', { key: undefined }, {}, 403],
    ['with the key of another', { key: 'x'.repeat(22) }, {}, 403],
    ['from another site', {}, { origin: 'https://evil.example' }, 403],
    ['from another port of this host', {}, { origin: 'http://127.0.0.1:1' }, 403],
    ['from a neighbour, as the browser says', {}, { 'sec-fetch-site': 'same-site' }, 403],
    ['from nowhere', {}, { origin: '' }, 403],
    ['that is no form', {}, { 'content-type': 'application/json' }, 415],
    ['with a note that would be cut', { note: 'x'.repeat(1001) }, {}, 400],
    ['to what was not looked at', { seen: 'something else' }, {}, 409],
  ])('is not taken %s', async (_, fields, headers, status) => {
    for (const step of ['approve', 'deny', 'adopt']) {
      if (step === 'adopt' && 'note' in fields) continue;
      const answer = await ann.post(
        `/approvals/ap_one/${step}`,
        '/approvals/ap_one',
        { changed: undefined, ...fields },
        headers,
      );
      expect(answer.status).toBe(status);
    }
    expect(decisions()).toEqual([]);
  });

  it('is not taken with a form that is too long or broken', async () => {
    expect(
      (await ann.post('/approvals/ap_one/deny', '/approvals/ap_one', { note: 'x'.repeat(1024 * 1024) })).status,
    ).toBe(413);
    const cookie = [...ann.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: server.base, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await server.ask('/approvals/ap_one/deny', { method: 'POST', headers, body: 'note=%ff' })).status).toBe(
      400,
    );
    expect(decisions()).toEqual([]);
  });

  it('is given once: the second is told what became of it', async () => {
    const seen = await seenBy(ann, 'ap_one');
    await ed.post('/approvals/ap_one/deny', '/approvals/ap_one');
    const late = await ann.post('/approvals/ap_one/approve', '/approvals', { seen });
    expect(late.status).toBe(409);
    expect(late.text).toContain('The question is over: denied');
  });

  it('may change the arguments', async () => {
    await ann.post('/approvals/ap_one/approve', '/approvals/ap_one', {
      changed: 'yes',
      arguments: '{"to": "x", "amount": 1}',
    });
    expect(desk.given[0]?.arguments).toEqual({ to: 'x', amount: 1 });
    expect((await ann.get('/approvals/ap_one')).text).toContain('ann</bdi> changed the arguments');
  });

  it.each([
    ['{"amount": 1, "amount": 2}', 400, 'stands twice'],
    ['nonsense', 400, 'The arguments cannot be read as JSON'],
    ['[]', 400, 'must be a JSON object'],
    ['{"impossible": "<b>"}', 422, 'The policy refuses these arguments.'],
  ])('keeps what was typed where the arguments cannot be: %s', async (typed, status, why) => {
    const answer = await ann.post('/approvals/ap_one/approve', '/approvals/ap_one', {
      changed: 'yes',
      arguments: typed,
      note: 'my note',
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(why);
    expect(answer.text).toContain(`\n${typed.replaceAll('"', '&quot;').replace('<b>', '&lt;b&gt;')}</textarea>`);
    expect(answer.text).toContain('my note</textarea>');
    expect(desk.kept.get('ap_one')?.state).toBe('open');
  });

  it('counts for what was looked at: somebody else’s change in between is shown first', async () => {
    const seen = await seenBy(ann, 'ap_two');
    await ed.post('/approvals/ap_two/approve', '/approvals/ap_two', { changed: 'yes', arguments: '{"amount": 1000}' });
    const late = await ann.post('/approvals/ap_two/approve', '/approvals', { seen });
    expect(late.status).toBe(409);
    expect(late.text).toContain('changed by somebody else');
    expect(desk.kept.get('ap_two')?.answers.map(({ by }) => by)).toEqual(['ed']);
    const now = await ann.post('/approvals/ap_two/approve', '/approvals/ap_two', { changed: undefined });
    expect(now.status).toBe(303);
    expect(desk.kept.get('ap_two')).toMatchObject({ state: 'approved', edit: { by: 'ed' } });
  });

  it('of several is told how many are still needed', async () => {
    await ann.post('/approvals/ap_two/approve', '/approvals/ap_two', { changed: undefined });
    expect(desk.given[0]?.arguments).toEqual({ amount: 100 });
    expect((await ann.get('/approvals/ap_two')).text).toContain(
      'You approved. 1 of 2 agreed; the call waits for the others.',
    );
    expect((await ed.get('/approvals')).text).toContain('1 of 2 agreed');
  });
});

describe('always', () => {
  beforeEach(() => desk.proposing(PROPOSAL));

  it('is offered to editors only', async () => {
    expect((await ed.get('/approvals/ap_one')).text).toContain('Always allow…');
    expect((await ann.get('/approvals/ap_one')).text).not.toContain('Always allow…');
  });

  it('shows the rule with its choices, and writes nothing', async () => {
    const { text } = await ed.get('/approvals/ap_one/always');
    expect(text).toContain(PROPOSAL.admits);
    expect(text).toContain('<option value="up to this">');
    expect(text).toContain(
      '<span class="add">+  &quot;&lt;b&gt;<span class="eol end">\\n</span><mark>\\u{200b}</mark>&quot;</span>',
    );
    expect(desk.wishes[0]).toEqual({ until: undefined, widen: {}, limit: undefined });
    expect(decisions()).toEqual([]);
  });

  const wish = { argument: 'amount', choice: 'up to this', until: '2026-12-01', max: '3', window: '7d' };

  it('shows it again by what was chosen, and writes what was shown', async () => {
    const shown = await ed.post('/approvals/ap_one/always', '/approvals/ap_one/always', wish);
    expect(shown.status).toBe(200);
    expect(desk.wishes.at(-1)).toMatchObject({ until: '2026-12-01', limit: { max: 3, window: '7d' } });
    expect({ ...desk.wishes.at(-1)?.widen }).toEqual({ amount: 'up to this' });
    expect(shown.text).toContain('<option value="up to this" selected>');
    const digest = /name="digest" value="([^"]*)"/.exec(shown.text)?.[1]?.replaceAll('&quot;', '"');
    const answer = await ed.post('/approvals/ap_one/adopt', '/approvals/ap_one/always', { ...wish, digest });
    expect(answer.status).toBe(303);
    expect((await ed.get('/approvals/ap_one')).text).toContain('The rule is written (mail).');
    expect(decisions()).toEqual(['adopt ap_one by ed through page']);
    expect(desk.kept.get('ap_one')?.state).toBe('open');
  });

  it('writes nothing but what was shown', async () => {
    const answer = await ed.post('/approvals/ap_one/adopt', '/approvals/ap_one/always', wish);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('Nothing was written yet');
    expect(decisions()).toEqual([]);
  });

  const plain = { argument: undefined, until: undefined, window: undefined };

  it('approves the call as well, if that is wanted', async () => {
    const digest = JSON.stringify({ widen: {} });
    await ed.post('/approvals/ap_one/adopt', '/approvals/ap_one/always', { ...plain, digest, also: 'approve' });
    expect(decisions()).toEqual(['approve ap_one by ed through page', 'adopt ap_one by ed through page']);
  });

  it('writes no rule if the call cannot be approved', async () => {
    const seen = await seenBy(ed, 'ap_one');
    desk.kept.set('ap_one', { ...question('ap_one', { to: 'cfo@example.com', amount: 5 }), state: 'denied' });
    const digest = JSON.stringify({ widen: {} });
    const answer = await ed.post('/approvals/ap_one/adopt', '/approvals/ap_one/always', {
      ...plain,
      seen,
      digest,
      also: 'approve',
    });
    expect(answer.status).toBe(409);
    expect(decisions()).toEqual(['approve ap_one by ed through page']);
  });

  it('tells when the rule could not be written although the call is approved', async () => {
    desk.adopting({ kind: 'unwritable', reason: 'The file cannot be written.' });
    const digest = JSON.stringify({ widen: {} });
    const answer = await ed.post('/approvals/ap_one/adopt', '/approvals/ap_one/always', {
      ...plain,
      digest,
      also: 'approve',
    });
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('The call is approved, but the rule is not written: The file cannot be written.');
  });

  it.each([{ until: 'soon' }, { max: '0' }, { max: 'many' }])(
    'refuses what it does not understand: %o',
    async (fields) => {
      const answer = await ed.post(
        '/approvals/ap_one/always',
        '/approvals/ap_one/always',
        fields as Record<string, string>,
      );
      expect(answer.status).toBe(400);
    },
  );

  it('tells of a wish that cannot be beside what can', async () => {
    const { status, text } = await ed.post('/approvals/ap_one/always', '/approvals/ap_one/always', {
      until: '2099-01-01',
    });
    expect([status, text.includes('366 days at most'), text.includes(PROPOSAL.admits)]).toEqual([422, true, true]);
  });

  it('may be impossible', async () => {
    desk.proposing({ kind: 'none', reason: 'A <limit> asked.' });
    expect((await ed.get('/approvals/ap_one/always')).text).toContain('A &lt;limit&gt; asked.');
  });
});

describe('behind a proxy', () => {
  it('takes forms of the address that people see, whether the proxy passes it on or the configuration says it', async () => {
    for (const [host, url] of [
      ['gate.example', undefined],
      ['127.0.0.1', 'https://gate.example/tools'],
    ] as const) {
      const proxied = await adminServer({
        desk,
        behindProxy: true,
        hosts: ['gate.example'],
        ...(url === undefined ? {} : { url }),
      });
      try {
        const visitor = pageVisitor(proxied);
        const fields = { secret: 'tgp_token-of-ann-with-enough-characters' };
        const sent = (origin: string) => visitor.post('/approvals/login', '/approvals', fields, { host, origin });
        expect((await sent('http://gate.example')).status).toBe(403);
        expect((await sent('https://gate.example:8443')).status).toBe(403);
        expect((await sent('https://gate.example')).status).toBe(303);
      } finally {
        await proxied.stop();
      }
    }
  });
});
