import { AsyncLocalStorage } from 'node:async_hooks';
import type { ApprovalChanges, ApprovalRuling } from '../../src/gateway/approvals/approval-ports.ts';
import type { Person } from '../../src/gateway/approvals/quorum.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import type { Obj } from '../kit/json-rpc.ts';
import type { Rules } from './law-12-rules.ts';

/** One message of a client, for all that follows from it. */
export interface Probe {
  readonly kind: 'call' | 'look' | 'update' | 'call off' | 'response';
  readonly n: number;
  /** Of the session that it came to. */
  readonly seat: string;
  readonly grant: string;
  readonly server: string;
  readonly params: Obj;
  /** What the client's user said with it to a question of the gateway's own. */
  readonly says: ClientSays | undefined;
  /** Whose question that was, or whose sealed state it brings back. */
  readonly parent: Probe | undefined;
  /** Brings back a state that the server gave. */
  readonly isLaterRound: boolean;
  /** It was taken back, or its way back is closed. */
  isGone: boolean;
  isClosed: boolean;
  isAsleep: boolean;
  reply: Obj | undefined;
  isOver: boolean;
  readonly pushed: Obj[];
}

export type ClientSays = 'tick' | 'untick' | 'accept' | 'decline' | 'cancel';

/** A person's answer. */
export interface Saying {
  readonly kind: 'saying';
  readonly id: string;
  readonly person: Person;
  readonly said: 'approve' | 'deny';
  readonly args: JsonObject | undefined;
}

export type Actor = Probe | Saying;

/** What happened, in the order of the transactions. */
export type Note =
  /** A pass was judged: by these rules, and the definition of its tool that this process takes for accepted. */
  | {
      readonly what: 'judged';
      readonly probe: Probe;
      readonly rules: Rules | undefined;
      readonly definitions: readonly number[];
      readonly owner: string;
    }
  | CommitNote
  | ChangeNote
  | { readonly what: 'refund'; readonly pass: string }
  | { readonly what: 'sent'; readonly probe: Probe | undefined; readonly seat: string; readonly params: Obj }
  | { readonly what: 'minted'; readonly probe: Probe; readonly state: string }
  /** `unsent`: the connection said that nothing of it went out. */
  | { readonly what: 'gone' | 'asleep' | 'awake' | 'answered' | 'unsent'; readonly probe: Probe }
  | { readonly what: 'killed'; readonly process: number }
  | { readonly what: 'trouble'; readonly told: string };

export interface CommitNote {
  readonly what: 'commit';
  readonly probe: Probe | undefined;
  readonly pass: string;
  readonly body: Obj;
  readonly ruling: ApprovalRuling | undefined;
  /** People who are none any more. */
  readonly strangers: readonly string[];
  /** As the store counts; undefined for a pass that looked for no approval. */
  readonly tick: number | undefined;
  /** By the machine: it must not be behind. */
  readonly least: number;
  isUndone: boolean;
}

export interface ChangeNote {
  readonly what: 'change';
  readonly actor: Actor | undefined;
  readonly changes: ApprovalChanges;
  readonly tick: number;
  readonly least: number;
  isUndone: boolean;
}

/** Who is at work: it goes along with every await. */
export const atWork = new AsyncLocalStorage<Actor>();

export const probeAtWork = (): Probe | undefined => {
  const actor = atWork.getStore();
  return actor === undefined || actor.kind === 'saying' ? undefined : actor;
};
