import { afterEach, describe, expect, test } from 'vitest';
import type { Approval } from '../../src/gateway/approvals/approval.ts';
import type { StoredRecord } from '../../src/gateway/ports.ts';
import { type Asked, approved, keep, question } from './asking.ts';
import { freshFolder } from './folder.ts';
import { type Caller, startScript } from './process.ts';
import { limit, START, usedOf, verified } from './story.ts';

const APPROVALS = 80;
const PLENTY = 1_000_000;
const sends = limit('sends', 1, { onExceed: 'require_approval' });

describe('approvals and processes of their own', () => {
  const folder = freshFolder();
  let callers: Caller[] = [];

  afterEach(async () => {
    for (const caller of callers) await killed(caller);
    callers = [];
  });

  test('three that want to use the same approvals: each is used by one of them, once', async () => {
    const store = await folder.open();
    await keep(
      store,
      ...Array.from({ length: APPROVALS }, (_, n) => approved(question(`ap_${n}`, { key: `key ${n}` }))),
    );
    callers = ['a', 'b', 'c'].map((name) => startScript('./user.ts', [folder.path(), name, APPROVALS]));
    for (const caller of callers) await caller.ended();
    expect(callers.map(({ lines }) => lines.at(-1))).toEqual(['done', 'done', 'done']);
    const told = callers.flatMap(({ lines }) => lines.filter((line) => line !== 'done')).sort();
    expect(told).toEqual(Array.from({ length: APPROVALS }, (_, n) => `used ap_${n}`).sort());
    // What the rows say, what the records say and what is counted agree.
    const passes = new Set((await listed(store)).map(({ state, used }) => (state === 'used' ? used?.pass : undefined)));
    const recorded = (await verified(store)).filter(({ body }) => body === '{"isUsed":true}').map(({ id }) => id);
    expect(recorded).toHaveLength(APPROVALS);
    expect(passes).toEqual(new Set(recorded));
    expect(await usedOf(store, sends, START)).toBe(APPROVALS);
  }, 60_000);

  test('killed while they ask, answer and use: a row for each record, a use for each pass, and nothing that was told is lost', async () => {
    const told: string[] = [];
    for (const [n, lines] of killingPoints(10).entries()) {
      const caller = startScript('./asker.ts', [folder.path(), `p${n}`, PLENTY]);
      callers = [caller];
      await caller.reported(lines);
      await killed(caller);
      expect(caller.child.signalCode).toBe('SIGKILL');
      told.push(...caller.lines.filter((line) => line !== 'ready'));
      await agrees(await folder.open(), told);
    }
    expect(told.filter((line) => line.startsWith('used ')).length).toBeGreaterThan(10);
  }, 120_000);

  async function agrees(store: Asked, told: readonly string[]): Promise<void> {
    const rows = await listed(store);
    const records = await verified(store);
    const byState = (state: string): string[] => rows.filter((one) => one.state === state).map(({ id }) => id);
    expect(rows.map(({ id }) => id).sort()).toEqual(idsOf(records, 'asked-'));
    expect(rows.map(({ id }) => id).sort()).toEqual(idsOf(records, 'ask-'));
    expect(byState('used').sort()).toEqual(idsOf(records, 'used-'));
    expect(byState('used').sort()).toEqual(idsOf(records, 'use-'));
    for (const { state, used, id } of rows) expect(used?.pass).toBe(state === 'used' ? `use-${id}` : undefined);
    expect(await usedOf(store, sends, START)).toBe(byState('used').length);
    expect(await store.takeNotices(['chat'], START, 0, PLENTY)).toHaveLength(rows.length);
    const known = new Map(rows.map(({ id, state }) => [id, state]));
    const reached = { asked: ['open', 'approved', 'used'], approved: ['approved', 'used'], used: ['used'] };
    for (const line of told) {
      const [what = '', id = ''] = line.split(' ');
      expect([line, reached[what as keyof typeof reached]]).toEqual([line, expect.arrayContaining([known.get(id)])]);
    }
    await store.close();
  }
});

/** Numbers of lines after which a process is killed: the same in every run, early ones and late ones. */
function killingPoints(count: number): number[] {
  let seed = 20_261_121;
  return Array.from({ length: count }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 1 + (Math.floor(seed / 65_536) % 60);
  });
}

async function killed(caller: Caller): Promise<void> {
  caller.child.kill('SIGKILL');
  await caller.ended();
}

async function listed(store: Asked): Promise<Approval[]> {
  const all: Approval[] = [];
  for (;;) {
    const before = all.at(-1)?.id;
    const page = await store.approvals({ which: 'all', limit: 500, ...(before === undefined ? {} : { before }) });
    all.push(...page);
    if (page.length < 500) return all;
  }
}

/** What the ids of records say after a prefix, in order. */
function idsOf(records: readonly StoredRecord[], prefix: string): string[] {
  return records
    .filter(({ id }) => id.startsWith(prefix))
    .map(({ id }) => id.slice(prefix.length))
    .sort();
}
