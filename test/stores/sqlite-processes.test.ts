import { afterEach, describe, expect, test } from 'vitest';
import { freshFolder } from './folder.ts';
import { type Caller, idsOf, startCaller } from './process.ts';
import { limit, START, usedOf, verified } from './story.ts';

const PLENTY = 1_000_000;

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
    expect(await verified(await folder.open())).toHaveLength(180);
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
    for (const store of [survivor, fresh]) expect(await usedOf(store, limit('shared', 1), START)).toBe(links.length);
  }, 60_000);
});
