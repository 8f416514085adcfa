import type { Call } from '../../wire/call.ts';
import type { Json } from '../../wire/json.ts';
import type { Facts, Subject, Target } from '../decision.ts';
import type { SqlParsers } from '../sql/parsers.ts';

/** A document in force: as it was read, and which version of it. A `NamedPolicy` is one. */
interface VersionInForce {
  readonly document: Json;
  /** SHA-256 of the canonical document, lower-case hex. */
  readonly digest: string;
}

/** What holds for the call; the baseline where there is one. */
interface DocumentsInForce {
  readonly policy: VersionInForce;
  readonly baseline: VersionInForce | undefined;
}

/** The call for which a person was asked, and which rule asked. */
export interface Ask {
  readonly subject: Subject;
  readonly call: Call;
  readonly target: Target;
  readonly rule: { readonly document: 'policy' | 'baseline'; readonly pointer: string };
  /** Now, wall time in ms since the epoch: the expiry counts from it. */
  readonly at: number;
  /** How often calls were let through, where the rules look at that; without it they are taken to be the first ones. */
  readonly calls?: Facts['calls'];
}

/** What one argument may be in calls that are to pass. */
export type Bound =
  /** This very value. */
  | { readonly kind: 'exact' }
  /** A number from 0 up to this one. */
  | { readonly kind: 'up to' }
  /** A path within this folder; without one within the folder in which the file of the call lies. */
  | { readonly kind: 'within folder'; readonly folder?: string }
  /** A URL of this scheme and host. */
  | { readonly kind: 'same host' }
  /** A text that begins so. */
  | { readonly kind: 'begins with'; readonly prefix: string }
  /** Any value of the same type. */
  | { readonly kind: 'any value' };

/** What a person may choose; what is left out is the narrowest. */
export interface Wishes {
  /** By the name of the argument; exact for those not named. */
  readonly bounds?: ReadonlyMap<string, Bound>;
  /** The last day on which it holds, `YYYY-MM-DD` in UTC: today or at most 366 days from now; 30 days from now without it. */
  readonly until?: string;
  /** At most so many such calls in the window pass by themselves; beyond it a person is asked again. */
  readonly limit?: { readonly max: number; readonly window: string | number };
}

/** All that a proposal is made from. */
export interface Question {
  readonly documents: DocumentsInForce;
  readonly ask: Ask;
  readonly wishes?: Wishes;
  /** Of the documents' `sql_only`. */
  readonly parsers?: SqlParsers;
  /** Counters of other policies of the same server, as `Policy.counters` names them, so that a new one is none of theirs. */
  readonly counters?: ReadonlySet<string>;
  /** All servers on which the document holds for the grant: conditions do not tell servers apart. */
  readonly servers?: { readonly policy: readonly string[]; readonly baseline: readonly string[] };
}

/** A document with the exceptions in it. */
export interface DocumentChange {
  readonly document: 'policy' | 'baseline';
  readonly before: Json;
  readonly after: Json;
  /** Of `before`, as it was given: the change fits no other version. */
  readonly digest: string;
  /** The rules that asked, as pointers into `before`. */
  readonly rules: readonly string[];
}

/** What an argument could be bound to, for people to choose from; `exact` is always first. */
export interface Choice {
  readonly argument: string;
  readonly value: Json;
  readonly bounds: readonly Bound[];
}

export interface ExceptionProposal {
  readonly kind: 'proposal';
  /** One for each document that asks; all of them are needed. */
  readonly changes: readonly [DocumentChange, ...DocumentChange[]];
  /** One sentence for people: which calls pass by themselves then. */
  readonly admits: string;
  /** The last day, `YYYY-MM-DD` in UTC. */
  readonly until: string;
  readonly choices: readonly Choice[];
  /** What a person should know before accepting; one sentence each. */
  readonly notes: readonly string[];
}

export interface NoProposal {
  readonly kind: 'none';
  /** Why there is none, and what to do instead. */
  readonly reason: string;
}

export type Proposal = ExceptionProposal | NoProposal;
