import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it, test } from 'vitest';
import { loadSettings } from './load.ts';
import type { HookSettings } from './settings.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-hooks-'));
afterAll(() => rm(folder, { recursive: true }));

const SECRET = 'a-secret-of-twenty-characters';
const CHAT = 'https://hooks.chat.example.com/services/T0/B0/secret-of-the-chat';
const env = { CHAT, SECRET, FORM: 'slack', EVENT: 'approval.used', SHORT: 'short-secret' };
const USUAL = new Set(['approval.asked', 'approval.answered', 'approval.expired', 'policy.changed']);

async function load(notices: unknown): Promise<ReadonlyMap<string, HookSettings> | string> {
  const file = join(folder, 'toolgate.json');
  await writeFile(file, JSON.stringify({ servers: {}, notices }));
  const loaded = await loadSettings(file, env);
  if (loaded.kind === 'settings') return loaded.settings.hooks;
  return loaded.problems.map(({ pointer, message }) => `${pointer} ${message}`).join('\n');
}

async function hook(settings: unknown): Promise<HookSettings> {
  const hooks = await load({ ops: settings });
  const one = typeof hooks === 'string' ? undefined : hooks.get('ops');
  if (one === undefined) throw new Error(String(hooks));
  return one;
}

describe('who is told outside', () => {
  it('is nobody, unless the configuration says so', async () => {
    expect(await load(undefined)).toEqual(new Map());
    expect(await load({})).toEqual(new Map());
  });

  it('is told as JSON, signed, of what most want to know', async () => {
    const ops = await hook({ url: 'http://127.0.0.1:9000/hook?key=1', secret: SECRET });
    expect(ops).toMatchObject({ name: 'ops', form: 'json', events: USUAL });
    expect([ops.url.reveal(), ops.secret?.reveal()]).toEqual(['http://127.0.0.1:9000/hook?key=1', SECRET]);
  });

  it('may be a chat, which needs no secret', async () => {
    const chat = await hook({ url: CHAT, form: 'slack', events: ['approval.asked'] });
    expect(chat).toMatchObject({ form: 'slack', secret: undefined, events: new Set(['approval.asked']) });
  });

  it('may stand in the environment in every part', async () => {
    const chat = await hook({ url: `\${CHAT}`, form: `\${FORM}`, secret: `\${SECRET}`, events: [`\${EVENT}`] });
    expect(chat).toMatchObject({ form: 'slack', events: new Set(['approval.used']) });
    expect([chat.url.reveal(), chat.secret?.reveal()]).toEqual([CHAT, SECRET]);
  });

  it('is not given away by printing the settings', async () => {
    const shown = inspect(await load({ ops: { url: CHAT, secret: SECRET } }), { depth: null, showHidden: true });
    expect(shown).not.toContain('secret-of-the-chat');
    expect(shown).not.toContain(SECRET);
  });

  it('may sign with a key in the encoding that Standard Webhooks has for it', async () => {
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    expect((await hook({ url: CHAT, secret })).secret?.reveal()).toBe(secret);
  });
});

describe('what is refused', () => {
  const good = { url: CHAT, secret: SECRET };
  test.each<[string, unknown, string]>([
    ['no address', { secret: SECRET }, '/notices/ops "url" is missing: where are notices sent?'],
    ['a misspelt key', { ...good, event: [] }, '/notices/ops/event unknown key "event" — did you mean "events"?'],
    ['another scheme', { ...good, url: 'ftp://x' }, '/notices/ops/url must be an absolute http or https URL'],
    [
      'a password in the address',
      { ...good, url: 'https://u:secret@x/' },
      '/notices/ops/url must not hold a user name or password; put them into its path or query',
    ],
    [
      'a fragment',
      { ...good, url: 'https://x/#secret' },
      '/notices/ops/url must not hold a fragment, which is never sent',
    ],
    [
      'JSON that nobody signs',
      { url: CHAT },
      '/notices/ops "secret" is missing: it signs what is sent; make one with "openssl rand -hex 32"',
    ],
    [
      'a secret that can be guessed',
      { url: CHAT, secret: `\${SHORT}` },
      '/notices/ops/secret a secret has 20 to 4096 characters; make one with "openssl rand -hex 32"',
    ],
    [
      'a key that is cut short',
      { url: CHAT, secret: 'whsec_AAAAAAAAAAAAAAA=' },
      '/notices/ops/secret what begins with "whsec_" goes on in base64, 16 bytes or more; make one with "openssl rand -base64 32"',
    ],
    [
      'a key in another encoding',
      { url: CHAT, secret: `whsec_${'-_'.repeat(16)}` },
      '/notices/ops/secret what begins with "whsec_" goes on in base64, 16 bytes or more; make one with "openssl rand -base64 32"',
    ],
    ['an unknown form', { ...good, form: 'teams' }, '/notices/ops/form must be one of json, slack, not "teams"'],
    ['no events', { ...good, events: [] }, expect.stringMatching(/^\/notices\/ops\/events must name at least one of/)],
    [
      'an unknown event',
      { ...good, events: ['approval.ask'] },
      expect.stringMatching(/^\/notices\/ops\/events\/0 must be one of .*did you mean "approval.asked"/),
    ],
    ['an event twice', { ...good, events: ['policy.changed', 'policy.changed'] }, '/notices/ops/events/1 stands twice'],
    ['one that is no object', CHAT, '/notices/ops must be an object'],
  ])('%s', async (_, settings, said) => {
    expect(await load({ ops: settings })).toEqual(said);
  });

  it('a name that nobody can see', async () => {
    expect(await load({ '\u200b': good })).toMatch(/a name has 1 to 128 characters, all of them visible/);
  });

  it('and neither address nor secret is repeated', async () => {
    const said = await load({
      ops: { url: `\${SHORT}`, secret: `\${SHORT}`, form: `\${SHORT}`, events: [`\${SHORT}`] },
    });
    expect(String(said).split('\n')).toHaveLength(4);
    expect(said).not.toContain('short-secret');
  });
});
