import { lettersOf } from '../glob-walk.ts';
import { holdsName } from '../names.ts';
import { matches, type Pattern } from '../pattern.ts';
import type { Policy, Table } from '../policy.ts';
import { quoted } from '../problem.ts';
import { canMeet, meetingsOf, type Steps } from './meet-patterns.ts';
import { namesFor, oddLetter, typicalName } from './witness-name.ts';

export type TableKind = 'tool' | 'resource' | 'prompt';

/** One name for all that the same entries speak for. */
export interface Sample {
  readonly name: string;
  readonly label: string;
}

export interface Regions {
  /** Every exact name, one name for each pattern, and one for what nobody speaks for. */
  readonly named: readonly Sample[];
  /** Names by which two patterns meet, where other rules meet than for those before. */
  readonly met: readonly Sample[];
  /** `partly`: there are more combinations of patterns than were looked at. */
  readonly coverage: 'all' | 'partly';
}

type Both = readonly [Policy, Policy];

const MAX_MEETINGS = 2_000;
const MAX_PAIRS = 1_000_000;
/** Of one pair, and of all; they bound the time that many stars can take. */
const MAX_STEPS = 5_000;
const MAX_STEPS_IN_ALL = 400_000;
const MAX_LOOKS = 4_000_000;
const TABLES = { tool: 'tools', resource: 'resources', prompt: 'prompts' } as const;
const HIDDEN = 'hidden';
const NOBODY = 'nobody';
const NOBODY_AT_ALL = regionKey(NOBODY, NOBODY);

/**
 * One name for each way in which the entries of both documents can speak for a name. INVARIANT: with coverage `all` none is
 * left out but those that stay hidden.
 */
export function regionsOf(kind: TableKind, both: Both): Regions {
  const exact = new Set(both.flatMap((policy) => exactNames(kind, policy)));
  const patterns = new Map(
    both.flatMap((policy) => patternsOf(kind, policy)).map((one) => [lettersOf(one), one] as const),
  );
  const odd = oddLetter([...exact, ...patterns.keys()]);
  const pick = (names: readonly string[], region: string): string | undefined =>
    names.find((name) => !exact.has(name) && regionAt(kind, name, both) === region);
  const seen = new Set<string>();
  const samples = [...patterns.values()].map((pattern) => {
    const typical = typicalName(pattern.pieces, odd);
    const region = regionAt(kind, typical, both);
    seen.add(region);
    return { name: pick(namesFor(pattern), region) ?? typical, label: pattern.text };
  });
  const other = pick([`some_${kind}`, `other_${kind}`, 'anything', odd], NOBODY_AT_ALL);
  seen.add(NOBODY_AT_ALL);
  return {
    named: [
      ...[...exact].map((name) => ({ name, label: name })),
      ...samples,
      ...(other === undefined ? [] : [{ name: other, label: `every other ${kind}` }]),
    ],
    ...meetings({ kind, both, exact, odd, seen }, [...patterns.values()]),
  };
}

function tableOf(kind: TableKind, policy: Policy): Table {
  return policy[TABLES[kind]];
}

function exactNames(kind: TableKind, policy: Policy): readonly string[] {
  const hidden = kind === 'tool' ? policy.hide.exact : [];
  return [...tableOf(kind, policy).exact.keys(), ...hidden];
}

function patternsOf(kind: TableKind, policy: Policy): readonly Pattern[] {
  return [...tableOf(kind, policy).patterns.map(({ pattern }) => pattern), ...hiddenBy(kind, policy)];
}

function hiddenBy(kind: TableKind, policy: Policy): readonly Pattern[] {
  return kind === 'tool' ? policy.hide.patterns : [];
}

/** Who speaks before and after for a name that has no entry of its own. */
function regionAt(kind: TableKind, name: string, [before, after]: Both): string {
  return regionKey(speakerOf(kind, name, before), speakerOf(kind, name, after));
}

function regionKey(before: string, after: string): string {
  return JSON.stringify([before, after]);
}

function speakerOf(kind: TableKind, name: string, policy: Policy): string {
  if (kind === 'tool' && holdsName(policy.hide, name)) return HIDDEN;
  const found = tableOf(kind, policy).patterns.find(({ pattern }) => matches(pattern, name));
  return found === undefined ? NOBODY : `pattern ${lettersOf(found.pattern)}`;
}

interface Search {
  readonly kind: TableKind;
  readonly both: Both;
  readonly exact: ReadonlySet<string>;
  readonly odd: string;
  /** Regions of which a name is known. */
  readonly seen: Set<string>;
}

/**
 * Names that two patterns match: the one may speak before, the other after. Where both documents have both, the more
 * particular one speaks before and after.
 */
function meetings(search: Search, patterns: readonly Pattern[]): Pick<Regions, 'met' | 'coverage'> {
  const { kind, both, odd, exact, seen } = search;
  const moved = movedPatterns(kind, both);
  const met: Sample[] = [];
  const left = { pairs: MAX_PAIRS, steps: MAX_STEPS_IN_ALL, looks: MAX_LOOKS };
  let coverage: Regions['coverage'] = 'all';
  for (const [index, first] of patterns.entries()) {
    for (const second of patterns.slice(index + 1)) {
      if (!moved.has(lettersOf(first)) && !moved.has(lettersOf(second))) continue;
      left.pairs--;
      if (Math.min(left.pairs, left.steps, left.looks) < 0 || met.length >= MAX_MEETINGS) {
        return { met, coverage: 'partly' };
      }
      if (!canMeet(first, second)) continue;
      const steps: Steps = { left: MAX_STEPS };
      for (const text of meetingsOf(first, second, steps)) {
        const name = typicalName(text.split('*'), odd);
        left.looks -= patterns.length;
        const region = regionAt(kind, name, both);
        if (name === '' || exact.has(name) || seen.has(region) || !isTheirs(search, name, first, second)) continue;
        seen.add(region);
        met.push({ name, label: `${first.text} and ${second.text} at once (${quoted(name)})` });
      }
      left.steps -= MAX_STEPS - steps.left;
      if (steps.left < 0) coverage = 'partly';
    }
  }
  return { met, coverage };
}

/** Whether nobody but the two has a say for the name; what others have a say for is found when they are looked at. */
function isTheirs({ kind, both }: Search, name: string, first: Pattern, second: Pattern): boolean {
  const own = [first, second].map(lettersOf);
  return both.every((policy) => {
    const speaker = speakerOf(kind, name, policy);
    if (speaker === HIDDEN) return hiddenBy(kind, policy).some((pattern) => own.includes(lettersOf(pattern)));
    return speaker === NOBODY || own.some((letters) => speaker === `pattern ${letters}`);
  });
}

/** Patterns that only one document has, or each in another place. */
function movedPatterns(kind: TableKind, both: Both): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const where of [
    (one: Policy) => tableOf(kind, one).patterns.map(({ pattern }) => pattern),
    (one: Policy) => hiddenBy(kind, one),
  ]) {
    const [before, after] = both.map((policy) => new Set(where(policy).map(lettersOf)));
    for (const text of [...(before ?? []), ...(after ?? [])])
      if (!(before?.has(text) && after?.has(text))) moved.add(text);
  }
  return moved;
}
