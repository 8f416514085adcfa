import type { RiskClass } from '../../policy/decision.ts';
import type { CallKind } from '../../wire/call.ts';

/**
 * The life of a question. `open` waits for a person; `approved` may be used once; the others are the end of it: `denied` by a person, `expired`
 * without an answer or unused, `used` by the pass that sent the call, `void` when what was approved is not what would be sent any more.
 */
export type ApprovalState = 'open' | 'approved' | 'denied' | 'expired' | 'used' | 'void';

/** The rule that asked, as it stood when it did. */
export interface AskingRule {
  readonly document: 'policy' | 'baseline';
  /** A JSON Pointer into the document. */
  readonly pointer: string;
  /** The entry's own `id`, where it has one. */
  readonly id: string | undefined;
  /** What the rule says, by a digest: an edit elsewhere in the document leaves it the same, also when the pointer shifts. */
  readonly mark: string;
}

/** Who may answer, and how many must agree; strictest of the policy and the baseline. */
export interface Quorum {
  readonly count: number;
  /** Lists of which a person must satisfy every one: by a role of it, or by name as an owner of it. None: any approver or admin. */
  readonly lists: readonly { readonly roles: readonly string[]; readonly owners: readonly string[] }[];
}

/** What a question is about. None of it changes as long as the question lives. */
export interface Subject {
  readonly grant: string;
  readonly owner: string;
  readonly server: string;
  readonly kind: CallKind;
  /** The MCP method, e.g. `tools/call`. */
  readonly method: string;
  /** The tool's name, the resource's URI, the prompt's name. */
  readonly name: string;
  readonly class: RiskClass;
  /** Canonical JSON of the call's params without `_meta`, `inputResponses`, `requestState`: what is approved is what is sent. */
  readonly params: string;
  /** SHA-like digest of the tool's definition as it was listed; undefined for what is no tool. */
  readonly definition: string | undefined;
  /** Title and description as the server lists them, shortened: a server's words, not to be trusted. */
  readonly description: string | undefined;
  readonly rule: AskingRule;
  /** Why a person is asked, as the agent is told. */
  readonly reason: string;
  readonly client: { readonly name: string | undefined; readonly version: string | undefined };
  /** The session, or, in the modern era, undefined. */
  readonly session: string | undefined;
  readonly quorum: Quorum;
  /** Marks of the limits beyond which the call was when it was asked: no others may be lifted by the answer. */
  readonly beyond?: readonly string[] | undefined;
}

/** Through what a person spoke. */
export type Channel = 'command line' | 'api' | 'page' | 'form' | 'client';

/** One person's answer. */
export interface Answer {
  /** The person's name; of a local user, the name of the account. */
  readonly by: string;
  readonly said: 'approve' | 'deny';
  readonly channel: Channel;
  /** Wall time, ms since the epoch. */
  readonly at: number;
  readonly note: string | undefined;
  /** Who that was: a digest of name, roles and credentials, as the configuration named them. A yes counts while it names them so. */
  readonly mark?: string | undefined;
}

/** Arguments that an approver put in the place of the agent's. */
export interface Edit {
  readonly by: string;
  /** Canonical JSON, as `Subject.params`. */
  readonly params: string;
}

export interface Approval {
  /** `ap_` and at least 128 random bits. Opens nothing by itself. */
  readonly id: string;
  /** Digest of grant, server, method and params: the same call has the same key. */
  readonly key: string;
  readonly state: ApprovalState;
  /** Grows with every change of any approval in the store; 0 before it was written. */
  readonly edition: number;
  /** Wall time, ms since the epoch. */
  readonly askedAt: number;
  /** `Clock.tick` from which it is worth nothing: time that never runs backwards. */
  readonly expires: number;
  readonly subject: Subject;
  readonly answers: readonly Answer[];
  readonly edit: Edit | undefined;
  /** The pass that used it, and when (wall, ms). */
  readonly used: { readonly pass: string; readonly at: number } | undefined;
  /** What ended it, in one sentence: a person's reason, or what does not fit any more. */
  readonly why: string | undefined;
}

/** Characters of params. Nobody can decide about more. */
export const MOST_PARAMS = 262_144;

export function isOver({ state }: Approval): boolean {
  return state !== 'open' && state !== 'approved';
}
