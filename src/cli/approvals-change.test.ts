import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, desk, type Ran } from '../../test/kit/command-line.ts';
import { type MemoryDesk, memoryDesk } from '../../test/kit/memory-desk.ts';
import type { World } from './world.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const BOTH = { quorum: { count: 2, lists: [] } };
let table: Desk;
let asked: MemoryDesk;

beforeEach(async () => {
  table = await desk();
  asked = memoryDesk(NOON, {
    alice: { roles: ['approver'], token: 'token-of-alice' },
    bob: { roles: ['approver'], token: 'token-of-bob' },
  });
});
afterEach(() => rm(table.folder, { recursive: true, force: true }));

function approve(by: 'alice' | 'bob', argv: readonly string[], more: Partial<World> = {}): Promise<Ran> {
  return table.toolgate(['approvals', 'approve', ...argv], {
    env: { TOOLGATE_TOKEN: `token-of-${by}` },
    openDesk: asked.openDesk,
    ...more,
  });
}

function saying(answer: string | undefined): Pick<World, 'prompt'> {
  return { prompt: { isTerminal: true, line: async () => answer, hidden: async () => undefined } };
}

/** What is sent if it is sent now. */
function sent(): unknown {
  const [now] = asked.store.kept;
  return JSON.parse(now?.edit?.params ?? now?.subject.params ?? '').arguments;
}

describe('approving with other arguments', () => {
  test('--args: what differs from what the agent gave is shown', async () => {
    const id = await asked.ask({ args: { path: '/tmp/a', n: 1 } });
    const ran = await approve('alice', [id, '--args', '{"path": "/tmp/b\u200b", "n": 1}']);
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringContaining('Approved'),
      err: 'What differs from what the agent gave:\n  /path: "/tmp/a" → "/tmp/b\\u{200b}"\n',
    });
    expect(asked.store.kept[0]).toMatchObject({ state: 'approved', edit: { by: 'alice' } });
    expect(sent()).toEqual({ path: '/tmp/b\u200b', n: 1 });
  });

  test.each([
    ['[1]', '--args must be a JSON object'],
    ['{"a": 1, "a": 2}', '--args is no JSON that can be read'],
    ['{', '--args is no JSON that can be read'],
  ])('%s is a mistake, and nothing is answered', async (args, message) => {
    const id = await asked.ask();
    const { code, err } = await approve('alice', [id, '--args', args]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(asked.store.kept[0]?.state).toBe('open');
  });

  test('what the policy would not let pass cannot be put in their place', async () => {
    const id = await asked.ask({ args: { path: '/tmp/a' } });
    const { code, err } = await approve('alice', [id, '--args', '{"path": "/etc/shadow"}']);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('toolgate approvals approve: The policy denies that path.\n'),
    ]);
    expect(asked.store.kept[0]?.state).toBe('open');
  });

  test('--edit: the editor gets what nobody would see as escapes; the difference is shown and asked for', async () => {
    const id = await asked.ask({ args: { path: '/tmp/a\u202e' } });
    const seen: string[] = [];
    const edit: World['edit'] = async (text) => {
      seen.push(text);
      return { kind: 'text', text: '{"path": "/tmp/c"}' };
    };
    const ran = await approve('alice', [id, '--edit'], { ...saying('y'), edit });
    expect(seen).toEqual(['{\n  "path": "/tmp/a\\u202e"\n}\n']);
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('/path: "/tmp/a\\u{202e}" → "/tmp/c"') });
    expect(sent()).toEqual({ path: '/tmp/c' });
  });

  test.each([
    ['no', 'n', '{"path": "/tmp/c"}', 'What differs'],
    ['nothing said', undefined, '{"path": "/tmp/c"}', 'What differs'],
    ['nothing changed', 'y', '{\n  "path": "/tmp/a"\n}', 'Nothing was changed, so nothing was answered'],
    ['no JSON any more', 'y', '{"path": ', 'what the editor left is no JSON that can be read'],
  ])('%s: nothing is answered', async (_, answer, text, message) => {
    const id = await asked.ask({ args: { path: '/tmp/a' } });
    const ran = await approve('alice', [id, '--edit'], {
      ...saying(answer),
      edit: async () => ({ kind: 'text', text }),
    });
    expect([ran.code, ran.out, ran.err]).toEqual([1, '', expect.stringContaining(message)]);
    expect(asked.store.kept[0]).toMatchObject({ state: 'open', answers: [] });
  });

  test('no editor, or no terminal: nothing is answered', async () => {
    const id = await asked.ask();
    const edit: World['edit'] = async () => ({ kind: 'fault', reason: 'which editor? Set VISUAL or EDITOR' });
    expect(await approve('alice', [id, '--edit'], { ...saying('y'), edit })).toMatchObject({
      code: 1,
      err: 'toolgate approvals approve: which editor? Set VISUAL or EDITOR; nothing was answered\n',
    });
    expect((await approve('alice', [id, '--edit'])).err).toContain('--edit needs a terminal');
    expect((await approve('alice', [id, '--edit', '--args', '{}'], saying('y'))).err).toContain(
      'either --args or --edit, not both',
    );
  });
});

