import { describe, expect, test } from 'vitest';
import { asked, limit, when } from '../../../test/kit/counted.ts';
import type { Reservation } from '../decision.ts';
import { memoryCounters } from './memory-counters.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

const calls = { key: 'calls', windowMs: MINUTE };

/** How many calls are counted at a moment. */
function counted({ commit }: ReturnType<typeof memoryCounters>, at: number): number | undefined {
  let seen: number | undefined;
  commit(when(at), [calls], (counts) => {
    seen = counts.get('calls');
    return asked({})();
  });
  return seen;
}

describe('one pass', () => {
  test('that is only checked adds nothing, and tells where the counters stand', () => {
    const counters = memoryCounters();
    const check = asked({ reservations: [limit('a', 1)], mode: 'check', tallies: [calls] });
    for (let time = 0; time < 3; time++) {
      expect(counters.commit(when(0), [], check)).toMatchObject({
        verdict: { kind: 'reserved' },
        shadow: { kind: 'reserved' },
        limits: [{ counter: 'a', used: 0, max: 1 }],
      });
    }
    expect(counted(counters, 0)).toBe(0);
  });

  test('that is refused adds to no counter, not even to those with room, nor to tallies and shadows', () => {
    const counters = memoryCounters();
    const full = asked({
      reservations: [limit('roomy', 5), limit('full', 0)],
      tallies: [calls],
      shadow: [limit('dark', 1)],
    });
    const refused = counters.commit(when(0), [], full);
    expect(refused).toMatchObject({ verdict: { kind: 'exceeded', why: 'max' }, limits: [{ used: 0 }, { used: 0 }] });
    expect(counted(counters, 0)).toBe(0);
    const after = counters.commit(
      when(0),
      [],
      asked({ reservations: [limit('roomy', 5)], shadow: [limit('dark', 1)] }),
    );
    expect(after).toMatchObject({ limits: [{ used: 1 }], shadow: { kind: 'reserved' } });
  });

  test('a shadow that is full refuses nothing, and says so', () => {
    const { commit } = memoryCounters();
    const dark = asked({ reservations: [limit('a', 5)], shadow: [limit('dark', 1)] });
    expect(commit(when(0), [], dark)).toMatchObject({ verdict: { kind: 'reserved' }, shadow: { kind: 'reserved' } });
    expect(commit(when(0), [], dark)).toMatchObject({
      verdict: { kind: 'reserved' },
      shadow: { kind: 'exceeded', reservation: { counter: 'dark' } },
      limits: [{ counter: 'a', used: 2 }],
    });
  });

  test('adds to a counter once, however many limits and tallies name it, and then the largest amount', () => {
    const counters = memoryCounters();
    const both = [limit('a', 100, { add: 2 }), limit('a', 50, { add: 7 }), limit('a', 70, { add: 3 })];
    const { limits } = counters.commit(
      when(0),
      [],
      asked({ reservations: both, tallies: [{ key: 'a', windowMs: MINUTE }] }),
    );
    expect(limits.map(({ used }) => used)).toEqual([7, 7, 7]);
    expect(counters.commit(when(0), [], asked({ reservations: [limit('a', 100, { add: 0 })] })).limits[0]?.used).toBe(
      7,
    );
  });

  test('an amount that cannot be counted refuses beside one that can', () => {
    const { commit } = memoryCounters();
    for (const adds of [
      [1, Number.NaN],
      [Number.NaN, 1],
    ]) {
      const reservations = adds.map((add) => limit('a', 10, { add }));
      expect(commit(when(0), [], asked({ reservations })).verdict).toMatchObject({
        kind: 'exceeded',
        retryAfterMs: MINUTE,
      });
    }
    expect(commit(when(0), [], asked({ reservations: [limit('a', 10)] })).limits[0]?.used).toBe(1);
  });

  test('a call is counted by the same key in each calendar period apart', () => {
    const { commit } = memoryCounters();
    const of = (day: number) => limit('a', 1, { windowMs: DAY, period: { from: day * DAY, to: (day + 1) * DAY } });
    const { verdict, limits } = commit(when(DAY), [], asked({ reservations: [of(1), of(2)] }));
    expect(verdict.kind).toBe('reserved');
    expect(limits.map(({ used }) => used)).toEqual([1, 1]);
    expect(commit(when(DAY), [], asked({ reservations: [of(1)] })).verdict).toMatchObject({ retryAfterMs: DAY });
  });

  test('a limit without a ceiling counts, and never refuses', () => {
    const { commit } = memoryCounters();
    const vast = { add: Number.MAX_VALUE };
    for (let time = 0; time < 3; time++) {
      expect(commit(when(0), [], asked({ reservations: [limit('a', Infinity, vast)] })).verdict.kind).toBe('reserved');
    }
  });

  test('the first limit that denies is named before one that asks, and the wait suffices for all that deny', () => {
    const { commit } = memoryCounters();
    const ask = limit('asks', 0, { onExceed: 'require_approval', windowMs: 3_600_000 });
    const [short, long] = [limit('short', 0), limit('long', 0, { windowMs: 120_000 })];
    expect(commit(when(0), [], asked({ reservations: [ask, short, long] })).verdict).toMatchObject({
      reservation: { counter: 'short' },
      retryAfterMs: 120_000,
    });
    expect(commit(when(0), [], asked({ reservations: [ask] })).verdict).toMatchObject({
      reservation: { counter: 'asks' },
    });
  });
});

