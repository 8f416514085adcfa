import type { CounterKey, Reservation } from '../decision.ts';
import { grownBy, shrunkBy, usedUntil } from './counter.ts';
import { type Asked, countsAt, planAskedPass, type Settled } from './plan-pass.ts';
import { KEPT_MS, type Moment, type Slots } from './slot.ts';
import { type Addition, familyIn, MOST_VALUES, type Source } from './source.ts';
import type { Verdict } from './verdict.ts';

/** What one pass got; `giveBack` undoes what it added, the first time only. */
export interface Counted extends Pick<Settled, 'verdict' | 'shadow' | 'limits'> {
  giveBack(): void;
}

/** Counters in memory that answer as a store does: for trying policies out and for going through logs once more. */
export interface MemoryCounters {
  /**
   * One pass: reads `counts`, asks `judge` what is to be reserved, and reserves all of it or nothing. `rule` speaks for the person who
   * may have to approve of it; without it the verdict holds.
   */
  commit(
    moment: Moment,
    counts: readonly CounterKey[],
    judge: (counts: ReadonlyMap<string, number>) => Asked,
    rule?: (verdict: Verdict) => 'pass' | 'stop' | undefined,
  ): Counted;
  /** How much each counter holds now. */
  counted(keys: readonly CounterKey[], moment: Moment): ReadonlyMap<string, number>;
  /** Whether no other value of a limit that counts by values could come alive now. */
  isFull(reservation: Reservation, moment: Moment): boolean;
  /** Counters that stand where these do, and go their own way from now on. */
  copy(): MemoryCounters;
}

type Values = Map<string, number>;

/** Begins with nothing counted. `mostValues` is for tests. */
export function memoryCounters(mostValues: number = MOST_VALUES): MemoryCounters {
  return countersOver(new Map(), new Map(), mostValues);
}

function countersOver(counters: Map<string, Slots>, families: Map<string, Values>, mostValues: number): MemoryCounters {
  const source: Source = {
    slots: (key) => counters.get(key.toWellFormed()) ?? [],
    fullUntil: (family, since, more) => {
      const values = families.get(family);
      if (values === undefined || values.size + more <= mostValues) return undefined;
      forgetDead(values, since);
      return deathOfFirst(values, since, mostValues - more);
    },
  };

  function keep({ key: name, family, period }: Addition, slots: Slots): void {
    const key = name.toWellFormed();
    counters.set(key, slots);
    if (family === undefined) return;
    const whole = familyIn(family, period);
    const values: Values = families.get(whole) ?? new Map();
    const until = usedUntil(slots, period);
    if (until === undefined) values.delete(key);
    else values.set(key, until);
    families.set(whole, values);
  }

  function take(addition: Addition, moment: Moment): () => void {
    if (addition.add === 0) return () => {};
    const { slots, slot } = grownBy(source.slots(addition.key), addition, moment, addition.add);
    keep(addition, slots);
    return () => {
      const shrunk = shrunkBy(source.slots(addition.key), slot.bucket, addition.add);
      if (shrunk !== undefined) keep(addition, shrunk.slots);
    };
  }

  return {
    commit(moment, counts, judge, rule = () => undefined) {
      const asked = judge(countsAt(source, counts, moment));
      const { additions, ...answer } = planAskedPass(source, asked, moment, rule);
      let undo: readonly (() => void)[] = additions.map((addition) => take(addition, moment));
      return {
        ...answer,
        giveBack() {
          for (const one of undo) one();
          undo = [];
        },
      };
    },
    counted: (keys, moment) => countsAt(source, keys, moment),
    isFull({ family, period }, { tick }) {
      if (family === undefined) return false;
      return source.fullUntil(familyIn(family, period), period === undefined ? tick : -Infinity, 1) !== undefined;
    },
    copy: () =>
      countersOver(
        new Map(counters),
        new Map([...families].map(([key, values]) => [key, new Map(values)])),
        mostValues,
      ),
  };
}

function forgetDead(values: Values, since: number): void {
  for (const [key, until] of values) if (until + KEPT_MS <= since) values.delete(key);
}

/** When the first of the living dies, if there are more than `most` of them. */
function deathOfFirst(values: Values, since: number, most: number): number | undefined {
  const living = [...values.values()].filter((until) => until > since);
  if (living.length <= most) return undefined;
  return living.reduce((first, until) => Math.min(first, until), Infinity);
}
