import type { Effect } from '../policy/decision.ts';
import type { CallKind } from '../wire/call.ts';
import type { Json } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { KeptArguments, RecordedCall, RecordedRuling } from './recorded-call.ts';
import type { Replay } from './replayer.ts';
import type { Unknown } from './witness.ts';

export type Direction = 'looser' | 'tighter';

/** What was called, in the words of the log. */
export interface Called {
  readonly server: string;
  readonly kind: CallKind;
  readonly name: string;
}

/** One call for all of a group. */
export interface Example {
  readonly id: string;
  readonly at: number;
  readonly grant: string;
  /** What the log keeps of its arguments, cut short; undefined where it keeps nothing that could be shown. */
  readonly args: string | undefined;
}

/** Calls that are alike in what changes for them. */
export interface Changed extends Called {
  readonly direction: Direction;
  readonly recorded: RecordedRuling;
  readonly draft: RecordedRuling;
  readonly count: number;
  readonly grants: number;
  readonly first: number;
  readonly last: number;
  readonly examples: readonly Example[];
}

/** Calls that rules in shadow would have stopped. */
export interface Shadowed extends Called {
  readonly would: RecordedRuling;
  readonly count: number;
}

/** What a draft would have made of the calls of a span of time. Each is counted once, in one of the five ways. */
export interface Report {
  readonly calls: number;
  readonly unchanged: number;
  readonly looser: number;
  readonly tighter: number;
  readonly cannotTell: number;
  readonly notJudged: number;
  /** More records about questions whose calls are counted already. */
  readonly repeated: number;
  /** Calls that a baseline had a say in, too. */
  readonly underBaseline: number;
  /** Tighter ones first, then by how many they are. */
  readonly changes: readonly Changed[];
  readonly unknown: readonly (Called & { readonly why: Unknown; readonly count: number })[];
  readonly outside: readonly { readonly rule: string; readonly count: number }[];
  readonly shadow: { readonly recorded: readonly Shadowed[]; readonly draft: readonly Shadowed[] };
}

export interface Tally {
  add(replay: Replay): void;
  /** A message that never became a call. */
  addMessage(): void;
  report(): Report;
}

const MOST_EXAMPLES = 3;
const LONGEST_ARGUMENTS = 120;
const RANK: { readonly [effect in Effect]: number } = { allow: 0, require_approval: 1, deny: 2 };

/** Counts what changes. */
export function newTally(): Tally {
  const counts = { unchanged: 0, looser: 0, tighter: 0, cannotTell: 0, notJudged: 0, repeated: 0, underBaseline: 0 };
  const changes = new Groups<Changing>();
  const unknown = new Groups<Called & { readonly why: Unknown; count: number }>();
  const outside = new Groups<{ readonly rule: string; count: number }>();
  const recordedShadow = new Groups<Called & { readonly would: RecordedRuling; count: number }>();
  const draftShadow = new Groups<Called & { readonly would: RecordedRuling; count: number }>();

  function setAside(rule: string): void {
    counts.notJudged += 1;
    outside.at(rule, () => ({ rule, count: 0 })).count += 1;
  }

  function addShadow(groups: typeof draftShadow, call: RecordedCall, would: RecordedRuling | undefined): void {
    if (would === undefined) return;
    groups.at(keyOf(call, would), () => ({ ...calledIn(call), would, count: 0 })).count += 1;
  }

  return {
    add(replay) {
      if (replay.kind !== 'first') {
        counts.repeated += 1;
        return;
      }
      const { call, replayed } = replay;
      if (call.baseline !== undefined) counts.underBaseline += 1;
      addShadow(recordedShadow, call, call.wouldHave);
      switch (replayed.kind) {
        case 'not judged':
          return setAside(replayed.rule);
        case 'cannot tell': {
          counts.cannotTell += 1;
          const { why } = replayed;
          unknown.at(keyOf(call, why), () => ({ ...calledIn(call), why, count: 0 })).count += 1;
          return;
        }
        case 'judged': {
          addShadow(draftShadow, call, replayed.would);
          const difference = RANK[replayed.said.effect] - RANK[call.said.effect];
          if (difference === 0) {
            counts.unchanged += 1;
            return;
          }
          const direction = difference < 0 ? 'looser' : 'tighter';
          counts[direction] += 1;
          const { said } = replayed;
          changes.at(keyOf(call, call.said, said), () => changing(call, said, direction)).add(call);
        }
      }
    },
    addMessage: () => setAside('(message refused)'),
    report() {
      const { unchanged, looser, tighter, cannotTell, notJudged } = counts;
      return {
        calls: unchanged + looser + tighter + cannotTell + notJudged,
        ...counts,
        changes: changes
          .all()
          .map((group) => group.told())
          .sort((a, b) => a.direction.localeCompare(b.direction) * -1 || b.count - a.count),
        unknown: unknown.all().toSorted(byCount),
        outside: outside.all().toSorted(byCount),
        shadow: { recorded: recordedShadow.all().toSorted(byCount), draft: draftShadow.all().toSorted(byCount) },
      };
    },
  };
}

/** Things by a key, made when they are first asked for. */
class Groups<T> {
  readonly #groups = new Map<string, T>();

  at(key: string, make: () => T): T {
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#groups.set(key, made);
    return made;
  }

  all(): T[] {
    return [...this.#groups.values()];
  }
}

interface Changing {
  add(call: RecordedCall): void;
  told(): Changed;
}

function changing(one: RecordedCall, draft: RecordedRuling, direction: Direction): Changing {
  const grants = new Set<string>();
  const examples: Example[] = [];
  let [count, first, last] = [0, one.at, one.at];
  return {
    add(call) {
      const { id, at, grant } = call;
      count += 1;
      grants.add(grant);
      first = Math.min(first, at);
      last = Math.max(last, at);
      if (examples.length < MOST_EXAMPLES) examples.push({ id, at, grant, args: shortArguments(call.args) });
    },
    told: () => ({
      ...calledIn(one),
      direction,
      recorded: one.said,
      draft,
      count,
      grants: grants.size,
      first,
      last,
      examples,
    }),
  };
}

function calledIn({ server, kind, name }: RecordedCall): Called {
  return { server, kind, name };
}

function keyOf({ server, kind, name }: RecordedCall, ...more: (RecordedRuling | string)[]): string {
  const rules = more.map((one) => (typeof one === 'string' ? one : [one.effect, one.rule, one.document ?? null]));
  return JSON.stringify([server, kind, name, rules]);
}

function byCount(a: { readonly count: number }, b: { readonly count: number }): number {
  return b.count - a.count;
}

function shortArguments(args: KeptArguments): string | undefined {
  const value = shownArguments(args);
  if (value === undefined) return undefined;
  const text = canonicalJson(value);
  return text.length <= LONGEST_ARGUMENTS ? text : `${text.slice(0, LONGEST_ARGUMENTS).toWellFormed()}…`;
}

function shownArguments(args: KeptArguments): Json | undefined {
  switch (args.kind) {
    case 'whole':
    case 'masked':
      return args.value;
    case 'types':
      return args.types;
    case 'elsewhere':
    case 'none':
      return undefined;
  }
}
