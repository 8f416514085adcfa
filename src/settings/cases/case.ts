import type { Effect, RiskClass, Subject } from '../../policy/decision.ts';
import type { Problem } from '../../policy/problem.ts';
import type { ReadCall } from '../../wire/read-call.ts';
import type { Item } from '../reading.ts';

/** One case of a file: a call and what is to be said of it, or a document that must not load. */
export type Case = CallCase | DocumentCase;

export interface CallCase {
  readonly kind: 'call';
  readonly name: string;
  /** Where it stands in its file. */
  readonly pointer: string;
  /** Inline, or the path of a file. */
  readonly policy: Item;
  readonly baseline: Item | undefined;
  /** What the server lists; undefined where nobody says, and every name is taken for a tool. */
  readonly tools: Item | undefined;
  /** In order of time. */
  readonly earlier: readonly Earlier[];
  readonly asked: Step;
  readonly want: Want;
}

export interface DocumentCase {
  readonly kind: 'document';
  readonly name: string;
  readonly pointer: string;
  readonly policy: Item;
  /** Each must be told; a pointer may end in `*` for any place below, and the message is a part of what is told. */
  readonly problems: readonly Problem[];
}

/** One call at one moment. */
export interface Step {
  /** As the gateway reads it from the wire. */
  readonly read: ReadCall;
  readonly subject: Subject;
  readonly class: RiskClass;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Earlier extends Step {
  /** How often it was made at that moment. */
  readonly times: number;
}

/** What a case expects; what is undefined may be anything. */
export interface Want extends WantedRuling {
  readonly hidden: boolean | undefined;
  /** Of each limit that would count the call: counter, window as written, maximum, scope. */
  readonly limits: readonly WantedLimit[] | undefined;
  readonly listed: boolean | undefined;
  /** What the rules in shadow would have said; `none` where none is to stand in shadow. */
  readonly would: WantedRuling | 'none' | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
}

export interface WantedRuling {
  readonly effect: Effect;
  readonly rule: string | undefined;
  readonly document: string | undefined;
  readonly id: string | undefined;
  /** A part of it. */
  readonly reason: string | undefined;
}

export type WantedLimit = readonly [counter: string, window: string, max: number, scope: string];
