import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, desk, type Ran } from '../../test/kit/command-line.ts';
import { type MemoryDesk, memoryDesk } from '../../test/kit/memory-desk.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
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

/** Watches while one thing after the other happens, each between two looks; then Ctrl-C. */
async function watch(argv: readonly string[], steps: readonly (() => unknown)[]): Promise<Ran> {
  const rest = [...steps];
  return table.toolgate(['approvals', 'watch', ...argv], {
    openDesk: asked.openDesk,
    pause: async () => {
      const step = rest.shift();
      if (step === undefined) return 'stop';
      await step();
      return 'go on';
    },
  });
}

async function says(command: 'approve' | 'deny', id: string, by = 'alice'): Promise<void> {
  const env = { TOOLGATE_TOKEN: `token-of-${by}` };
  const { code } = await table.toolgate(['approvals', command, id], { env, openDesk: asked.openDesk });
  expect(code).toBe(0);
}

const A = 'ap_aaaaaaaaaaaaaaaaaaaaaa';
const B = 'ap_bbbbbbbbbbbbbbbbbbbbbb';
const C = 'ap_cccccccccccccccccccccc';

describe('approvals watch', () => {
  test('tells of each question as it comes, and what becomes of it', async () => {
    await asked.ask({ id: A });
    const { code, out, err } = await watch(
      [],
      [
        () => asked.ask({ id: B, subject: { name: 'delete', class: 'destructive', quorum: { count: 2, lists: [] } } }),
        () => says('approve', B),
        () => says('deny', A),
        () => says('approve', B, 'bob'),
        () => asked.change(B, () => ({ state: 'used', used: { pass: 'p', at: NOON } })),
      ],
    );
    expect([code, err]).toEqual([0, 'Watching for questions; Ctrl-C ends it.\n']);
    expect(out.split('\n')).toEqual([
      `${A}  asked: may laptop call write on files (write)? Writing needs a yes. 15 min left`,
      `${B}  asked: may laptop call delete on files (destructive)? Writing needs a yes. 15 min left`,
      `${B}  answered by alice: 1 of 2 have agreed to delete on files`,
      `${A}  denied: write on files — alice denied it.`,
      `${B}  approved by bob: delete on files, to be used within 15 min`,
      `${B}  used: delete on files`,
      '',
    ]);
    expect(asked.open()).toBe(0);
  });

  test('one whose time has come is over, also when no gateway runs to say so', async () => {
    await asked.ask({ id: A, minutes: 1 });
    const { out } = await watch([], [() => asked.later(2), () => {}]);
    expect(out.split('\n').slice(1)).toEqual([`${A}  expired: write on files`, '']);
  });

  test('that is asked and answered between two looks is told of as answered', async () => {
    const both = async () => {
      await asked.ask({ id: C });
      await says('approve', C);
    };
    const { out } = await watch([], [both]);
    expect(out.split('\n').map((line) => line.slice(27, 40))).toEqual(['asked: may la', 'approved by a', '']);
  });

  test('waits for a store that is away for a while', async () => {
    const { code, out, err } = await watch(
      [],
      [
        () => (asked.store.broken = 'store /x: locked'),
        () => {},
        () => (asked.store.broken = undefined),
        () => asked.ask({ id: A }),
      ],
    );
    expect(code).toBe(0);
    expect(out).toContain(`${A}  asked`);
    expect(err).toBe(
      'Watching for questions; Ctrl-C ends it.\nstore /x: locked; looking again until it can be read\nIt can be read again.\n',
    );
  });

  test('as JSON, in which nothing moves the terminal', async () => {
    await asked.ask({ id: A, subject: { reason: 'Because\u202e.' } });
    const { out } = await watch(['--json'], [() => says('deny', A)]);
    expect(out).not.toContain('\u202e');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { event: 'asked', approval: { id: A, state: 'open', reason: 'Because\u202e.' } },
      { event: 'over', approval: { id: A, state: 'denied' } },
    ]);
  });
});
