import type { RuleRef, Scope } from './decision.ts';
import type { Names } from './names.ts';
import type { Pattern } from './pattern.ts';
import type { Test } from './scene.ts';

/** The order in which rules of one effect are named. */
export type Stage = 'hide' | 'default' | 'action' | 'deny_if' | 'require' | 'limit';

/** A compiled document. Frozen. */
export interface Policy {
  readonly document: 'policy' | 'baseline';
  readonly description: string | undefined;
  /** Whether tools of which no call could pass are left out of lists. In a baseline it has no say. */
  readonly list: 'reachable' | 'all';
  readonly default: 'allow' | 'deny';
  readonly hide: Names;
  readonly exact: ReadonlyMap<string, Rules>;
  /** The most particular first. */
  readonly patterns: readonly PatternRules[];
  readonly allTools: Rules;
  /** Speaks for what no entry speaks for. */
  readonly byDefault: Rules;
  /** The counters that it names; on one server a name means one counter, whichever policy names it. */
  readonly counters: ReadonlyMap<string, CounterUse>;
}

/** What a counter's name stands for, and where it was first named. */
export interface CounterUse {
  readonly windowMs: number;
  readonly scope: Scope;
  readonly pointer: string;
}

export interface PatternRules {
  readonly pattern: Pattern;
  readonly rules: Rules;
}

/** What may hold for one call: the policy of its grant on its server, and the organisation's, if there is one. */
export interface Policies {
  readonly policy: Policy;
  readonly baseline: Policy | undefined;
}

/** The compiled rules of one entry, of `all_tools`, or of `default`. Arrays are in the order in which rules are named. */
export interface Rules {
  /** Refuses every call, whatever its arguments, time, session and counters; the first such rule. */
  readonly standing: Refusal | undefined;
  /** Named when the call passes. */
  readonly allowed: Outcome;
  readonly approval: Refusal | undefined;
  readonly denyIf: readonly Clause[];
  readonly require: readonly Clause[];
  readonly limits: readonly Limit[];
}

export interface Outcome {
  readonly stage: Stage;
  readonly rule: RuleRef;
  readonly reason: string;
}

/** A refusal ready to be spoken: in the author's words, or by a sentence whose subject is what was called. */
export interface Refusal {
  readonly stage: Stage;
  readonly rule: RuleRef;
  readonly reason: string | undefined;
  /** `is hidden.` */
  readonly predicate: string;
}

export interface Clause extends Refusal {
  readonly test: Test;
}

export interface Limit {
  readonly rule: RuleRef;
  readonly counter: string;
  readonly scope: Scope;
  readonly window: string;
  readonly windowMs: number;
  readonly max: number;
  readonly reason: string | undefined;
  /** What stands between server and scope key in the counter's identity, written out. */
  readonly keyMiddle: string;
}
