import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Pass, type PinStore, type Store, StoreFault } from '../../src/gateway/ports.ts';
import { countingContract } from './counting.ts';
import { storeLaws } from './laws.ts';
import { pinContract } from './pinning.ts';
import { all, entry, limit, MINUTE, pass, passOf, START, usedOf, verdictsOf, verified } from './story.ts';

/** A place where stores can be opened, each as another process would. */
export interface Ground {
  open(options?: { readonly mostValues?: number }): Promise<Store & PinStore>;
  /** Called when all of its stores are closed. */
  remove(): Promise<void>;
}

/** What every store must do, whatever lies beneath it. */
export function storeContract(name: string, prepare: () => Promise<Ground>): void {
  describe(`${name} as a store`, () => {
    let ground: Ground;
    let store: Store;
    let opened: Store[];

    async function another(): Promise<Store> {
      const one = await ground.open();
      opened.push(one);
      return one;
    }

    beforeEach(async () => {
      opened = [];
      ground = await prepare();
      store = await another();
    });

    afterEach(async () => {
      for (const one of opened) await one.close();
      await ground.remove();
    });

    describe('limits', () => {
      const ten = limit('read_rate', 10);

      test('ten calls in a minute pass, the eleventh is told which limit and when to come back', async () => {
        for (let i = 0; i < 10; i += 1) {
          const { verdict, limits } = await store.commit(pass(`call-${i}`, START + i, ten));
          expect(verdict.kind).toBe('reserved');
          expect(limits).toEqual([{ counter: 'read_rate', scope: 'grant', used: i + 1, max: 10 }]);
        }
        const { verdict, limits } = await store.commit(pass('call-10', START + 10, ten));
        // A minute's buckets are one second wide.
        expect(verdict).toEqual({ kind: 'exceeded', reservation: ten, retryAfterMs: MINUTE + 1_000 - 10, why: 'max' });
        expect(limits).toEqual([{ counter: 'read_rate', scope: 'grant', used: 10, max: 10 }]);
      });

      test('the wait that a refusal names is the smallest that helps', async () => {
        const two = limit('read_rate', 2);
        await store.commit(pass('a', START + 300, two));
        await store.commit(pass('b', START + 7_300, two));
        const { verdict } = await store.commit(pass('c', START + 9_000, two));
        const wait = verdict.kind === 'exceeded' ? verdict.retryAfterMs : Number.NaN;
        const early = await store.commit(pass('d', START + 9_000 + wait - 1, two));
        expect(early.verdict).toEqual({ kind: 'exceeded', reservation: two, retryAfterMs: 1, why: 'max' });
        const { verdict: after } = await store.commit(pass('e', START + 9_000 + wait, two));
        expect(after.kind).toBe('reserved');
      });

      test('with several limits exceeded the first is named, and the wait suffices for all', async () => {
        const [minute, hour] = [limit('per_minute', 1), limit('per_hour', 1, { windowMs: 60 * MINUTE })];
        await store.commit(pass('a', START, minute, hour));
        const { verdict } = await store.commit(pass('b', START, minute, hour));
        expect(verdict).toEqual({ kind: 'exceeded', reservation: minute, retryAfterMs: 61 * MINUTE, why: 'max' });
      });

      test('a call that adds more than the ceiling never passes', async () => {
        const five = limit('bulk', 4, { add: 5 });
        const { verdict } = await store.commit(pass('a', START, five));
        expect(verdict).toEqual({ kind: 'exceeded', reservation: five, retryAfterMs: MINUTE, why: 'max' });
        expect(await usedOf(store, five, START)).toBe(0);
      });

      test('all limits of a call are reserved, or none', async () => {
        const [wide, narrow] = [limit('wide', 100), limit('narrow', 1)];
        await store.commit(pass('a', START, wide, narrow));
        const { verdict, limits } = await store.commit(pass('b', START, wide, narrow));
        expect(verdict).toMatchObject({ kind: 'exceeded', reservation: { counter: 'narrow' } });
        expect(limits.map(({ used }) => used)).toEqual([1, 1]);
        expect(await usedOf(store, wide, START)).toBe(1);
      });

      test('a call adds to a counter once, however many limits name it, and each ceiling holds', async () => {
        const [loose, strict] = [limit('shared', 10), limit('shared', 2)];
        await store.commit(pass('a', START, loose, strict));
        await store.commit(pass('b', START, loose, strict));
        const { verdict } = await store.commit(pass('c', START, loose, strict));
        expect(verdict).toMatchObject({ kind: 'exceeded', reservation: { max: 2 } });
        expect(await usedOf(store, loose, START)).toBe(2);
      });

      test('calls that arrive together see each other', async () => {
        const burst = Array.from({ length: 25 }, (_, i) => store.commit(pass(`burst-${i}`, START, ten)));
        const kinds = verdictsOf(await Promise.all(burst));
        expect(kinds).toEqual([...Array(10).fill('reserved'), ...Array(15).fill('exceeded')]);
      });

      test('what slides out of the window takes nothing else with it', async () => {
        const three = limit('read_rate', 3);
        for (const at of [0, 1_000, 61_000]) await store.commit(pass(`at-${at}`, START + at, three));
        for (const one of [store, await another()]) expect(await usedOf(one, three, START + 61_000)).toBe(2);
      });

      test('a call that waited for its turn counts when it passes, not when it began to wait', async () => {
        const one = limit('patient_rate', 1);
        let now = START;
        const waiting = store.commit({ ...pass('a', START, one), tick: () => now });
        now = START + 5_000;
        expect((await waiting).verdict.kind).toBe('reserved');
        expect((await store.commit(pass('b', START + MINUTE + 2_000, one))).verdict.kind).toBe('exceeded');
      });

      test('a process that started before the wall stepped back frees nothing of one that started after', async () => {
        const two = limit('shared_rate', 2);
        const hour = 60 * MINUTE;
        const before = store;
        const after = await another();
        // Both count on the machine's monotonic clock; the older one is an hour further ahead of it.
        const atOlder = (id: string, steady: number): Pass => ({ ...pass(id, steady + hour, two), lead: () => hour });
        const atYounger = (id: string, steady: number): Pass => ({ ...pass(id, steady, two), lead: () => 0 });
        await before.commit(atOlder('a', START));
        await after.commit(atYounger('b', START + 30_000));
        const late = START + MINUTE + 2_000;
        expect((await before.commit(atOlder('c', late))).verdict.kind).toBe('reserved');
        expect((await before.commit(atOlder('d', late))).verdict.kind).toBe('exceeded');
        expect((await after.commit(atYounger('e', late))).verdict.kind).toBe('exceeded');
      });

      test('a clock that steps back frees nothing', async () => {
        const one = limit('once', 1);
        await store.commit(pass('a', START, one));
        for (const back of [1, MINUTE, 400 * MINUTE]) {
          expect((await store.commit(pass(`b-${back}`, START - back, one))).verdict.kind).toBe('exceeded');
        }
        expect((await store.commit(pass('c', START + MINUTE + 1_000, one))).verdict.kind).toBe('reserved');
      });

      test('keys that cannot be told apart once stored are counted together', async () => {
        const [odd, even] = [limit('odd', 3, { key: 'files|\ud800' }), limit('odd', 3, { key: 'files|\udbff' })];
        for (const [i, key] of [odd, even, odd].entries()) await store.commit(pass(`a${i}`, START, key));
        expect((await store.commit(pass('b', START, even))).verdict.kind).toBe('exceeded');
        expect((await (await another()).commit(pass('c', START, odd))).verdict.kind).toBe('exceeded');
      });
    });

    describe('refunds', () => {
      const three = limit('send_rate', 3);

      test('what never reached the server is given back, once', async () => {
        const { receipt } = await store.commit(pass('a', START, three));
        await store.commit(pass('b', START, three));
        await store.append(entry('outcome', 'a', 'unsent'), receipt);
        await store.append(entry('outcome', 'a', 'unsent'), receipt);
        expect(await usedOf(store, three, START)).toBe(1);
      });

      test('twice in one turn is once too', async () => {
        const { receipt } = await store.commit(pass('a', START, three));
        await store.commit(pass('b', START, three));
        await Promise.all([store.append(entry('outcome', 'a'), receipt), store.append(entry('outcome', 'a'), receipt)]);
        expect(await usedOf(store, three, START)).toBe(1);
      });

      test('it comes back in its own window, not in the present one', async () => {
        const { receipt } = await store.commit(pass('old', START, three));
        await store.commit(pass('new', START + 2 * MINUTE, three));
        await store.append(entry('outcome', 'old'), receipt);
        expect(await usedOf(store, three, START + 2 * MINUTE)).toBe(1);
      });

      test('a refused call has nothing to give back', async () => {
        const none = limit('never', 0);
        const { receipt, verdict } = await store.commit(pass('a', START, three, none));
        expect(verdict.kind).toBe('exceeded');
        await store.commit(pass('b', START, three));
        await store.append(entry('outcome', 'a'), receipt);
        expect(await usedOf(store, three, START)).toBe(1);
      });

      test('a receipt that this store did not make is refused, and nothing is written', async () => {
        const { receipt } = await store.commit(pass('a', START, three));
        const other = await another();
        await expect(other.append(entry('outcome', 'a'), receipt)).rejects.toThrow(StoreFault);
        await expect(store.append(entry('outcome', 'a'), { id: 'a' })).rejects.toThrow(StoreFault);
        expect(await usedOf(store, three, START)).toBe(1);
        expect((await verified(store)).filter(({ kind }) => kind === 'outcome')).toEqual([]);
      });
    });

    describe('the log', () => {
      test('is newest first, outcomes beside their calls', async () => {
        await store.append(entry('event', 'e1', 'started'), undefined);
        await store.commit(pass('c1', START));
        await store.commit(pass('c2', START));
        await store.append(entry('refused', 'r1', 'unparsable'), undefined);
        await store.append(entry('outcome', 'c1', 'answered'), undefined);
        const listed = await all(store.newest(10));
        expect(listed.map(({ id, outcome }) => [id, outcome])).toEqual([
          ['r1', undefined],
          ['c2', undefined],
          ['c1', '{"text":"answered"}'],
          ['e1', undefined],
        ]);
        expect((await all(store.newest(2))).map(({ id }) => id)).toEqual(['r1', 'c2']);
        expect(await all(store.newest(0))).toEqual([]);
      });

      test('keeps what the call was told, word for word', async () => {
        const body = JSON.stringify({ text: 'line\nfeed, NUL \u0000, half \ud83d, whole 😀, \u2028' });
        const reservations = [limit('say "hi"\n', 3)];
        await store.commit(passOf('c1', START, { reservations, at: START + 0.25, body: () => body }));
        const [link] = await verified(store);
        expect(link).toMatchObject({ id: 'c1', kind: 'call', seq: 1, at: START + 0.25, body });
        expect(link?.limits).toBe('[{"counter":"say \\"hi\\"\\n","max":3,"scope":"grant","used":1}]');
      });

      test('holds more than one page', async () => {
        await Promise.all(Array.from({ length: 1_203 }, (_, i) => store.commit(pass(`c${i}`, START))));
        await store.append(entry('outcome', 'c0'), undefined);
        const listed = await all(store.newest(5_000));
        expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: 1_203 }, (_, i) => `c${1_202 - i}`));
        expect(listed.at(-1)?.outcome).toBe('{"text":"outcome"}');
        expect(await verified(store)).toHaveLength(1_204);
      });

      test('a record that cannot be written up fails alone, and reserves nothing', async () => {
        const ten = limit('read_rate', 10);
        const broken = (): never => {
          throw new Error('broken');
        };
        const answers = await Promise.allSettled([
          store.commit(pass('a', START, ten)),
          store.commit(passOf('no body', START, { reservations: [ten], body: broken })),
          store.commit({ ...pass('no plan', START, ten), judge: broken }),
          store.commit(pass('c', START, ten)),
        ]);
        expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
        expect(await usedOf(store, ten, START)).toBe(2);
        expect((await verified(store)).map(({ id }) => id)).toEqual(['a', 'c', 'probe']);
      });

      test('synced resolves after what was written before it', async () => {
        const order: string[] = [];
        const written = store.append(entry('event', 'e1'), undefined).then(() => order.push('written'));
        await store.synced().then(() => order.push('synced'));
        await written;
        expect(order).toEqual(['written', 'synced']);
      });
    });

    describe('several processes on one ground', () => {
      test('share a limit', async () => {
        const stores = [store, await another(), await another()];
        const ten = limit('read_rate', 10);
        const kinds: string[] = [];
        for (let i = 0; i < 15; i += 1) {
          kinds.push(
            ...verdictsOf(await Promise.all(stores.map((one, n) => one.commit(pass(`${n}-${i}`, START, ten))))),
          );
        }
        expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(10);
        for (const one of stores) expect(await usedOf(one, ten, START)).toBe(10);
      });

      test('have a chain each, and one log', async () => {
        const other = await another();
        for (let i = 0; i < 5; i += 1) {
          await store.append(entry('event', `first-${i}`), undefined);
          await other.append(entry('event', `second-${i}`), undefined);
        }
        const links = await verified(store);
        expect(new Set(links.map(({ writer }) => writer)).size).toBe(2);
        expect(links).toHaveLength(10);
        const newest = (await all(other.newest(3))).map(({ id }) => id);
        expect(newest).toEqual(['second-4', 'first-4', 'second-3']);
      });
    });

    describe('life', () => {
      test('counters, log and tokens outlive the process; the next one begins a chain of its own', async () => {
        const two = limit('read_rate', 2);
        await store.commit(pass('a', START, two));
        await store.commit(pass('b', START, two));
        await store.saveTokenHashes(new Map([['alice-laptop', 'aa11']]));
        await store.close();
        const next = await another();
        expect((await next.commit(pass('c', START, two))).verdict.kind).toBe('exceeded');
        expect(await next.tokenHashes()).toEqual(new Map([['alice-laptop', 'aa11']]));
        expect((await verified(next)).map(({ id, seq }) => [id, seq])).toEqual([
          ['a', 1],
          ['b', 2],
          ['c', 1],
        ]);
      });

      test('token hashes are kept as a whole: a grant that is left out is forgotten', async () => {
        expect(await store.tokenHashes()).toEqual(new Map());
        await store.saveTokenHashes(
          new Map([
            ['alice', 'aa11'],
            ['bob', 'cc33'],
          ]),
        );
        await store.saveTokenHashes(new Map([['alice', 'bb22']]));
        expect(await store.tokenHashes()).toEqual(new Map([['alice', 'bb22']]));
      });

      test('closing finishes what was begun; afterwards everything is refused', async () => {
        const begun = store.commit(pass('a', START));
        await Promise.all([store.close(), store.close()]);
        expect((await begun).verdict.kind).toBe('reserved');
        await expect(store.commit(pass('b', START))).rejects.toThrow(StoreFault);
        await expect(store.append(entry('event', 'e'), undefined)).rejects.toThrow(StoreFault);
        await expect(store.synced()).rejects.toThrow(StoreFault);
        await expect(store.tokenHashes()).rejects.toThrow(StoreFault);
        await expect(all(store.links())).rejects.toThrow(StoreFault);
        expect((await verified(await another())).map(({ id }) => id)).toEqual(['a']);
      });
    });

    countingContract(prepare);
    pinContract(prepare);
    storeLaws(prepare);
  });
}
