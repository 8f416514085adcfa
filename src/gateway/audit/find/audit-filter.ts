import type { Effect } from '../../../policy/decision.ts';

/** What records are looked for: those of which all that is said here is true. */
export interface AuditFilter {
  /** Wall time, ms: records of that moment and later. */
  readonly since?: number | undefined;
  /** Records before that moment. */
  readonly until?: number | undefined;
  /** Names may hold `*`, which stands for any text, also for none. */
  readonly grant?: string | undefined;
  readonly owner?: string | undefined;
  readonly server?: string | undefined;
  /** The name of a tool, a prompt, or the address of a resource. */
  readonly tool?: string | undefined;
  /** What was decided. */
  readonly effect?: Effect | undefined;
  /** What would have been decided if the rules in shadow were enforced, where that is something else. */
  readonly wouldHave?: Effect | undefined;
  /** The pointer or the id of the rule that is named for the decision, or for what it would have been. */
  readonly rule?: string | undefined;
  /** The question to people that the record is about. */
  readonly approval?: string | undefined;
  /** Words, or parts of the record's text that begin where a word begins, between blanks. */
  readonly text?: string | undefined;
  /** `decisions`: what was asked and what was decided, by rules and by people. `all`: with the life of gateway and sessions. */
  readonly which: 'decisions' | 'all';
}

export const EFFECTS: readonly Effect[] = ['allow', 'deny', 'require_approval'];

/** The fields that name something, each of which can be looked for with `*`. */
export const NAMED = ['grant', 'owner', 'server', 'tool'] as const;
