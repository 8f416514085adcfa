import { describe, expect, test } from 'vitest';
import { asked, limit, when } from '../../../test/kit/counted.ts';
import { memoryCounters } from './memory-counters.ts';

const MINUTE = 60_000;

describe('counters in memory', () => {
  test('stop the third call of a minute, say when the next can pass, and then let it pass', () => {
    const { commit } = memoryCounters();
    const two = asked({ reservations: [limit('sends', 2)] });
    expect(commit(when(0), [], two).limits).toEqual([{ counter: 'sends', scope: 'grant', used: 1, max: 2 }]);
    commit(when(0), [], two);
    expect(commit(when(500), [], two).verdict).toMatchObject({ kind: 'exceeded', why: 'max', retryAfterMs: 60_500 });
    expect(commit(when(61_000), [], two).verdict).toEqual({ kind: 'reserved' });
  });

  test('give back what was not sent, once', () => {
    const { commit } = memoryCounters();
    const one = asked({ reservations: [limit('sends', 2)], tallies: [{ key: 'calls', windowMs: MINUTE }] });
    commit(when(0), [], one);
    const unsent = commit(when(0), [], one);
    unsent.giveBack();
    unsent.giveBack();
    const { limits } = commit(when(0), [{ key: 'calls', windowMs: MINUTE }], (counts) => {
      expect(counts.get('calls')).toBe(1);
      return asked({ reservations: [limit('sends', 2)], mode: 'check' })();
    });
    expect(limits[0]?.used).toBe(1);
  });

  test('one counter cannot be followed for more than ten thousand accounts at once', () => {
    const { commit } = memoryCounters();
    const of = (account: number) =>
      asked({ reservations: [limit('sends', 2, { key: `sends ${account}`, family: 'sends' })] });
    for (let account = 0; account < 10_000; account += 1) commit(when(0), [], of(account));
    expect(commit(when(0), [], of(10_000)).verdict).toMatchObject({ kind: 'exceeded', why: 'values' });
    expect(commit(when(0), [], of(9_999)).verdict.kind).toBe('reserved');
    expect(commit(when(61_000), [], of(10_000)).verdict.kind).toBe('reserved');
  });

  test('no reservation that a judge could make throws or is let through by mistake', () => {
    const { commit } = memoryCounters();
    const odd = [Number.NaN, -1, Infinity, -Infinity];
    for (const add of odd) {
      expect(commit(when(0), [], asked({ reservations: [limit('odd', 5, { add })] })).verdict.kind).toBe('exceeded');
    }
    for (const max of [Number.NaN, -1, -Infinity]) {
      expect(commit(when(0), [], asked({ reservations: [limit('odd', max)] })).verdict.kind).toBe('exceeded');
    }
  });
});
