import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Committed, Store } from '../../src/gateway/ports.ts';
import type { Ground } from './contract.ts';
import {
  countOf,
  DAY,
  entry,
  limit,
  MINUTE,
  pass,
  passOf,
  periodOf,
  START,
  tally,
  usedOf,
  verdictsOf,
} from './story.ts';

const HOUR = 60 * MINUTE;

/** What a store counts beyond calls within a sliding window. */
export function countingContract(prepare: () => Promise<Ground>): void {
  describe('counting', () => {
    let ground: Ground;
    let store: Store;
    let opened: Store[];

    async function another(mostValues?: number): Promise<Store> {
      const one = await ground.open(mostValues === undefined ? {} : { mostValues });
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

    function giveBack(to: Store, { receipt }: Committed): Promise<void> {
      return to.append(entry('outcome', receipt.id, 'unsent'), receipt);
    }

    describe('amounts', () => {
      test('three payments of 0.1 are exactly 0.3, and not a cent more passes', async () => {
        const pay = limit('spent', 0.3, { add: 0.1 });
        const answers = [];
        for (const id of ['a', 'b', 'c', 'd']) answers.push(await store.commit(pass(id, START, pay)));
        expect(verdictsOf(answers)).toEqual(['reserved', 'reserved', 'reserved', 'exceeded']);
        expect(answers.map(({ limits }) => limits[0]?.used)).toEqual([0.1, 0.2, 0.3, 0.3]);
        for (const one of [store, await another()]) expect(await usedOf(one, pay, START)).toBe(0.3);
      });

      test('beyond what a double can count each one still counts', async () => {
        const max = 2 ** 53;
        const one = limit('units', max, { add: 1 });
        await store.commit(pass('a', START, { ...one, add: max - 1 }));
        const next = await another();
        expect(
          verdictsOf([await next.commit(pass('b', START, one)), await next.commit(pass('c', START, one))]),
        ).toEqual(['reserved', 'exceeded']);
      });

      test('the largest and the smallest number there is are added up, not lost', async () => {
        const most = limit('vast', Number.MAX_VALUE, { add: 0 });
        await store.commit(pass('a', START, { ...most, add: Number.MAX_VALUE }));
        const { verdict } = await store.commit(pass('b', START, { ...most, add: Number.MIN_VALUE }));
        expect(verdict.kind).toBe('exceeded');
        const beyond = await store.commit(pass('c', START, { ...most, add: Number.MAX_VALUE, max: Infinity }));
        expect(beyond.verdict.kind).toBe('reserved');
        expect(beyond.limits[0]?.used).toBe(Number.MAX_VALUE);
      });

      test('what is no amount is refused', async () => {
        for (const add of [Number.NaN, -1, Infinity]) {
          const { verdict } = await store.commit(pass('a', START, limit('spent', Infinity, { add })));
          expect(verdict).toMatchObject({ kind: 'exceeded', why: 'max' });
        }
        expect((await store.commit(pass('b', START, limit('spent', Number.NaN)))).verdict.kind).toBe('exceeded');
      });

      test('the wait is until enough has slid out', async () => {
        const spent = limit('spent', 10);
        await store.commit(pass('a', START, { ...spent, add: 2.5 }));
        await store.commit(pass('b', START + 20_000, { ...spent, add: 5.1 }));
        await store.commit(pass('c', START + 40_000, { ...spent, add: 0.4 }));
        const ask = async (add: number): Promise<unknown> =>
          (await store.commit(pass('d', START + 50_000, { ...spent, add }))).verdict;
        expect(await ask(4.5)).toMatchObject({ retryAfterMs: 11_000 });
        expect(await ask(4.51)).toMatchObject({ retryAfterMs: 31_000 });
        expect(await ask(9.61)).toMatchObject({ retryAfterMs: 51_000 });
        expect(await ask(10.01)).toMatchObject({ retryAfterMs: MINUTE });
      });

      test('what was not sent is given back to the last digit', async () => {
        const spent = limit('spent', 100);
        await store.commit(pass('a', START, { ...spent, add: 0.2 }));
        const unsent = await store.commit(pass('b', START, { ...spent, add: 0.1 }));
        await giveBack(store, unsent);
        await giveBack(store, unsent);
        expect(await usedOf(store, spent, START)).toBe(0.2);
      });

      test('several limits on one counter that ask for different amounts: the larger counts, against each ceiling', async () => {
        const [small, large] = [limit('spent', 5, { add: 2 }), limit('spent', 50, { add: 4 })];
        await store.commit(pass('a', START, small, large));
        expect(await usedOf(store, small, START)).toBe(4);
        const { verdict } = await store.commit(pass('b', START, small, large));
        expect(verdict).toMatchObject({ kind: 'exceeded', reservation: { max: 5 } });
      });
    });

    describe('a counter for each value', () => {
      const on = (per: string, max = 2) => limit('per_account', max, { per });

      test('one value used up does not touch another', async () => {
        for (const id of ['a', 'b']) await store.commit(pass(id, START, on('"x"')));
        expect((await store.commit(pass('c', START, on('"x"')))).verdict).toMatchObject({
          kind: 'exceeded',
          why: 'max',
        });
        expect((await store.commit(pass('d', START, on('"y"')))).verdict.kind).toBe('reserved');
      });

      test('ten thousand values live at most; those that live go on', async () => {
        const values = Array.from({ length: 10_000 }, (_, i) => store.commit(pass(`v${i}`, START, on(`${i}`))));
        expect(new Set(verdictsOf(await Promise.all(values)))).toEqual(new Set(['reserved']));
        for (const one of [store, await another()]) {
          const { verdict } = await one.commit(pass('one more', START + 10_000, on('"new"')));
          expect(verdict).toMatchObject({ kind: 'exceeded', why: 'values', retryAfterMs: 51_000 });
        }
        expect((await store.commit(pass('known', START + 10_000, on('77')))).verdict.kind).toBe('reserved');
        expect((await store.commit(pass('later', START + 61_000, on('"new"')))).verdict.kind).toBe('reserved');
      });

      test('processes share the values, and a value that has slid out, or was given back, makes room', async () => {
        const [one, other] = [await another(2), await another(2)];
        await one.commit(pass('a', START, on('"x"')));
        const second = await other.commit(pass('b', START + 30_000, on('"y"')));
        for (const at of [one, other]) {
          const { verdict } = await at.commit(pass('c', START + 30_000, on('"z"')));
          expect(verdict).toMatchObject({ kind: 'exceeded', why: 'values', retryAfterMs: 31_000 });
        }
        await giveBack(other, second);
        expect((await one.commit(pass('d', START + 30_000, on('"z"')))).verdict.kind).toBe('reserved');
        expect((await other.commit(pass('e', START + 61_000, on('"y"')))).verdict.kind).toBe('reserved');
        expect((await one.commit(pass('f', START + 61_000, on('"w"')))).verdict.kind).toBe('exceeded');
      });

      test('a value in use stays: the wait is for the one that is idle longest', async () => {
        const two = await another(2);
        const long = (per: string) => on(per, 100);
        await two.commit(pass('a', START, long('"x"')));
        await two.commit(pass('b', START + 20_000, long('"y"')));
        await two.commit(pass('c', START + 40_000, long('"x"')));
        const { verdict } = await two.commit(pass('d', START + 50_000, long('"z"')));
        expect(verdict).toMatchObject({ why: 'values', retryAfterMs: 31_000 });
      });

      test('a call that is refused, checked or adds nothing brings no value to life', async () => {
        const two = await another(1);
        await two.commit(pass('a', START, on('"x"', 0)));
        await two.commit(passOf('b', START, { reservations: [on('"y"')], mode: 'check' }));
        await two.commit(pass('c', START, { ...on('"z"'), add: 0 }));
        expect((await two.commit(pass('d', START, on('"w"')))).verdict.kind).toBe('reserved');
        expect((await two.commit(pass('e', START, { ...on('"z"'), add: 0 }))).verdict).toMatchObject({ why: 'values' });
      });

      test('a clock that steps back brings no value back to life, and frees no place: time goes on from where it was', async () => {
        const two = await another(2);
        await two.commit(pass('a', START, on('"x"')));
        await two.commit(pass('b', START + 30_000, on('"y"')));
        const probe = { reservations: [on('"z"')], mode: 'check' } as const;
        expect((await two.commit(passOf('c', START + 70_000, probe))).verdict.kind).toBe('reserved');
        expect((await two.commit(pass('d', START + 40_000, on('"z"')))).verdict.kind).toBe('reserved');
        expect((await two.commit(pass('e', START + 40_000, on('"w"')))).verdict).toMatchObject({ why: 'values' });
      });

      test('a value that comes back after its window takes a place like a new one', async () => {
        const two = await another(2);
        for (const per of ['"x"', '"y"']) await two.commit(pass('a', START, on(per)));
        for (const per of ['"z"', '"x"']) {
          expect((await two.commit(pass('b', START + 70_000, on(per)))).verdict.kind).toBe('reserved');
        }
        expect((await two.commit(pass('c', START + 70_000, on('"y"')))).verdict).toMatchObject({ why: 'values' });
      });

      test('two new values of one call need two places', async () => {
        const two = await another(2);
        await two.commit(pass('a', START, on('"x"')));
        const { verdict } = await two.commit(pass('b', START, on('"y"'), on('"z"')));
        expect(verdict).toMatchObject({ why: 'values', reservation: { key: on('"z"').key } });
        expect((await two.commit(pass('c', START, on('"y"'), on('"y"', 1)))).verdict.kind).toBe('reserved');
      });

      test('families are apart, and so are the periods of a calendar', async () => {
        const two = await another(1);
        const daily = (per: string, at: number) => limit('daily', 2, { windowMs: DAY, period: periodOf(at, DAY), per });
        await two.commit(pass('a', START, on('"x"'), daily('"x"', START)));
        const full = await two.commit(pass('b', START + MINUTE + 2_000, on('"y"'), daily('"y"', START)));
        expect(full.verdict).toMatchObject({ why: 'values', reservation: { counter: 'daily' } });
        expect((await two.commit(pass('c', START + DAY, daily('"y"', START + DAY)))).verdict.kind).toBe('reserved');
      });
    });

    describe('the calendar', () => {
      // START is the beginning of an hour, not of a day.
      const midnight = periodOf(START, DAY).to;
      const daily = (at: number, max = 2, add?: number) =>
        limit('daily', max, { windowMs: DAY, period: periodOf(at, DAY), ...(add === undefined ? {} : { add }) });

      test('begins anew with each period, to the millisecond', async () => {
        for (const id of ['a', 'b']) await store.commit(pass(id, midnight - 10, daily(midnight - 10)));
        const { verdict } = await store.commit(pass('c', midnight - 10, daily(midnight - 10)));
        expect(verdict).toMatchObject({ kind: 'exceeded', retryAfterMs: 10, why: 'max' });
        expect((await store.commit(pass('d', midnight - 0.25, daily(midnight - 0.25)))).verdict).toMatchObject({
          retryAfterMs: 1,
        });
        expect((await store.commit(pass('e', midnight, daily(midnight)))).verdict.kind).toBe('reserved');
        expect(await usedOf(store, daily(midnight), midnight)).toBe(1);
      });

      test('the clock steps back into the period before: what was used then is still used', async () => {
        for (const id of ['a', 'b']) await store.commit(pass(id, midnight - 10, daily(midnight - 10)));
        await store.commit(pass('c', midnight + HOUR, daily(midnight)));
        for (const one of [store, await another()]) {
          const back = passOf('d', midnight + HOUR, { at: midnight - 5, reservations: [daily(midnight - 5)] });
          expect((await one.commit(back)).verdict).toMatchObject({ kind: 'exceeded', retryAfterMs: 5 });
          expect(await usedOf(one, daily(midnight), midnight)).toBe(1);
        }
      });

      test('what is given back goes to its own period, exactly', async () => {
        const late = await store.commit(pass('a', midnight - 1, daily(midnight - 1, 9, 5.1)));
        await store.commit(pass('b', midnight - 1, daily(midnight - 1, 9, 0.2)));
        await store.commit(pass('c', midnight + 1, daily(midnight, 9, 3)));
        await giveBack(store, late);
        await giveBack(store, late);
        expect(await usedOf(store, daily(midnight - 1), midnight - 1)).toBe(0.2);
        expect(await usedOf(store, daily(midnight), midnight)).toBe(3);
      });

      test('a counter of seconds keeps few of them, and going back to a forgotten second frees nothing', async () => {
        const each = (at: number) => limit('each', 1, { windowMs: 1_000, period: periodOf(at, 1_000) });
        await Promise.all(
          Array.from({ length: 300 }, (_, i) =>
            store.commit(pass(`s${i}`, START + i * 1_000, each(START + i * 1_000))),
          ),
        );
        const now = START + 300_000;
        for (const at of [START + 299_000, START + 240_000, START + 3_000, START - DAY]) {
          const back = passOf('back', now, { at, reservations: [each(at)] });
          expect((await store.commit(back)).verdict.kind).toBe('exceeded');
        }
        expect((await store.commit(pass('now', now, each(now)))).verdict.kind).toBe('reserved');
      });
    });

    describe('which refusal is told', () => {
      const ask = (name: string, max: number, windowMs = MINUTE) =>
        limit(name, max, { onExceed: 'require_approval', windowMs });

      test('a limit that denies comes before one that asks, and the wait is for those of its kind', async () => {
        const [asks, denies] = [ask('asks', 1, HOUR), limit('denies', 2)];
        await store.commit(pass('a', START, asks, denies));
        const asked = await store.commit(pass('b', START, asks, denies));
        expect(asked.verdict).toMatchObject({ reservation: { counter: 'asks' }, retryAfterMs: 61 * MINUTE });
        await store.commit(pass('c', START, denies));
        const denied = await store.commit(pass('d', START, asks, denies));
        expect(denied.verdict).toMatchObject({ reservation: { counter: 'denies' }, retryAfterMs: MINUTE + 1_000 });
        expect(denied.limits.map(({ used }) => used)).toEqual([1, 2]);
      });

      test('of several that ask the first is named, with the longest wait', async () => {
        const [short, long] = [ask('short', 1), ask('long', 1, HOUR)];
        await store.commit(pass('a', START, short, long));
        expect((await store.commit(pass('b', START, short, long))).verdict).toMatchObject({
          reservation: { counter: 'short' },
          retryAfterMs: 61 * MINUTE,
        });
      });
    });

    describe('asking first', () => {
      test('a call that waits for a person reserves nothing, and learns whether it would fit', async () => {
        const two = limit('sends', 2);
        const asking = {
          reservations: [two],
          mode: 'check',
          tallies: [tally('send')],
          shadow: [limit('tried', 9)],
        } as const;
        const asked = await store.commit(passOf('a', START, asking));
        expect(asked).toMatchObject({ verdict: { kind: 'reserved' }, shadow: { kind: 'reserved' } });
        expect(asked.limits).toEqual([{ counter: 'sends', scope: 'grant', used: 0, max: 2 }]);
        await giveBack(store, asked);
        for (const id of ['b', 'c']) await store.commit(pass(id, START, two));
        expect((await store.commit(passOf('d', START, asking))).verdict.kind).toBe('exceeded');
        expect(await usedOf(store, two, START)).toBe(2);
        expect(await usedOf(store, limit('tried', 9), START)).toBe(0);
        expect(await countOf(store, tally('send'), START)).toBe(0);
      });

      test('a call that a person approved beyond the ceiling is counted', async () => {
        const one = limit('sends', 1, { onExceed: 'require_approval' });
        await store.commit(pass('a', START, one));
        const approved = await store.commit(pass('b', START, { ...one, max: Infinity }));
        expect(approved.verdict.kind).toBe('reserved');
        expect(await usedOf(store, one, START)).toBe(2);
      });
    });

    describe('counts of let-through calls', () => {
      const sends = tally('send');

      test('the judge is told them, once, inside the transaction, and what it says is done', async () => {
        let asked = 0;
        const flow = (id: string, at: number) => ({
          ...passOf(id, at, { counts: [sends, tally('read')] }),
          judge: (counts: ReadonlyMap<string, number>) => {
            asked += 1;
            expect([...counts.keys()]).toEqual([sends.key, tally('read').key]);
            const max = (counts.get(sends.key) ?? Number.NaN) < 2 ? 9 : 0;
            return passOf(id, at, { reservations: [limit('flow', max)], tallies: [sends] }).judge(counts);
          },
        });
        // All in one turn: each sees what the one before it did.
        const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => store.commit(flow(id, START))));
        expect(verdictsOf(answers)).toEqual(['reserved', 'reserved', 'exceeded', 'exceeded']);
        expect(asked).toBe(4);
        for (const one of [store, await another()]) expect(await countOf(one, sends, START)).toBe(2);
      });

      test('they slide out as late as a limit does, and are given back with the call', async () => {
        const first = await store.commit(passOf('a', START, { tallies: [sends] }));
        await store.commit(passOf('b', START + 500, { tallies: [sends, sends] }));
        expect(await countOf(store, sends, START + MINUTE + 999)).toBe(2);
        await giveBack(store, first);
        await giveBack(store, first);
        expect(await countOf(store, sends, START + MINUTE + 999)).toBe(1);
        expect(await countOf(store, sends, START + MINUTE + 1_000)).toBe(0);
      });

      test('a refused call is not let through', async () => {
        await store.commit(passOf('a', START, { reservations: [limit('never', 0)], tallies: [sends] }));
        expect(await countOf(store, sends, START)).toBe(0);
      });
    });

    describe('limits in shadow', () => {
      const real = limit('real', 3);
      const [tried, other] = [limit('tried', 1), limit('other', 9)];

      test('never stop a call, tell what they would have said, and are taken all or none', async () => {
        const bodies: string[] = [];
        const both = {
          reservations: [real],
          shadow: [other, tried],
          body: (verdict: { kind: string }, shadow: { kind: string }) => {
            bodies.push(`${verdict.kind}, ${shadow.kind}`);
            return '{}';
          },
        };
        const answers = [];
        for (const id of ['a', 'b', 'c', 'd']) answers.push(await store.commit(passOf(id, START, both)));
        expect(verdictsOf(answers)).toEqual(['reserved', 'reserved', 'reserved', 'exceeded']);
        expect(bodies).toEqual([
          'reserved, reserved',
          'reserved, exceeded',
          'reserved, exceeded',
          'exceeded, reserved',
        ]);
        expect(answers[1]?.shadow).toMatchObject({ reservation: { counter: 'tried' }, why: 'max' });
        expect(answers[1]?.limits.map(({ counter }) => counter)).toEqual(['real']);
        expect(await usedOf(store, tried, START)).toBe(1);
        expect(await usedOf(store, other, START)).toBe(1);
      });

      test('are given back with the call', async () => {
        const unsent = await store.commit(passOf('a', START, { reservations: [real], shadow: [tried] }));
        await giveBack(store, unsent);
        await giveBack(store, unsent);
        expect((await store.commit(passOf('b', START, { shadow: [tried] }))).shadow.kind).toBe('reserved');
      });
    });
  });
}
