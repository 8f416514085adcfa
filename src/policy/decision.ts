import type { JsonObject } from '../wire/json.ts';
import type { InputSchema } from './json-schema/compile-schema.ts';

/** The strictest of all that applies wins: `deny` > `require_approval` > `allow`. */
export type Effect = 'allow' | 'require_approval' | 'deny';

export type Scope = 'grant' | 'session' | 'owner' | 'server' | 'global';

/** A counter of the store: what it counts is in the key. */
export interface CounterKey {
  /** The counter's identity. Policy version and token are no part of it. */
  readonly key: string;
  /** Length of the window in milliseconds. */
  readonly windowMs: number;
}

/** One calendar period, milliseconds since the epoch: from `from` up to, not including, `to`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** The order in which rules of one effect are named. */
export type Stage =
  | 'arguments'
  | 'hide'
  | 'default'
  | 'action'
  | 'deny_if'
  | 'require'
  | 'validate'
  | 'limit'
  | 'approve_if';

/** What one call would add to one counter, and the ceiling that it must keep. */
export interface Reservation extends CounterKey {
  /** The counter's identity without its `per` value, the same for all of them; undefined for a limit without `per`. */
  readonly family: string | undefined;
  readonly counter: string;
  readonly scope: Scope;
  /** The period in which the call falls, for `reset: calendar`; undefined for a sliding window. */
  readonly period: Period | undefined;
  readonly max: number;
  /** What this call adds, in `unit`: not negative, finite; its shortest decimal text is what is meant. */
  readonly add: number;
  readonly unit: 'calls' | 'amount';
  readonly onExceed: 'deny' | 'require_approval';
  /** The window as the author wrote it, for texts: `minute`, `90s`, `60`. */
  readonly window: string;
  readonly rule: RuleRef;
  /** The author's own words for a refusal, if any. */
  readonly reason: string | undefined;
}

/** Where in which document a rule stands. */
export interface RuleRef {
  readonly document: 'policy' | 'baseline';
  /** A JSON Pointer into the document, or one of the fixed names in parentheses such as `(default deny)`. */
  readonly pointer: string;
  /** The entry's own `id`, where it has one. */
  readonly id: string | undefined;
}

/** What was said of a call, and by which rule. */
export interface Ruling {
  readonly effect: Effect;
  /** Refused as if the name did not exist. */
  readonly hidden: boolean;
  readonly stage: Stage;
  readonly rule: RuleRef;
  readonly reason: string;
  /** In the order in which a refusal would name them. None for what is denied. */
  readonly reservations: readonly Reservation[];
}

/** The judge's answer. Frozen; explains itself. */
export interface Decision extends Ruling {
  /** Counters of let-through calls (`grant.calls`, `session.calls`) that this call adds one to if it passes. */
  readonly tallies: readonly CounterKey[];
  /**
   * What would have been said if the rules in shadow were enforced; undefined where none speaks. Its reservations are those of
   * the limits in shadow, counted apart.
   */
  readonly shadow: Ruling | undefined;
}

/** Who calls. */
export interface Subject {
  readonly grant: {
    readonly name: string;
    readonly owner: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly server: string;
  readonly session: string;
  readonly client: { readonly name: string | undefined; readonly version: string | undefined };
}

export type RiskClass = 'read' | 'write' | 'execute' | 'destructive' | 'financial' | 'unknown';

/** What the server says of a tool. */
export interface Definition {
  readonly annotations: JsonObject;
  /** The schema of its arguments, compiled when first asked for. */
  input(): InputSchema;
}

/** What is called, as far as the gateway vouches for it. */
export interface Target {
  readonly class: RiskClass;
  /** Undefined where the server's list is not known, and for what is no tool. */
  readonly definition: Definition | undefined;
}

/** What the judge may not look up itself. */
export interface Facts {
  /** The time of the call, milliseconds since the epoch. */
  readonly at: number;
  /** How many calls were let through, for every counter that `countsAsked` named; read in the commit's transaction. */
  readonly calls: ReadonlyMap<string, number>;
}
