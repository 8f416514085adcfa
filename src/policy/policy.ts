import type { Calendar } from './calendar.ts';
import type { RiskClass, RuleRef, Scope, Stage } from './decision.ts';
import type { Place } from './look.ts';
import type { Names } from './names.ts';
import type { Pattern } from './pattern.ts';
import type { ResultRules } from './results.ts';
import type { Condition } from './trace.ts';

/** In shadow nothing bites: it is judged, counted apart, and recorded as what would have been. */
export type Mode = 'enforce' | 'shadow';

/** A compiled document. Frozen. */
export interface Policy {
  readonly document: 'policy' | 'baseline';
  readonly description: string | undefined;
  readonly mode: Mode;
  /** Whether tools of which no call could pass are left out of lists. In a baseline it has no say. */
  readonly list: 'reachable' | 'all';
  readonly default: 'allow' | 'deny';
  readonly hide: Names;
  readonly tools: Table;
  readonly resources: Table;
  readonly prompts: Table;
  /** Speak for tools of a class that have no entry. */
  readonly classes: ReadonlyMap<RiskClass, Rules>;
  /** By the method with which a server asks. */
  readonly requests: ReadonlyMap<string, Rules>;
  readonly allTools: Rules;
  /** Speaks for what no entry speaks for. */
  readonly byDefault: Rules;
  readonly results: ResultRules | undefined;
  readonly approvals: ApprovalRules;
  /** The counters that it names; on one server a name means one counter, whichever policy names it. */
  readonly counters: ReadonlyMap<string, CounterUse>;
  /** Calls that its conditions count, by the tool that is counted. */
  readonly counted: ReadonlyMap<string, readonly CallCount[]>;
}

/** Names and patterns of one kind, each with the rules that speak for it. */
export interface Table {
  readonly exact: ReadonlyMap<string, Rules>;
  /** The most particular first. */
  readonly patterns: readonly PatternRules[];
}

export interface PatternRules {
  readonly pattern: Pattern;
  readonly rules: Rules;
}

/** What a counter's name stands for, and where it was first named. */
export interface CounterUse {
  readonly counter: string;
  readonly windowMs: number;
  readonly scope: Scope;
  /** As written; undefined where one call counts one. */
  readonly amount: string | undefined;
  readonly per: string | undefined;
  /** `sliding`, or `calendar` with its time zone. */
  readonly reset: string;
  readonly pointer: string;
}

/** Calls of a tool that were let through, for the grant or within the session, as far back as the window. */
export interface CallCount {
  readonly of: 'grant' | 'session';
  readonly tool: string;
  readonly windowMs: number;
}

/** Who is asked, how many must agree, and how long a question stands; undefined where the document is silent. */
export interface ApprovalRules {
  readonly timeoutMs: number | undefined;
  readonly roles: readonly string[] | undefined;
  readonly owners: readonly string[] | undefined;
  readonly count: number | undefined;
}

/** What may hold for one call: the policy of its grant on its server, and the organisation's, if there is one. */
export interface Policies {
  readonly policy: Policy;
  readonly baseline: Policy | undefined;
}

/** The compiled rules of one entry, of `all_tools`, or of `default`. Arrays are in the order in which rules are named. */
export interface Rules {
  readonly mode: Mode;
  /** What holds of them for a call while they are in shadow; undefined when they are enforced. */
  readonly open: Rules | undefined;
  /** Refuses every call, whatever its arguments, time, session and counters; the first such rule. */
  readonly standing: Refusal | undefined;
  /** Named when the call passes. */
  readonly allowed: Outcome;
  readonly approval: Refusal | undefined;
  readonly denyIf: readonly Clause[];
  readonly require: readonly Clause[];
  readonly approveIf: readonly Clause[];
  readonly validate: Validation | undefined;
  readonly limits: readonly Limit[];
  /** Calls that its conditions count. */
  readonly asked: readonly CallCount[];
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
  readonly condition: Condition;
}

export interface Validation extends Refusal {
  readonly how: 'schema' | 'strict';
}

export interface Limit {
  readonly mode: Mode;
  readonly rule: RuleRef;
  readonly counter: string;
  readonly scope: Scope;
  readonly window: string;
  readonly windowMs: number;
  readonly calendar: Calendar | undefined;
  readonly max: number;
  /** What it adds; one for each call where it is undefined. */
  readonly amount: Place | undefined;
  readonly per: Place | undefined;
  /** It counts, and stops, only what matches; undefined for every call. */
  readonly when: Condition | undefined;
  readonly onExceed: 'deny' | 'require_approval';
  readonly reason: string | undefined;
  /** What stands between server and scope key in the counter's identity, written out. */
  readonly keyMiddle: string;
}
