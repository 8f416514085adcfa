import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, desk, type Ran } from '../../test/kit/command-line.ts';
import { type MemoryDesk, memoryDesk } from '../../test/kit/memory-desk.ts';
import type { Adopted, ExceptionWish, Proposed } from '../gateway/approvals/approval-desk.ts';
import type { World } from './world.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const DIGEST = 'd'.repeat(64);
const PROPOSAL: Proposed = {
  kind: 'proposal',
  digest: DIGEST,
  admits: 'write with path "/tmp/a\u202e" for laptop',
  until: '2026-07-01',
  choices: { path: ['within this folder'], n: [] },
  changes: [
    {
      policy: 'careful',
      diff: '--- careful\n+++ careful\n-  "action": "require_approval"\n+  "approve_if": []\u001b[2J\n',
    },
  ],
};
let table: Desk;
let asked: MemoryDesk;
let proposed: Proposed;
let adopted: Adopted;
let wishes: ExceptionWish[];
let digests: string[];

beforeEach(async () => {
  table = await desk();
  proposed = PROPOSAL;
  adopted = { kind: 'adopted', policies: [{ policy: 'careful', digest: 'e'.repeat(64) }] };
  wishes = [];
  digests = [];
  const people = {
    ed: { roles: ['approver', 'editor'], token: 'token-of-ed' },
    ann: { roles: ['approver'], token: 'token-of-ann' },
  } as const;
  asked = memoryDesk(NOON, people, {
    propose: async (_, wish) => {
      wishes.push(wish);
      return proposed;
    },
    adopt: async (_, wish, digest) => {
      wishes.push(wish);
      digests.push(digest);
      return adopted;
    },
  });
});
afterEach(() => rm(table.folder, { recursive: true, force: true }));

function toolgate(argv: readonly string[], more: Partial<World> = {}, by = 'ed'): Promise<Ran> {
  const env = { TOOLGATE_TOKEN: `token-of-${by}` };
  return table.toolgate(['approvals', ...argv], { env, openDesk: asked.openDesk, ...more });
}

function saying(answer: string): Pick<World, 'prompt'> {
  return { prompt: { isTerminal: true, line: async () => answer, hidden: async () => undefined } };
}

const WISH = ['--until', '2026-08-01', '--widen', 'path=within this folder', '--max', '3', '--window', 'day'];
const WISHED = { until: '2026-08-01', widen: { path: 'within this folder' }, limit: { max: 3, window: 'day' } };

describe('approvals always', () => {
  test('shows the rule in words and as a difference, and how to write exactly that', async () => {
    const id = await asked.ask();
    const { code, out } = await toolgate(['always', id, ...WISH]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'This would pass without a question from now on:',
      '  write with path "/tmp/a\\u{202e}" for laptop',
      '',
      'Arguments that could be bound less tightly (--widen NAME=CHOICE):',
      '  path: within this folder',
      '',
      'What is written into the policy careful:',
      '  --- careful',
      '  +++ careful',
      '  -  "action": "require_approval"',
      '  +  "approve_if": []\\u{1b}[2J',
      '',
      'To write exactly this:',
      `  toolgate approvals always ${id} --until 2026-08-01 --widen 'path=within this folder' --max 3 --window day --adopt ${DIGEST}`,
      '',
    ]);
    expect([wishes, digests]).toEqual([[WISHED], []]);
  });

  test('--adopt writes what was shown, and leaves the question as it is', async () => {
    const id = await asked.ask();
    const ran = await toolgate(['always', id, ...WISH, '--adopt', DIGEST]);
    expect(ran).toEqual({ code: 0, out: `Written: policy careful, now ${'e'.repeat(64)}\n`, err: '' });
    expect([wishes, digests]).toEqual([[WISHED], [DIGEST]]);
    expect(asked.store.kept[0]?.state).toBe('open');
  });

  test('what cannot be written says why', async () => {
    const id = await asked.ask();
    adopted = { kind: 'changed', reason: 'The policy is not what it was.' };
    expect(await toolgate(['always', id, '--adopt', DIGEST])).toEqual({
      code: 1,
      out: '',
      err: 'toolgate approvals: the rule was not written as shown: The policy is not what it was.\n',
    });
    proposed = { kind: 'none', reason: 'A limit asked; raise it instead.' };
    expect(await toolgate(['always', id])).toMatchObject({
      code: 1,
      err: 'toolgate approvals always: no rule is proposed: A limit asked; raise it instead.\n',
    });
    expect((await toolgate(['always', id, '--adopt', DIGEST], {}, 'ann')).err).toContain(
      'neither the role editor nor admin',
    );
  });

  test.each([
    [['--until', '2026-02-30'], '--until must be a day such as 2027-01-31, not "2026-02-30"'],
    [['--until', 'tomorrow'], '--until must be a day'],
    [['--widen', 'path'], '--widen takes NAME=CHOICE'],
    [['--widen', 'a=b', '--widen', 'a=c'], '--widen "a" stands twice'],
    [['--max', '3'], '--max and --window go together'],
    [['--max', '0', '--window', 'day'], '--max must be a whole number'],
    [['--adopt', 'no digest'], '--adopt takes the digest'],
  ])('%j is a mistake', async (argv, message) => {
    const { code, err } = await toolgate(['always', 'ap_123456', ...argv]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(wishes).toEqual([]);
  });
});

