import { MASK } from '../gateway/redact.ts';
import type { Effect, RiskClass, Subject } from '../policy/decision.ts';
import type { CallKind } from '../wire/call.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';

/** A decided call as its record tells it: who asked for what and when, and what was said of it. */
export interface RecordedCall {
  /** Its place in the log. */
  readonly n: number;
  readonly id: string;
  /** Wall time, ms since the epoch. */
  readonly at: number;
  /** By which limits counted; undefined in records of older versions. */
  readonly tick: number | undefined;
  readonly kind: CallKind;
  readonly method: string;
  readonly name: string;
  readonly args: KeptArguments;
  readonly server: string;
  readonly grant: string;
  readonly owner: string;
  /** Undefined where the record is of a version that kept none. */
  readonly labels: Subject['grant']['labels'] | undefined;
  readonly session: string;
  readonly client: Subject['client'];
  readonly class: RiskClass;
  /** The mark of the tool's definition, where one was kept. */
  readonly definition: string | undefined;
  /** Whether it was counted, or goes on with a call that was. */
  readonly round: 'first' | 'later';
  /** What the rules said of it. */
  readonly said: RecordedRuling;
  /** What became of it: with `said` it tells what a person had to do with it. */
  readonly came: Effect;
  /** The question about it: several records about one question are of one call. */
  readonly approval: string | undefined;
  /** The rules in shadow would have said this; undefined where they would have let it pass, or there are none. */
  readonly wouldHave: RecordedRuling | undefined;
  /** Digests of the documents that it was judged by. */
  readonly policy: string | undefined;
  readonly baseline: string | undefined;
}

export interface RecordedRuling {
  readonly effect: Effect;
  /** A pointer into the document, or a name in parentheses. */
  readonly rule: string;
  readonly id: string | undefined;
  readonly document: 'policy' | 'baseline' | undefined;
}

/** What is left of the arguments. */
export type KeptArguments =
  | { readonly kind: 'whole'; readonly value: JsonObject }
  /** Kept whole, but outside of the record. */
  | { readonly kind: 'elsewhere' }
  /** What held a secret is masked. */
  | { readonly kind: 'masked'; readonly value: JsonObject }
  /** The types of the members alone, by their names. */
  | { readonly kind: 'types'; readonly types: JsonObject }
  | { readonly kind: 'none' };

/** What a record says of a whole value that is kept elsewhere: undefined where it was erased, or cannot be read. */
export type OpenValue = (n: number, id: string) => JsonObject | undefined;

export function isRuleOutside(rule: string): boolean {
  return OUTSIDE.has(rule);
}

/** Rules that no policy has any say in. */
const OUTSIDE: ReadonlySet<string> = new Set([
  '(pin)',
  '(store unavailable)',
  '(message refused)',
  '(no policy)',
  '(unknown)',
]);

/** A text of a record in which something is masked; or a long number, as older versions wrote it. */
export function isMasked(value: Json): boolean {
  return typeof value === 'string' ? value.includes(MASK) : isObject(value) && value['rawJSON'] !== undefined;
}
