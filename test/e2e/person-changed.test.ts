import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLocalDesk } from '../../src/compose/desk.ts';
import { Secret } from '../../src/settings/secret.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { type ApprovalSite, idIn, openSite, said, word } from './approval-site.ts';
import { eventually } from './rig.ts';

const [ANN, BEN] = ['token-of-ann-with-enough-characters', 'token-of-ben-with-enough-characters'];
const PEOPLE = {
  ann: { roles: ['approver', 'editor'], token: ANN },
  ben: { roles: ['approver'], token: BEN },
};
const CHANGES: readonly (readonly [string, Obj])[] = [
  ['removed', { ann: PEOPLE.ann }],
  ['only a viewer', { ...PEOPLE, ben: { roles: ['viewer'], token: BEN } }],
  ['given another token', { ...PEOPLE, ben: { ...PEOPLE.ben, token: 'another-token-of-ben-with-characters' } }],
];
const JSON_TYPE = 'Content-Type: application/json';

let site: ApprovalSite;

beforeAll(async () => {
  site = await openSite({ approvals: { hold: 0 } });
});
afterAll(() => site.stop());
beforeEach(() => configurePeople(PEOPLE));

async function configurePeople(people: Obj): Promise<void> {
  const before = JSON.stringify(people);
  if (before !== peopleNow) await site.configure((config) => ({ ...config, people }));
  peopleNow = before;
}
let peopleNow = JSON.stringify(PEOPLE);

/** An agent's call that waits for a person. */
async function ask(text: string): Promise<string> {
  const client = await site.legacy();
  return idIn(said(await client.call('echo', { text })));
}

/** Sends a request whose last bytes come only after the people are others; gives the answer. */
async function late(path: string, headers: readonly string[], body: string, people: Obj): Promise<string> {
  const { port } = site.gateway();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  // The gateway says that it wants the body once it knows who comes.
  const head = [`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, length, 'Expect: 100-continue'];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  await eventually('the gateway waits for the body', () => answer.includes('100 Continue'));
  await configurePeople(people);
  socket.write(body.slice(5));
  await eventually('the request is answered', () => /HTTP\/1\.1 [2-5]/.test(answer));
  socket.destroy();
  return answer.slice(answer.search(/HTTP\/1\.1 [2-5]/));
}

describe('a person who is changed while their request is on its way', () => {
  it.each(CHANGES)('answers nothing by the API: %s', async (_, people) => {
    const text = word('late');
    const id = await ask(text);
    const headers = [`Authorization: Bearer ${BEN}`, JSON_TYPE];
    const answer = await late(`/api/approvals/${id}/approve`, headers, '{"note": "late"}', people);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"kind":"forbidden"');
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
    expect(site.sent(text)).toEqual([]);
  });

  it('answers nothing by the page, and sees nothing more of it', async () => {
    const text = word('late-page');
    const id = await ask(text);
    const { base } = site.gateway();
    const door = await fetch(`${base}/approvals`);
    const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const field = (page: string, name: string): string =>
      new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';
    const form = 'Content-Type: application/x-www-form-urlencoded';
    const signedIn = await fetch(`${base}/approvals/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cookieOf(door), origin: base, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ key: field(await door.text(), 'key'), secret: BEN }).toString(),
    });
    const cookie = cookieOf(signedIn);
    const page = await (await fetch(`${base}/approvals/${id}`, { headers: { cookie } })).text();
    expect(page).toContain(text);
    const body = new URLSearchParams({ key: field(page, 'key'), seen: field(page, 'seen') }).toString();
    const answer = await late(`/approvals/${id}/approve`, [`Cookie: ${cookie}`, `Origin: ${base}`, form], body, {
      ann: PEOPLE.ann,
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).not.toContain(text);
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
  });

  it('writes no rule', async () => {
    const id = await ask(word('late-rule'));
    const file = join(site.folder, 'asks.json');
    const before = readFileSync(file, 'utf8');
    const headers = { authorization: `Bearer ${ANN}`, 'content-type': 'application/json' };
    const way = `${site.gateway().base}/api/approvals/${id}/always`;
    const { digest } = (await (await fetch(way, { method: 'POST', headers, body: '{}' })).json()) as { digest: string };
    const demoted = { ...PEOPLE, ann: { ...PEOPLE.ann, roles: ['approver'] } };
    const sent = [`Authorization: Bearer ${ANN}`, JSON_TYPE];
    const answer = await late(`/api/approvals/${id}/adopt`, sent, JSON.stringify({ digest }), demoted);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.each(CHANGES)('answers nothing on the command line: %s', async (_, people) => {
    const id = await ask(word('late-line'));
    const [data, config] = [join(site.folder, 'data'), join(site.folder, 'toolgate.json')];
    const quiet = { write: () => true };
    const desk = await openLocalDesk({ kind: 'local', data, config }, { stdout: quiet, stderr: quiet, env: {} });
    try {
      const person = await desk.identify(new Secret(BEN));
      expect(person?.name).toBe('ben');
      await configurePeople(people);
      const given = { said: 'approve', note: undefined, arguments: undefined } as const;
      const viewer = { person, channel: 'command line' } as const;
      expect(await desk.answer(id, given, viewer)).toMatchObject({ kind: 'forbidden' });
      expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
      await configurePeople(PEOPLE);
      await desk.identify(new Secret(BEN));
      expect(await desk.answer(id, given, viewer)).toMatchObject({ kind: 'answered' });
    } finally {
      await desk.close();
    }
  });
});