describe('approve --always', () => {
  test('at a terminal shows the rule, asks, writes it and approves', async () => {
    const id = await asked.ask();
    const ran = await toolgate(['approve', id, '--always', ...WISH], saying('y'));
    expect(ran.err).toContain('What is written into the policy careful:');
    expect(ran.out).toBe(
      `Approved: write on files may be called once, with exactly these arguments, within 15 min.\nWritten: policy careful, now ${'e'.repeat(64)}\n`,
    );
    expect(digests).toEqual([DIGEST]);
    expect(wishes).toEqual([WISHED, WISHED]);
  });

  test('a no writes nothing and approves of nothing', async () => {
    const id = await asked.ask();
    const ran = await toolgate(['approve', id, '--always'], saying(''));
    expect([ran.code, ran.out, ran.err]).toEqual([
      1,
      '',
      expect.stringContaining('Nothing was written and nothing was approved.\n'),
    ]);
    expect(digests).toEqual([]);
    expect(asked.store.kept[0]?.state).toBe('open');
  });

  test('what cannot be proposed is not approved either; what cannot be written is approved once', async () => {
    const id = await asked.ask();
    proposed = { kind: 'none', reason: 'A limit asked.' };
    expect((await toolgate(['approve', id, '--always'], saying('y'))).err).toContain(
      'no rule is proposed, and nothing was approved: A limit asked.',
    );
    expect(asked.store.kept[0]?.state).toBe('open');
    proposed = PROPOSAL;
    adopted = { kind: 'unwritable', reason: 'The file is read-only.' };
    const ran = await toolgate(['approve', id, '--always'], saying('y'));
    expect([ran.code, ran.out, ran.err]).toEqual([
      1,
      expect.stringContaining('Approved'),
      expect.stringContaining('the rule was not written as shown: The file is read-only.\n'),
    ]);
  });

  test('no rule is written where the answer does not count, or others must agree first', async () => {
    const late = await asked.ask({ minutes: 1 });
    const slowly = async (): Promise<string> => {
      asked.later(2);
      return 'y';
    };
    const prompt = { isTerminal: true, hidden: async () => undefined, line: slowly };
    expect(await toolgate(['approve', late, '--always'], { prompt })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('The question has expired.'),
    });
    const both = await asked.ask({ subject: { quorum: { count: 2, lists: [] } } });
    expect(await toolgate(['approve', both, '--always'], saying('y'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('Counted: 1 of 2'),
      err: expect.stringContaining('No rule was written: others must agree first.'),
    });
    expect(digests).toEqual([]);
  });

  test('elsewhere nothing is written that was not shown', async () => {
    const id = await asked.ask();
    const ran = await toolgate(['approve', id, '--always']);
    expect([ran.code, ran.err]).toEqual([
      2,
      expect.stringContaining('toolgate approvals always ID shows it and tells how to write it'),
    ]);
    expect((await toolgate(['approve', id, '--until', '2027-01-01'])).err).toContain('belong to --always');
    expect((await toolgate(['approve', id, '--always', '--args', '{}'], saying('y'))).err).toContain(
      'not together with --args or --edit',
    );
    expect([wishes, digests]).toEqual([[], []]);
  });
});