describe('a pass of which a person may have to approve', () => {
  const asks = limit('asks', 1, { onExceed: 'require_approval' });
  const approve = () => 'pass' as const;

  test('is counted beyond the ceiling that asked, with its tallies and shadows, though it was only to be checked', () => {
    const counters = memoryCounters();
    const check = asked({ reservations: [asks], mode: 'check', tallies: [calls], shadow: [limit('dark', 1)] });
    const answers = [1, 2, 3].map(() => counters.commit(when(0), [], check, approve));
    expect(answers.map(({ verdict, shadow, limits }) => [verdict.kind, shadow.kind, limits[0]?.used])).toEqual([
      ['reserved', 'reserved', 1],
      ['reserved', 'exceeded', 2],
      ['reserved', 'exceeded', 3],
    ]);
    expect(counted(counters, 0)).toBe(3);
    expect(counters.commit(when(0), [], asked({ reservations: [asks] })).verdict.kind).toBe('exceeded');
  });

  test('is told the verdict as it stands without the person', () => {
    const { commit } = memoryCounters();
    const kinds: string[] = [];
    const rule = ({ kind }: { readonly kind: string }) => {
      kinds.push(kind);
      return undefined;
    };
    commit(when(0), [], asked({ reservations: [asks] }), rule);
    expect(commit(when(0), [], asked({ reservations: [asks] }), rule).verdict.kind).toBe('exceeded');
    expect(kinds).toEqual(['reserved', 'exceeded']);
  });

  test('that is stopped takes nothing, though all of it would fit', () => {
    const counters = memoryCounters();
    const fits = asked({ reservations: [asks], tallies: [calls], shadow: [limit('dark', 1)] });
    const stopped = counters.commit(when(0), [], fits, () => 'stop');
    expect(stopped).toMatchObject({ verdict: { kind: 'reserved' }, limits: [{ counter: 'asks', used: 0 }] });
    expect(counted(counters, 0)).toBe(0);
    expect(counters.commit(when(0), [], fits)).toMatchObject({ limits: [{ used: 1 }], shadow: { kind: 'reserved' } });
  });

  test('is stopped by a limit that denies, whatever the person says, and then takes nothing', () => {
    const { commit } = memoryCounters();
    const both = asked({ reservations: [asks, limit('never', 0)] });
    expect(commit(when(0), [], both, approve)).toMatchObject({
      verdict: { kind: 'exceeded', reservation: { counter: 'never' } },
      limits: [{ used: 0 }, { used: 0 }],
    });
  });

  test('is not let through by a limit that asks and cannot count it', () => {
    const { commit } = memoryCounters();
    const odd = asked({ reservations: [{ ...asks, add: Number.NaN }] });
    expect(commit(when(0), [], odd, approve).verdict.kind).toBe('exceeded');
  });

  test('gives back what it took beyond the ceiling', () => {
    const { commit } = memoryCounters();
    const ask = asked({ reservations: [asks] });
    commit(when(0), [], ask);
    commit(when(0), [], ask, approve).giveBack();
    expect(commit(when(0), [], ask).limits).toMatchObject([{ used: 1 }]);
  });
});

