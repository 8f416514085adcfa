/** The strictest of all that applies wins: `deny` > `require_approval` > `allow`. */
export type Effect = 'allow' | 'require_approval' | 'deny';

export type Scope = 'grant' | 'session' | 'server' | 'global';

/** What one call would add to one counter, and the ceiling that it must keep. */
export interface Reservation {
  /** The counter's identity: server (none for `global`), name, window, scope key. Policy version and token are no part of it. */
  readonly key: string;
  readonly counter: string;
  readonly scope: Scope;
  /** Length of the sliding window in milliseconds. */
  readonly windowMs: number;
  readonly max: number;
  /** What this call adds, in calls. */
  readonly add: number;
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

/** The judge's answer. Frozen; explains itself. */
export interface Decision {
  readonly effect: Effect;
  /** Refused as if the name did not exist. */
  readonly hidden: boolean;
  readonly rule: RuleRef;
  readonly reason: string;
  /** In the order in which a refusal would name them. Empty unless the effect is `allow`. */
  readonly reservations: readonly Reservation[];
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

/** What is called, as far as the gateway vouches for it. */
export interface Target {
  readonly class: RiskClass;
}

/** What the judge may not look up itself. */
export interface Facts {
  /** The time of the call, milliseconds since the epoch. */
  readonly at: number;
}
