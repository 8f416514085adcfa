import type { JsonObject } from '../../wire/json.ts';
import type { Channel } from './approval.ts';
import type { Person } from './quorum.ts';
import type { ApprovalDetail, ApprovalSummary } from './view.ts';

/** Where people see questions and answer them. What it gives is the JSON of the API as it stands. */
export interface ApprovalDesk {
  list(which: ListedWhich, viewer: Viewer): Promise<readonly ApprovalSummary[]>;
  /** Undefined for an id that nobody knows. That it was shown is recorded. */
  show(id: string, viewer: Viewer): Promise<ApprovalDetail | undefined>;
  answer(id: string, answer: GivenAnswer, viewer: Viewer): Promise<Answered>;
  /** What rule would let this call, and no other, pass without a question. */
  propose(id: string, wish: ExceptionWish, viewer: Viewer): Promise<Proposed>;
  /** Writes a proposal as a new version of its policy; `digest`: of the proposal that was shown. */
  adopt(id: string, wish: ExceptionWish, digest: string, viewer: Viewer): Promise<Adopted>;
}

export interface ListedWhich {
  /** `waiting`: open; `live`: open and approved but not used; `all`. */
  readonly which: 'waiting' | 'live' | 'all';
  /** Only those that were asked before the one of this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Who looks: a person who showed a token or passphrase, or nobody in particular. Only a person answers. */
export interface Viewer {
  readonly person: Person | undefined;
  readonly channel: Channel;
  /**
   * Who that was when it was proved, as marked in `Answer`: whoever is another by now, by roles or secrets, is nobody. A desk that found
   * it out itself is not told. Without it nothing is answered and no rule written.
   */
  readonly credential?: string | undefined;
}

export interface GivenAnswer {
  readonly said: 'approve' | 'deny';
  readonly note: string | undefined;
  /** Arguments in the place of the agent's; undefined leaves them as they are. */
  readonly arguments: JsonObject | undefined;
}

/** `unknown`: no such question; `forbidden`: not by this person; `over`: answered, expired, used; `invalid`: the changed arguments cannot be. */
export type Answered =
  | { readonly kind: 'answered'; readonly approval: ApprovalSummary }
  | { readonly kind: 'unknown' | 'forbidden' | 'over' | 'invalid'; readonly reason: string };

/** How narrow the rule is to be. */
export interface ExceptionWish {
  /** The last day on which it holds, `YYYY-MM-DD`; undefined: 30 days from now. */
  readonly until: string | undefined;
  /** How each argument is bound, by its name, one of the choices that the proposal tells; those that are not named: exactly. */
  readonly widen: { readonly [argument: string]: string };
  /** At most so many such calls in the window; undefined: no limit of its own. */
  readonly limit: { readonly max: number; readonly window: string } | undefined;
}

export type Proposed =
  | {
      readonly kind: 'proposal';
      /** To be given to `adopt`, so that nothing else is adopted than what was shown. */
      readonly digest: string;
      /** In words, what will pass. */
      readonly admits: string;
      readonly until: string;
      /** What each argument may be bound to instead of its exact value. */
      readonly choices: { readonly [argument: string]: readonly string[] };
      readonly changes: readonly {
        /** The policy's name in the configuration. */
        readonly policy: string;
        /** Unified diff of the document. */
        readonly diff: string;
      }[];
    }
  | { readonly kind: 'none' | 'unknown' | 'forbidden'; readonly reason: string };

export type Adopted =
  | { readonly kind: 'adopted'; readonly policies: readonly { readonly policy: string; readonly digest: string }[] }
  | { readonly kind: 'changed' | 'none' | 'unknown' | 'forbidden' | 'unwritable'; readonly reason: string };