describe('how many values one counter can be followed for', () => {
  const of = (account: string, rest: Partial<Reservation> = {}) =>
    asked({ reservations: [limit('sends', 2, { key: `sends ${account}`, family: 'sends', ...rest })] });

  test('a value dies with its window, and only then another can live', () => {
    const { commit } = memoryCounters(2);
    commit(when(0), [], of('a'));
    commit(when(30_000), [], of('b'));
    const refused = commit(when(30_000), [], of('c')).verdict;
    expect(refused).toMatchObject({ kind: 'exceeded', why: 'values', retryAfterMs: 31_000 });
    expect(commit(when(30_000), [], of('a')).verdict.kind).toBe('reserved');
  });

  test('what is given back makes room at once', () => {
    const { commit } = memoryCounters(1);
    const unsent = commit(when(0), [], of('a'));
    expect(commit(when(0), [], of('b')).verdict.kind).toBe('exceeded');
    unsent.giveBack();
    expect(commit(when(0), [], of('b')).verdict.kind).toBe('reserved');
  });

  test('nothing added is nothing that lives', () => {
    const { commit } = memoryCounters(1);
    commit(when(0), [], of('a', { add: 0 }));
    expect(commit(when(0), [], of('b')).verdict.kind).toBe('reserved');
  });

  test('two new values of one call need room for both', () => {
    const two = asked({
      reservations: ['a', 'b'].map((account) => limit('sends', 2, { key: `sends ${account}`, family: 'sends' })),
    });
    const roomFor = (most: number) => {
      const { commit } = memoryCounters(most);
      commit(when(0), [], of('z'));
      return commit(when(0), [], two).verdict.kind;
    };
    expect([2, 3].map(roomFor)).toEqual(['exceeded', 'reserved']);
  });

  test('a ceiling is named before the number of values', () => {
    const { commit } = memoryCounters(0);
    expect(commit(when(0), [], of('a', { max: 0 })).verdict).toMatchObject({ why: 'max' });
  });

  test('more of them than may live deny, also where the limit asks for approval and a person gives it', () => {
    const ask = { onExceed: 'require_approval', max: 0 } as const;
    const { commit } = memoryCounters(1);
    commit(when(0), [], of('a'));
    for (const rule of [() => undefined, () => 'pass' as const]) {
      expect(commit(when(1_000), [], of('b', ask), rule).verdict).toMatchObject({
        why: 'values',
        retryAfterMs: 60_000,
      });
    }
    expect(commit(when(0), [], of('a', ask)).verdict).toMatchObject({ why: 'max' });
    expect(commit(when(0), [], of('a', ask), () => 'pass').verdict.kind).toBe('reserved');
  });

  test('a limit that asks and has no room for a value is named before one that asks for less', () => {
    const { commit } = memoryCounters(1);
    commit(when(0), [], asked({ reservations: [limit('values', 9, { key: 'values z', family: 'values' })] }));
    const asks = limit('asks', 0, { onExceed: 'require_approval' });
    const values = limit('values', 9, { key: 'values a', family: 'values', onExceed: 'require_approval' });
    expect(commit(when(0), [], asked({ reservations: [asks, values] })).verdict).toMatchObject({
      reservation: { counter: 'values' },
      why: 'values',
    });
  });

  test('each calendar period has room for its own, and a full one waits for the next', () => {
    const { commit } = memoryCounters(1);
    const on = (day: number, account: string) =>
      of(account, { windowMs: DAY, period: { from: day * DAY, to: (day + 1) * DAY } });
    expect(commit(when(DAY), [], on(1, 'a')).verdict.kind).toBe('reserved');
    expect(commit(when(DAY + 1000), [], on(1, 'b')).verdict).toMatchObject({ why: 'values', retryAfterMs: DAY - 1000 });
    expect(commit(when(2 * DAY), [], on(2, 'b')).verdict.kind).toBe('reserved');
    expect(commit(when(DAY + 1000), [], on(1, 'b')).verdict.kind).toBe('exceeded');
  });
});

test('of two counts of one key the larger is given', () => {
  const { commit } = memoryCounters();
  commit(when(0), [], asked({ tallies: [calls] }));
  commit(when(0), [{ ...calls, windowMs: 1 }, calls, { ...calls, windowMs: 1 }], (counts) => {
    expect(counts.get('calls')).toBe(1);
    return asked({})();
  });
});
