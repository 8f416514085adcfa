import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../../test/faults/fake-clock.ts';
import { calm } from '../../../test/faults/world.ts';
import { memoryApprovals } from '../../../test/kit/memory-approvals.ts';
import { approved, become, ended, keep, question } from '../../../test/stores/asking.ts';
import { StoreFault } from '../ports.ts';
import type { Approval } from './approval.ts';
import { ApprovalBook } from './approval-book.ts';

function watching() {
  const clock = fakeClock();
  const store = memoryApprovals();
  const read: string[] = [];
  const broken = new Set<string>();
  const look = store.approval;
  store.approval = async (id) => {
    read.push(id);
    if (broken.has(id)) throw new StoreFault(`the row ${id} is broken`);
    return look(id);
  };
  const book = new ApprovalBook({
    store,
    clock,
    crypto: { id: () => 'id', digest: (text) => text },
    herald: { tell: () => [] },
    onNotices() {},
    log() {},
  });
  const told: string[] = [];
  return {
    clock,
    store,
    book,
    broken,
    /** What was told to whom since this was last asked. */
    told: () => told.splice(0),
    /** Which rows were read since. */
    read: () => read.splice(0),
    async asked(id: string): Promise<Approval> {
      await keep(store, question(id, { key: id, expires: clock.now() + 3_600_000 }));
      const [kept] = store.kept.filter((one) => one.id === id);
      if (kept === undefined) throw new Error('it was not kept');
      return kept;
    },
    watch: (approval: Approval): (() => void) =>
      book.watch(approval, (now) => void told.push(`${approval.id} ${now?.state ?? 'gone'}`)),
    async wait(ms = 250): Promise<void> {
      clock.advance(ms);
      await calm();
    },
  };
}

describe('who waits for answers', () => {
  it('reads only what was changed, however many wait', async () => {
    const { store, asked, watch, told, read, wait } = watching();
    for (let n = 0; n < 50; n += 1) watch(await asked(`ap_${n}`));
    await wait();
    expect(told()).toEqual([]);
    read();
    await become(store, 'ap_7', approved);
    await asked('ap_of another');
    await wait();
    expect(told()).toEqual(['ap_7 approved']);
    expect(read()).toEqual(['ap_7']);
    await wait();
    expect(read()).toEqual([]);
  });

  it('hears of what was changed before it began to wait, and each who waits for the same one does', async () => {
    const { store, asked, watch, told, read, wait } = watching();
    const one = await asked('ap_1');
    const other = await asked('ap_2');
    watch(other);
    await wait();
    await become(store, 'ap_1', approved);
    await wait();
    read();
    watch(one);
    watch(one);
    await wait();
    expect(told()).toEqual(['ap_1 approved', 'ap_1 approved']);
    expect(read()).toEqual(['ap_1']);
  });

  it('hears nothing any more once it has gone, and what was changed while nobody waited is told once to who comes', async () => {
    const { store, asked, watch, told, wait } = watching();
    const one = await asked('ap_1');
    watch(one)();
    await become(store, 'ap_1', approved);
    await wait();
    expect(told()).toEqual([]);
    watch(one);
    await wait();
    await wait();
    expect(told()).toEqual(['ap_1 approved']);
  });

  it('hears of more changes at once than one look takes', async () => {
    const { store, asked, watch, told, wait } = watching();
    watch(await asked('ap_1'));
    await wait();
    await Promise.all(Array.from({ length: 2_500 }, (_, n) => keep(store, ended(question(`past ${n}`), 'denied'))));
    await become(store, 'ap_1', approved);
    await wait();
    expect(told()).toEqual(['ap_1 approved']);
  });

  it('hears that it is gone at the latest when its time has come', async () => {
    const { store, asked, watch, told, wait } = watching();
    watch(await asked('ap_1'));
    await wait();
    await become(store, 'ap_1', (now) => ended(now, 'void'));
    await store.forgetApprovals(Number.MAX_VALUE);
    await wait(3_600_000);
    expect(told()).toEqual(['ap_1 gone']);
  });

  it('hears of its own also while another one cannot be read, and of that when it can', async () => {
    const { store, asked, watch, told, broken, wait } = watching();
    watch(await asked('ap_1'));
    watch(await asked('ap_2'));
    await wait();
    broken.add('ap_1');
    await become(store, 'ap_1', approved);
    await become(store, 'ap_2', approved);
    await wait();
    expect(told()).toEqual(['ap_2 approved']);
    await wait();
    expect(told()).toEqual([]);
    broken.clear();
    await wait();
    expect(told()).toEqual(['ap_1 approved']);
  });

  it('hears of what happened while the store was away', async () => {
    const { store, asked, watch, told, wait } = watching();
    watch(await asked('ap_1'));
    await wait();
    await become(store, 'ap_1', approved);
    store.broken = 'the disk is gone';
    await wait();
    expect(told()).toEqual([]);
    store.broken = undefined;
    await wait();
    expect(told()).toEqual(['ap_1 approved']);
  });

  it('hears of it when its time has come by the clock of the store, which may be ahead of its own', async () => {
    const { store, asked, watch, told, wait } = watching();
    watch(await asked('ap_1'));
    await wait();
    const { expireApprovals } = store;
    const ahead = 3_600_000;
    store.tickNow = async ({ tick }) => tick() + ahead;
    store.expireApprovals = (clock, plan) =>
      expireApprovals({ tick: () => clock.tick() + ahead, lead: clock.lead }, plan);
    await wait();
    expect(told()).toEqual(['ap_1 expired']);
  });
});
