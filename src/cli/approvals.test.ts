import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, desk, type Ran } from '../../test/kit/command-line.ts';
import { type MemoryDesk, memoryDesk } from '../../test/kit/memory-desk.ts';
import type { Prompt } from './prompt.ts';
import type { World } from './world.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const ALICE = { TOOLGATE_TOKEN: 'token-of-alice' };
let table: Desk;
let asked: MemoryDesk;

beforeEach(async () => {
  table = await desk();
  asked = memoryDesk(NOON, {
    alice: { roles: ['approver'], token: 'token-of-alice', passphrase: ' correct horse ' },
    bob: { roles: ['approver'], token: 'token-of-bob' },
    vera: { roles: ['viewer'], token: 'token-of-vera' },
  });
});
afterEach(() => rm(table.folder, { recursive: true, force: true }));

function toolgate(argv: readonly string[], env: World['env'] = {}, more: Partial<World> = {}): Promise<Ran> {
  return table.toolgate(['approvals', ...argv], {
    env: { TOOLGATE_DATA: '/var/toolgate', ...env },
    openDesk: asked.openDesk,
    ...more,
  });
}

/** Somebody at the terminal who types this, line by line. */
function typing(...lines: readonly string[]): { readonly prompt: Prompt; readonly questions: string[] } {
  const questions: string[] = [];
  const rest = [...lines];
  const next = (kind: string) => async (question: string) => {
    questions.push(`${kind}: ${question}`);
    return rest.shift();
  };
  return { prompt: { isTerminal: true, line: next('line'), hidden: next('hidden') }, questions };
}

describe('approvals list', () => {
  test('shows what waits, the last asked first', async () => {
    await asked.ask({ args: { path: '/tmp/a' } });
    asked.later(5);
    await asked.ask({ subject: { name: 'delete', class: 'destructive', quorum: { count: 2, lists: [] } } });
    const { code, out, err } = await toolgate(['list']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'ID                         ASKED                 LEFT    GRANT   SERVER  TOOL    CLASS        AGREED',
      'ap_questionxxxxxxxxxx0002  2026-06-01T12:05:00Z  15 min  laptop  files   delete  destructive  0 of 2',
      'ap_questionxxxxxxxxxx0001  2026-06-01T12:00:00Z  10 min  laptop  files   write   write        0 of 1',
      '',
    ]);
    expect(asked.opened).toEqual([{ kind: 'local', data: '/var/toolgate', config: undefined }]);
    expect(asked.open()).toBe(0);
  });

  test('says so when nothing waits; what was answered is there on request', async () => {
    expect((await toolgate(['list'])).out).toBe('No question waits for an answer.\n');
    const id = await asked.ask();
    await toolgate(['approve', id], ALICE);
    expect((await toolgate(['list'])).out).toBe('No question waits for an answer.\n');
    expect((await toolgate(['list', '--live'])).out).toContain('  approved, 15 min  ');
    await toolgate(['deny', await asked.ask()], ALICE);
    expect((await toolgate(['list', '--all'])).out).toContain('  denied  ');
  });

  test('a tool that only looks like another, or plays with the terminal, is told from it', async () => {
    await asked.ask({ subject: { name: 'wr\u0456te\u001b[2J', grant: 'a\u202eb' } });
    const { out } = await toolgate(['list']);
    expect(out).toContain('wr\\u{456}te\\u{1b}[2J');
    expect(out).toContain('a\\u{202e}b');
    expect(out).not.toContain('\u001b');
  });

  test('as JSON, and line by line', async () => {
    const id = await asked.ask({ subject: { reason: 'Because\u202e.' } });
    const { out } = await toolgate(['list', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      approvals: [{ id, state: 'open', secondsLeft: 900, reason: 'Because\u202e.' }],
    });
    const lines = (await toolgate(['list', '--jsonl'])).out;
    expect(JSON.parse(lines)).toMatchObject({ id, grant: 'laptop' });
    expect(out + lines).not.toContain('\u202e');
  });

  test.each([
    [['list', '--json', '--jsonl'], 'either --json or --jsonl, not both'],
    [['list', '--all', '--live'], 'either --all or --live, not both'],
    [['list', '--limit', '0'], '--limit must be a whole number from 1 to 1000, not "0"'],
    [['list', 'ap_123456'], '"ap_123456" is too much'],
    [['list', '--url', 'https://x', '--data', '/d'], 'either --url, a running gateway, or --data and --config'],
    [['show'], 'the id of a question is missing'],
    [['show', 'write'], '"write" is no id of a question: it begins with "ap_"'],
    [['show', 'ap_12345'], 'at least 6 characters after it'],
  ])('%j is a mistake', async (argv, message) => {
    const { code, err } = await toolgate(argv);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(asked.open()).toBe(0);
  });
});

