import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/gateway/ports.ts';
import { freshFolder } from './folder.ts';
import { type Caller, idsOf, startCaller } from './process.ts';
import { countOf, mixture, START, tally, usedOf, verified } from './story.ts';

const PLENTY = 1_000_000;

/** Every counter of the callers' mixture holds what so many calls add, to the last digit: all of a call or nothing (law 10). */
async function countedAlike(store: Store, calls: number): Promise<void> {
  const { reservations, shadow } = mixture(1);
  for (const one of [...reservations, ...shadow]) {
    expect([one.counter, await usedOf(store, one, START)]).toEqual([
      one.counter,
      Math.round(one.add * calls * 10) / 10,
    ]);
  }
  expect(await countOf(store, tally('send'), START)).toBe(calls);
}

describe('processes of their own on one folder', () => {
  const folder = freshFolder();
  let callers: Caller[] = [];

  afterEach(async () => {
    for (const caller of callers) {
      caller.child.kill('SIGKILL');
      await caller.ended();
    }
    callers = [];
  });

  test('three that run to their end share a limit exactly, and need not close the store', async () => {
    callers = ['a', 'b', 'c'].map((name) => startCaller([folder.path(), name, 60, 50]));
    for (const caller of callers) await caller.ended();
    expect(callers.flatMap((caller) => idsOf(caller, 'reserved'))).toHaveLength(50);
    expect(callers.flatMap((caller) => idsOf(caller, 'exceeded'))).toHaveLength(130);
    const store = await folder.open();
    expect(await verified(store)).toHaveLength(180);
    await countedAlike(store, 50);
  }, 60_000);

  test('a log that a killed process left behind can be read at once', async () => {
    const caller = startCaller([folder.path(), 'a', PLENTY, PLENTY]);
    callers = [caller];
    await caller.reported(100);
    caller.child.kill('SIGKILL');
    await caller.ended();
    const recorded = new Set((await verified(await folder.open({ mode: 'read' }))).map(({ id }) => id));
    expect(idsOf(caller, 'reserved').filter((id) => !recorded.has(id))).toEqual([]);
  }, 60_000);

  test('killed in the middle of it, none loses what it was told', async () => {
    callers = ['a', 'b', 'c'].map((name) => startCaller([folder.path(), name, PLENTY, PLENTY, 400]));
    const survivor = await folder.open();
    await Promise.all(callers.map((caller) => caller.reported(300)));
    for (const caller of callers) {
      caller.child.kill('SIGKILL');
      await caller.ended();
      expect(caller.child.signalCode).toBe('SIGKILL');
    }
    const fresh = await folder.open();
    const links = await verified(fresh);
    const recorded = new Set(links.map(({ id }) => id));
    const told = callers.flatMap((caller) => idsOf(caller, 'reserved'));
    expect(told.length).toBeGreaterThan(800);
    expect(told.filter((id) => !recorded.has(id))).toEqual([]);
    // The record and what it counts are one transaction, so they agree to the last call.
    for (const store of [survivor, fresh]) await countedAlike(store, links.length);
  }, 60_000);
});
