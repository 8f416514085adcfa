import { objectOf } from '../../wire/json.ts';
import { memberPath } from '../member-path.ts';
import { readPath } from '../path.ts';
import type { Part } from './argument-rules.ts';
import { friendlyUp } from './friendly.ts';
import { momentText } from './moment-text.ts';
import type { Observation } from './observation.ts';
import { type Addition, type Peak, peakOf } from './peak.ts';
import type { Seen } from './seen.ts';

const WINDOWS = [
  { window: 'minute', ms: 60_000 },
  { window: 'hour', ms: 3_600_000 },
  { window: 'day', ms: 86_400_000 },
] as const;
/** How much more than ever was seen is let through. */
const HEADROOM = 1.5;
const SUM = /(?:^|_)(?:amount|total|price|sum|cost|fee)(?:$|_)/;
const MOST_NAME = 200;

/** Names that no counter of the policy has yet. */
export type FreshName = (wanted: string) => string;

const NEVER: Peak = { most: 0, at: 0, id: '' };

interface Ceiling {
  readonly window: string;
  readonly ms: number;
  readonly max: number;
  readonly peak: Peak;
}

/** What keeps calls of one entry to the pace that was seen, for each grant. `observations` in the order of their time. */
export function limitRules(
  name: string,
  observations: readonly Observation[],
  root: Seen,
  fresh: FreshName,
): readonly Part[] {
  const calls = ceilings(observations, () => 1, atLeastOneMore).filter(saysSomething);
  return [
    ...calls.map((one) => countOf(name, one, fresh)),
    ...sumsIn(root).map((key) => sumOf(name, key, observations, fresh)),
  ];
}

function ceilings(
  observations: readonly Observation[],
  addOf: (observation: Observation) => number,
  maxFor: (most: number) => number,
): readonly Ceiling[] {
  const counted = observations.filter(({ isCounted }) => isCounted);
  const byGrant = [...Map.groupBy(counted, ({ grant }) => grant).values()].map((own) =>
    own.map((one): Addition => ({ id: one.id, at: one.at, tick: one.tick, add: addOf(one) })),
  );
  return WINDOWS.map(({ window, ms }) => {
    const peaks = byGrant.map((additions) => peakOf(additions, ms));
    const peak = peaks.reduce((highest, one) => (one.most > highest.most ? one : highest), NEVER);
    return { window, ms, max: maxFor(peak.most), peak };
  });
}

function atLeastOneMore(most: number): number {
  return friendlyUp(Math.max(Math.ceil(most * HEADROOM), most + 1));
}

/** Neither as much as a longer window allows, nor what shorter ones come to anyhow. */
function saysSomething(one: Ceiling, index: number, all: readonly Ceiling[]): boolean {
  const isLoose = all.some((other, place) => place > index && other.max <= one.max);
  return !isLoose && !all.some((other, place) => place < index && one.max >= other.max * (one.ms / other.ms));
}

function countOf(name: string, { window, max, peak }: Ceiling, fresh: FreshName): Part {
  const counter = fresh(`${cut(name)}_per_${window}`);
  const rule = objectOf([
    ['counter', counter],
    ['window', window],
    ['max', max],
    ['scope', 'grant'],
  ]);
  const says =
    peak.most === 0
      ? 'none was counted'
      : `at most ${peak.most} of one grant within ${windowWords(window)} were seen, by ${momentText(peak.at)}`;
  return { rule, says, examples: peak.id === '' ? [] : [peak.id] };
}

function windowWords(window: string): string {
  return window === 'hour' ? 'an hour' : `a ${window}`;
}

/** Arguments that are sums of money or the like, in every call. */
function sumsIn(root: Seen): readonly string[] {
  if (root.hidden > 0) return [];
  return [...root.keys]
    .flatMap(([key, { present, hidden, types, numbers }]) => {
      const isAlways = present === root.chances && hidden === 0 && types.size === 1 && numbers !== undefined;
      const isCountable = isAlways && numbers.least >= 0 && numbers.most > 0;
      return isCountable && isSum(key) && typeof readPath(memberPath('args', key)) !== 'string' ? [key] : [];
    })
    .sort();
}

function isSum(key: string): boolean {
  return SUM.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
}

function sumOf(name: string, key: string, observations: readonly Observation[], fresh: FreshName): Part {
  const amounts = ceilings(
    observations,
    ({ args }) => (typeof args[key] === 'number' ? args[key] : 0),
    (most) => friendlyUp(most * HEADROOM),
  );
  const { window, max, peak } = amounts.at(-1) ?? { window: 'day', max: 0, peak: NEVER };
  const rule = objectOf([
    ['counter', fresh(`${cut(name)}_${cut(key)}_per_${window}`)],
    ['window', window],
    ['max', max],
    ['scope', 'grant'],
    ['amount', memberPath('args', key)],
  ]);
  const says = `${key} came to at most ${Number(peak.most.toPrecision(12))} of one grant within ${windowWords(window)}, by ${momentText(peak.at)}`;
  return { rule, says, examples: peak.id === '' ? [] : [peak.id] };
}

function cut(name: string): string {
  return name.slice(0, MOST_NAME / 2).toWellFormed();
}