describe('approvals show', () => {
  test('lays out all that one decides by', async () => {
    const before = await asked.ask({ args: { path: '/tmp/a', text: 'hello' } });
    await toolgate(['approve', before, '--note', 'once'], ALICE);
    await asked.change(before, () => ({ state: 'used', used: { pass: 'p', at: NOON } }));
    asked.later(1);
    const id = await asked.ask({ args: { path: '/tmp/b', text: 'hello' } });
    const { code, out } = await toolgate(['show', id]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      `Question ${id}`,
      '',
      '  State        open, 15 min left (until 2026-06-01T12:16:00Z)',
      '  Asked        2026-06-01T12:01:00Z',
      '  Who asks     grant laptop of alice; its client says it is claude-code 2.1',
      '  Tool         write on files',
      '  Class        write',
      "  Server says  Writes a file.   (the server's own words)",
      '  Rule         policy /tools/write',
      '  Why          Writing needs a yes.',
      '  Agreed       0 of 1',
      '  May answer   anybody with the role approver or admin',
      '',
      'Arguments:',
      '  {',
      '    "path": "/tmp/b",',
      '    "text": "hello"',
      '  }',
      '',
      'The last such call that was approved: 2026-06-01T12:00:00Z for laptop, by alice. Since then:',
      '  /path: "/tmp/a" → "/tmp/b"',
      '',
      'To answer, with your own token or passphrase:',
      `  toolgate approvals approve ${id}`,
      `  toolgate approvals deny ${id}`,
      '',
    ]);
  });

  test('writes what nobody would see as escapes, and warns of it', async () => {
    const id = await asked.ask({
      args: { path: '/tmp/\u200b\u001b[8m' },
      subject: { description: 'Nice\u001b[2J\u{e0041}', reason: 'A\u202eB' },
    });
    const { out } = await toolgate(['show', id]);
    expect(out).toContain('    "path": "/tmp/\\u{200b}\\u001b[8m"\n');
    expect(out).toContain(
      '  Beware: characters that cannot be seen, or look like others, are in it; they are written as escapes',
    );
    expect(out).toContain('Server says  Nice\\u{1b}[2J\\u{e0041}');
    expect(out).toContain('A\\u{202e}B');
    for (const unseen of ['\u001b', '\u200b', '\u202e']) expect(out).not.toContain(unseen);
  });

  test.each([
    ['a control', 'a\u0008b', true],
    ['an escape of the terminal', 'a\u001bb', true],
    ['a bidirectional mark behind a back-slash', 'a\\\u202e', true],
    ['an escape that the agent only wrote', 'a \\u{200b} and \\u001b in words', false],
    ['an accent of its own', 'e\u0301', true],
    ['lines and tabs', 'a\n\tb', false],
  ])('warns of what cannot be seen: %s', async (_, text, isWarned) => {
    const id = await asked.ask({ args: { text } });
    expect((await toolgate(['show', id])).out.includes('Beware')).toBe(isWarned);
  });

  test('where one argument is long, each is told in short first', async () => {
    const id = await asked.ask({ args: { text: 'x'.repeat(5_000), what: 'rm -rf /' } });
    const { out } = await toolgate(['show', id]);
    expect(out).toContain(
      `Arguments in short:\n  text: "${'x'.repeat(79)}… (5002 characters)\n  what: "rm -rf /"\n\nArguments:\n`,
    );
    expect(out).toContain('x'.repeat(5_000));
  });

  test('what stands beside the arguments is shown as they are, and compared', async () => {
    const before = await asked.ask({ args: { path: '/tmp/a' } });
    await toolgate(['approve', before], ALICE);
    await asked.change(before, () => ({ state: 'used', used: { pass: 'p', at: NOON } }));
    const params = '{"arguments":{"path":"/tmp/a"},"name":"write","options":{"path":"/","recursive":true,"\u200b":1}}';
    const id = await asked.ask({ subject: { params } });
    const { out } = await toolgate(['show', id]);
    expect(out).toContain(
      [
        'Arguments:',
        '  {',
        '    "path": "/tmp/a"',
        '  }',
        '',
        'Beside the arguments, sent as it stands:',
        '  {',
        '    "options": {',
        '      "path": "/",',
        '      "recursive": true,',
        '      "\\u{200b}": 1',
        '    }',
        '  }',
        '  Beware:',
      ].join('\n'),
    );
    expect(out).toContain(
      'Since then:\n  beside the arguments, /options: (absent) → { "path": "/", "recursive": true,',
    );
  });

  test('tells who may answer, who has, and whether you may', async () => {
    const lists = [
      { roles: ['approver'], owners: ['carol'] },
      { roles: [], owners: ['alice', 'vera'] },
    ];
    const id = await asked.ask({ subject: { quorum: { count: 2, lists } } });
    await toolgate(['approve', id, '--note', 'looks right'], ALICE);
    const { out } = await toolgate(['show', id], { TOOLGATE_TOKEN: 'token-of-vera' });
    expect(out).toContain('  Agreed       1 of 2\n');
    expect(out).toContain('  Answer       alice approved by command line at 2026-06-01T12:00:00Z: looks right\n');
    expect(out).toContain('  May answer   (the role approver or carol) and (alice or vera)\n');
    expect(out).toContain(
      '  You          may not answer: vera is not among those who may answer: the role approver, carol.\n',
    );
  });

  test('is told by the beginning of an id where only one begins so', async () => {
    await asked.ask({ id: 'ap_aaaaaaBBBBBBBBBBBBBBBBB' });
    await asked.ask({ id: 'ap_aaaaaaCCCCCCCCCCCCCCCCC' });
    const over = await asked.ask({ id: 'ap_ddddddDDDDDDDDDDDDDDDDD' });
    await toolgate(['deny', over], ALICE);
    expect((await toolgate(['show', 'ap_aaaaaaB'])).out).toContain('Question ap_aaaaaaBBBB');
    expect((await toolgate(['show', 'ap_dddddd'])).out).toContain('Question ap_ddddddDDDD');
    expect(await toolgate(['show', 'ap_aaaaaa'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('"ap_aaaaaa" is the beginning of 2 ids'),
    });
    expect(await toolgate(['show', 'ap_unknown'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no question "ap_unknown"; toolgate approvals list shows'),
    });
  });

  test('as JSON, with the commands left out; the way to the place is in the commands', async () => {
    const id = await asked.ask({ args: { n: 1 } });
    expect(JSON.parse((await toolgate(['show', id, '--json'])).out)).toMatchObject({ id, arguments: { n: 1 } });
    const { out } = await toolgate(['show', id, '--data', '/my data']);
    expect(out).toContain(`  toolgate approvals approve ${id} --data '/my data'\n`);
  });

  test('that it was shown is on record, with who looked', async () => {
    const id = await asked.ask();
    await toolgate(['show', id], ALICE);
    expect(JSON.parse(asked.store.records.at(-1)?.body ?? '')).toMatchObject({
      event: 'approval shown',
      approval: id,
      by: 'alice',
      channel: 'command line',
    });
  });
});

describe('answering', () => {
  test('a person approves: of exactly this call, once', async () => {
    const id = await asked.ask();
    const ran = await toolgate(['approve', id, '--note', 'fine'], ALICE);
    expect(ran).toEqual({
      code: 0,
      out: 'Approved: write on files may be called once, with exactly these arguments, within 15 min.\n',
      err: '',
    });
    expect(asked.store.kept[0]).toMatchObject({
      state: 'approved',
      answers: [{ by: 'alice', said: 'approve', channel: 'command line', note: 'fine' }],
    });
  });

  test('a person denies, and says why', async () => {
    const id = await asked.ask();
    const ran = await toolgate(['deny', id.slice(0, 25), '--reason', 'not today'], ALICE);
    expect(ran).toEqual({ code: 0, out: 'Denied: write on files is not called.\n', err: '' });
    expect(asked.store.kept[0]).toMatchObject({
      state: 'denied',
      why: expect.stringContaining('alice denied it: not today'),
    });
  });

  test('four eyes: the first yes is counted, the second lets it pass', async () => {
    const id = await asked.ask({ subject: { quorum: { count: 2, lists: [] } } });
    expect((await toolgate(['approve', id], ALICE)).out).toBe(
      'Counted: 1 of 2 have agreed; 1 more must before write on files is called.\n',
    );
    expect(await toolgate(['approve', id], ALICE)).toMatchObject({
      code: 1,
      out: '',
      err: 'toolgate approvals approve: alice has answered already; somebody else must. Nothing was answered\n',
    });
    expect((await toolgate(['approve', id], { TOOLGATE_TOKEN: 'token-of-bob' })).out).toContain(
      'Approved: write on files',
    );
  });

  test.each(['approve', 'deny'])('%s: that the data folder can be read is not enough', async (command) => {
    const id = await asked.ask();
    const ran = await toolgate([command, id]);
    expect(ran).toEqual({
      code: 1,
      out: '',
      err: `toolgate approvals ${command}: a person's own token or passphrase is needed: to read the data folder is not enough. Put your token into TOOLGATE_TOKEN, or run this at a terminal, where it is asked for (with --as NAME the passphrase of NAME). Who may answer stands under "people" in the configuration, and there is none in /var/toolgate: name it with --config, or ask the running gateway with --url\n`,
    });
    expect(asked.opened).toEqual([]);
    expect(asked.store.kept[0]?.answers).toEqual([]);
  });

  test('without one, it is told where the people stand, if there is such a file', async () => {
    const id = await asked.ask();
    const file = join(table.folder, await table.file('toolgate.jsonc', {}));
    for (const argv of [
      ['--data', table.folder],
      ['--config', file],
    ]) {
      expect((await toolgate(['approve', id, ...argv])).err).toContain(
        `Who may answer stands under "people" in ${file}\n`,
      );
    }
  });

  test('with the token of a grant, it is told that it is one', async () => {
    const id = await asked.ask();
    const openDesk: World['openDesk'] = async (place) => ({
      ...(await asked.openDesk(place)),
      grantOf: async (secret) => (secret.reveal() === 'tg_of_a_grant' ? 'laptop' : undefined),
    });
    const ran = await toolgate(['approve', id], { TOOLGATE_TOKEN: 'tg_of_a_grant' }, { openDesk });
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringContaining(
        'no person’s but that of the grant laptop, and a grant answers nothing: nothing was answered.',
      ),
    ]);
    expect(asked.store.kept[0]?.answers).toEqual([]);
  });

  test.each([
    ['a token of nobody', { TOOLGATE_TOKEN: 'tg_of_a_grant' }, 'this token is no person’s: nothing was answered. '],
    [
      'a viewer',
      { TOOLGATE_TOKEN: 'token-of-vera' },
      'vera has neither the role approver nor admin. Nothing was answered',
    ],
    ['an empty token', { TOOLGATE_TOKEN: '' }, "a person's own token or passphrase is needed"],
  ])('%s answers nothing', async (_, env, message) => {
    const id = await asked.ask();
    for (const command of ['approve', 'deny']) {
      const { code, out, err } = await toolgate([command, id, '--config', '/etc/toolgate.yaml'], env);
      expect([code, out, err]).toEqual([1, '', expect.stringContaining(message)]);
    }
    expect(asked.store.kept[0]).toMatchObject({ state: 'open', answers: [] });
    expect(asked.open()).toBe(0);
  });

  test('at a terminal the token is asked for and not shown', async () => {
    const id = await asked.ask();
    const { prompt, questions } = typing(' token-of-alice ');
    expect((await toolgate(['approve', id], {}, { prompt })).out).toContain('Approved');
    expect(questions).toEqual(['hidden: Your token: ']);
  });

  test('with --as it is the passphrase of that person, also where a token is at hand', async () => {
    const id = await asked.ask();
    const { prompt, questions } = typing(' correct horse ');
    const ran = await toolgate(['approve', id, '--as', 'alice'], { TOOLGATE_TOKEN: 'token-of-bob' }, { prompt });
    expect(ran.out).toContain('Approved');
    expect(questions).toEqual(['hidden: Passphrase of "alice": ']);
    expect(asked.store.kept[0]?.answers[0]?.by).toBe('alice');
  });

  test('a wrong passphrase, or none, answers nothing', async () => {
    const id = await asked.ask();
    const wrong = await toolgate(['approve', id, '--as', 'alice'], {}, typing('wrong horse'));
    expect([wrong.code, wrong.err]).toEqual([
      1,
      expect.stringContaining('this is not the passphrase of "alice": nothing was answered. Try again: '),
    ]);
    expect(wrong.err).not.toContain('run this at a terminal');
    const none = await toolgate(['approve', id], {}, typing());
    expect([none.code, none.err]).toEqual([
      1,
      'toolgate approvals approve: nothing was typed, so nothing was answered\n',
    ]);
    const piped = await toolgate(['approve', id, '--as', 'alice']);
    expect([piped.code, piped.err]).toEqual([
      2,
      expect.stringContaining('--as asks for the passphrase at a terminal, and this is none'),
    ]);
    expect(asked.store.kept[0]?.state).toBe('open');
  });

  test('what is over cannot be answered again, and it is told how it ended', async () => {
    const id = await asked.ask();
    await toolgate(['deny', id, '--reason', 'no'], ALICE);
    expect(await toolgate(['approve', id], { TOOLGATE_TOKEN: 'token-of-bob' })).toMatchObject({
      code: 1,
      out: '',
      err: 'toolgate approvals approve: the question is not open any more: denied (alice denied it: no); nothing was answered\n',
    });
    const late = await asked.ask({ minutes: 1 });
    asked.later(2);
    expect((await toolgate(['approve', late], ALICE)).err).toContain('not open any more: expired');
    expect(asked.store.kept.map(({ state }) => state)).toEqual(['denied', 'open']);
  });

  test('a token on the command line is not taken', async () => {
    const { code, err } = await toolgate(['approve', 'ap_123456', '--token', 'token-of-alice']);
    expect([code, err]).toEqual([2, expect.stringContaining('unknown option "--token"')]);
    expect(err).not.toContain('token-of-alice');
  });
});

