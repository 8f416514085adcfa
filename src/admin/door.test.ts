import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminServer, adminServer, GRANT_TOKEN, passphraseOf, tokenOf } from '../../test/kit/admin-server.ts';
import { selfSigned } from '../../test/kit/certificate.ts';
import { type FakeDesk, fakeDesk, question } from '../../test/kit/fake-desk.ts';
import { type PageVisitor, pageVisitor } from '../../test/kit/page-visitor.ts';

let desk: FakeDesk;
let server: AdminServer;
let visitor: PageVisitor;

beforeEach(async () => {
  desk = fakeDesk([question('ap_one', { to: 'cfo@example.com' })]);
  server = await adminServer({ desk });
  visitor = pageVisitor(server);
});
afterEach(() => server.stop());

const withoutKey = (text: string): string =>
  text.replace(/name="key" value="[^"]*"/, '').replace(/name="next" value="[^"]*"/, '');

describe('who is not signed in', () => {
  it('sees the same for every id, known or not, and nothing of any question', async () => {
    const answers = await Promise.all(
      ['ap_one', 'ap_none', 'ap_one/always'].map((id) => pageVisitor(server).get(`/approvals/${id}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(withoutKey(answers[0]?.text ?? '')).toBe(withoutKey(answers[1]?.text ?? ''));
    expect(answers.map(({ text }) => text).join()).not.toMatch(/cfo|send_email|agent-1/);
    expect(desk.heard).toEqual([]);
  });

  it('does nothing: a form of a session that ended asks who it is, and says that nothing was done', async () => {
    await visitor.signIn('ann');
    const page = await visitor.get('/approvals/ap_one');
    expect(page.status).toBe(200);
    server.pass(3_600_000);
    const before = desk.heard.length;
    const answer = await visitor.post('/approvals/ap_one/approve', '/approvals/ap_one');
    expect([answer.status, answer.text.includes('Nothing was done')]).toEqual([401, true]);
    expect(answer.text).toContain('name="next" value="approvals/ap_one"');
    expect(desk.heard.length).toBe(before);
  });

  it('is not known by a token in the address or the header', async () => {
    expect((await server.ask(`/approvals?token=${tokenOf('ann')}`)).status).toBe(401);
    expect((await server.ask('/approvals', { headers: { authorization: `Bearer ${tokenOf('ann')}` } })).status).toBe(
      401,
    );
  });
});

describe('the form to sign in', () => {
  it('is plain ASCII, which costs least to send to any stranger who asks', async () => {
    const { text } = await server.ask('/approvals');
    expect(Buffer.byteLength(text)).toBe(text.length);
  });
});

describe('signing in', () => {
  it('goes on to the question that was wanted', async () => {
    const answer = await visitor.signIn('ann', '/approvals/ap_one');
    expect([answer.status, answer.headers.location]).toEqual([303, '../approvals/ap_one']);
    expect((await visitor.get('/approvals/ap_one')).text).toContain('Signed in as <b>ann</b>');
  });

  it('takes a token without a name, or with its own name, not with another’s', async () => {
    const secret = `  ${tokenOf('ann')}\n`;
    for (const name of ['', 'ann']) {
      expect((await pageVisitor(server).post('/approvals/login', '/approvals', { name, secret })).status).toBe(303);
    }
    expect((await visitor.post('/approvals/login', '/approvals', { name: 'ed', secret })).status).toBe(401);
  });

  it('gives cookies that no script and no form of another site gets', async () => {
    const { headers } = await visitor.signIn('ann');
    const [session, door] = headers['set-cookie'] ?? [];
    expect(session).toMatch(
      new RegExp(`^toolgate-${server.port}=[\\w-]{44}; Path=/approvals; HttpOnly; SameSite=Lax$`),
    );
    expect(door).toMatch(/^toolgate-door-\d+=; Max-Age=0; /);
  });

  it('gives cookies that only travel through TLS, where there is TLS', async () => {
    const secure = await adminServer({ desk, tls: selfSigned(Date.now()) });
    try {
      const { headers, status } = await pageVisitor(secure).signIn('ann');
      expect(status).toBe(303);
      expect(headers['set-cookie']?.[0]).toMatch(
        /^__Host-toolgate-\d+=[\w-]{44}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      );
    } finally {
      await secure.stop();
    }
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/approvals',
    'approvals/../mcp',
    'approvals/ap_one?x',
    'approvals/login',
    'javascript:alert(1)',
  ])('never leads anywhere else: %s', async (next) => {
    const { headers } = await visitor.post('/approvals/login', '/approvals', { secret: tokenOf('ann'), next });
    expect(headers.location).toBe('../approvals');
  });

  it('does not say what was wrong, and keeps the name', async () => {
    const wrongSecret = await visitor.post('/approvals/login', '/approvals', { name: 'ann', secret: 'wrong' });
    const wrongName = await visitor.post('/approvals/login', '/approvals', {
      name: 'nobody',
      secret: passphraseOf('ann'),
    });
    expect([wrongSecret.status, wrongName.status]).toEqual([401, 401]);
    expect(wrongSecret.text).toContain('value="ann"');
    expect(withoutKey(wrongSecret.text).replace('value="ann"', '')).toBe(
      withoutKey(wrongName.text).replace('value="nobody"', ''),
    );
    expect(server.refused).toEqual(['the page: wrong name or secret', 'the page: wrong name or secret']);
    expect(wrongSecret.text).not.toContain('wrong"');
  });

  it('is nothing that a grant’s token can do', async () => {
    for (const name of ['', 'ann']) {
      const answer = await visitor.post('/approvals/login', '/approvals', { name, secret: GRANT_TOKEN });
      expect([answer.status, answer.text.includes('agent’s token')]).toEqual([403, true]);
    }
    expect([...visitor.cookies.keys()].filter((name) => !name.includes('door'))).toEqual([]);
  });

  it('is slow for who guesses', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) {
      statuses.push((await visitor.post('/approvals/login', '/approvals', { name: 'ann', secret: 'wrong' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await visitor.post('/approvals/login', '/approvals', { secret: tokenOf('ann') })).status).toBe(303);
  });

  it('is not done by a form of another site, nor by one that another browser was given', async () => {
    const fields = { secret: tokenOf('ann') };
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: '' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect(
        (await visitor.post('/approvals/login', '/approvals', fields, headers as Record<string, string>)).status,
      ).toBe(403);
    }
    const other = pageVisitor(server);
    await other.get('/approvals');
    expect((await other.post('/approvals/login', '/healthz', { ...fields, key: 'made-up' })).status).toBe(403);
    expect((await other.post('/approvals/login', '/healthz', fields)).status).toBe(403);
  });

  it('takes no long secrets of strangers, and nothing but forms', async () => {
    const long = await visitor.post('/approvals/login', '/approvals', { secret: 'x'.repeat(40_000) });
    expect(long.status).toBe(413);
    expect((await visitor.post('/approvals/login', '/approvals', {}, { 'content-type': 'text/plain' })).status).toBe(
      415,
    );
    expect((await visitor.get('/approvals/login')).headers.location).toBe('../approvals');
  });

  it('ends the session that the browser had before', async () => {
    await visitor.signIn('ann');
    const old = new Map(visitor.cookies);
    const [name = ''] = [...old.keys()].filter((one) => !one.includes('door'));
    visitor.cookies.delete(name);
    const page = await visitor.get('/approvals');
    expect(page.status).toBe(401);
    visitor.cookies.set(name, old.get(name) ?? '');
    const key = /name="key" value="([^"]*)"/.exec(page.text)?.[1];
    await visitor.post('/approvals/login', '/healthz', { key, secret: tokenOf('ed') });
    expect((await visitor.get('/approvals')).text).toContain('<b>ed</b>');
    visitor.cookies.set(name, old.get(name) ?? '');
    expect((await visitor.get('/approvals')).status).toBe(401);
  });
});

describe('being signed in', () => {
  beforeEach(async () => {
    await visitor.signIn('ann');
  });

  it('ends with the person', async () => {
    expect((await visitor.get('/approvals')).status).toBe(200);
    server.people.delete('ann');
    expect((await visitor.get('/approvals')).status).toBe(401);
  });

  it('ends when somebody signs out, and not by a form of another session', async () => {
    expect((await visitor.post('/approvals/logout', '/approvals', { key: 'made-up' })).status).toBe(403);
    expect((await visitor.get('/approvals')).status).toBe(200);
    const cookies = new Map(visitor.cookies);
    expect((await visitor.post('/approvals/logout', '/approvals')).status).toBe(303);
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    expect((await visitor.get('/approvals')).status).toBe(401);
  });

  it('is not believed where the cookie stands twice', async () => {
    const [[name, value]] = [...visitor.cookies] as [[string, string]];
    expect((await server.ask('/approvals', { headers: { cookie: `${name}=${value}; ${name}=other` } })).status).toBe(
      401,
    );
  });

  it('opens neither the API nor /mcp', async () => {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await server.ask('/api/me', { headers: { cookie } })).status).toBe(401);
    expect((await server.ask('/mcp/mail', { headers: { cookie } })).status).toBe(401);
  });
});