describe('approving of what another approver changed', () => {
  test('at a terminal it is shown first, and the yes is to that', async () => {
    const id = await asked.ask({ args: { path: '/tmp/a' }, subject: BOTH });
    await approve('alice', [id, '--args', '{"path": "/tmp/b"}']);
    const no = await approve('bob', [id], saying('n'));
    expect([no.code, no.err]).toEqual([
      1,
      expect.stringContaining(
        'alice changed the arguments.\nWhat is sent instead of what the agent gave:\n  {\n    "path": "/tmp/b"\n  }\n\nWhat differs from what the agent gave:\n  /path: "/tmp/a" → "/tmp/b"\n',
      ),
    ]);
    expect(asked.store.kept[0]?.state).toBe('open');
    const yes = await approve('bob', [id], saying('yes'));
    expect(yes.out).toContain('Approved');
    expect(sent()).toEqual({ path: '/tmp/b' });
  });

  test('a change far behind in a long text is seen before it is asked for', async () => {
    const script = 'echo step\n'.repeat(60);
    const params = JSON.stringify({ arguments: { text: `${script}ls -la ~` }, name: 'write', options: { as: 'root' } });
    const id = await asked.ask({ subject: { ...BOTH, params } });
    await approve('alice', [id, '--args', JSON.stringify({ text: `${script}rm -rf ~` })]);
    const { err } = await approve('bob', [id], saying('n'));
    expect(err).toContain(`  {\n    "text": "${script.replaceAll('\n', '\\n')}rm -rf ~"\n  }\n`);
    expect(err).toContain('Beside the arguments, sent as it stands:\n  {\n    "options": {\n      "as": "root"\n');
    const change = err.slice(err.indexOf('What differs'));
    expect(change).toMatch(/^ {2}\/text: …"[^"]*\\nls -la ~" → …"[^"]*\\nrm -rf ~" \(from character 601 on;/m);
    expect(change.length).toBeLessThan(400);
  });

  test('elsewhere it must be named', async () => {
    const id = await asked.ask({ args: { path: '/tmp/a' }, subject: BOTH });
    await approve('alice', [id, '--args', '{"path": "/tmp/b"}']);
    const blind = await approve('bob', [id]);
    expect([blind.code, blind.err]).toEqual([
      1,
      expect.stringContaining(`alice changed the arguments: look with toolgate approvals show ${id}`),
    ]);
    expect(asked.store.kept[0]?.state).toBe('open');
    expect((await approve('bob', [id, '--args', '{"path": "/tmp/b"}'])).out).toContain('Approved');
  });

  test('who wants it otherwise starts the count again', async () => {
    const id = await asked.ask({ args: { path: '/tmp/a' }, subject: BOTH });
    await approve('alice', [id]);
    expect((await approve('bob', [id, '--args', '{"path": "/tmp/b"}'])).out).toContain('Counted: 1 of 2 have agreed');
  });
});