describe('a running gateway instead of the data folder', () => {
  test('by --url or TOOLGATE_URL; even a look needs a person', async () => {
    const id = await asked.ask();
    const denied = await toolgate(['list'], { TOOLGATE_URL: 'https://gw.example.com' });
    expect([denied.code, denied.err]).toEqual([
      1,
      expect.stringContaining("a person's own token or passphrase is needed. Put your token"),
    ]);
    expect(asked.opened).toEqual([]);
    expect((await toolgate(['list', '--url', 'https://gw.example.com/base'], ALICE)).out).toContain(id);
    const [option] = asked.opened;
    expect(option).toMatchObject({ kind: 'remote' });
    if (option?.kind !== 'remote') throw new Error('not remote');
    expect([option.url.href, option.token?.reveal()]).toEqual(['https://gw.example.com/base', 'token-of-alice']);
  });

  test('--data is stronger than the environment', async () => {
    await toolgate(['list', '--data', '/elsewhere'], { TOOLGATE_URL: 'https://gw.example.com' });
    expect(asked.opened).toEqual([{ kind: 'local', data: '/elsewhere', config: undefined }]);
  });

  test.each([
    ['http://gw.example.com', 'must be https: by http a token would travel in the clear'],
    ['http://127.0.0.1.evil.example', 'must be https'],
    ['https://alice:secret@gw.example.com', 'must hold no user name and no password'],
    ['https://gw.example.com/?token=secret', 'no "?" and no "#"'],
    ['ftp://gw', 'must be the address of a gateway'],
    ['gw.example.com', 'must be the address of a gateway'],
    ['http://127.0.0.1:8787/mcp', 'the one at which agents call servers: write http://127.0.0.1:8787 (see'],
    ['https://gw.example.com/base/mcp/files/', 'write https://gw.example.com/base (see'],
  ])('%s is no such address', async (url, message) => {
    const { code, err } = await toolgate(['list', '--url', url], ALICE);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).not.toContain('secret');
    expect(asked.opened).toEqual([]);
  });

  test.each(['http://127.0.0.1:8787', 'http://localhost:8787', 'http://[::1]:8787'])(
    '%s is this machine',
    async (url) => {
      expect((await toolgate(['list', '--url', url], ALICE)).code).toBe(0);
    },
  );
});
