import type { Entry } from '../ports.ts';
import type { Approval } from './approval.ts';

/** What a pass that needs a person's approval looks up, and what becomes of it. */
export interface Consultation {
  readonly key: string;
  readonly grant: string;
  readonly server: string;
  /** The name of what is called. */
  readonly name: string;
  /** Pure; called inside the transaction, once. `tick`: as the pass counts. */
  settle(known: KnownApprovals, tick: number): ApprovalRuling;
}

/** What is kept that bears on a call. */
export interface KnownApprovals {
  /** Approvals of this very call (by its key), the last asked first: all that are not over, and the last 20 that are. */
  readonly same: readonly Approval[];
  /** Of the same grant, server and name with another key, approved and not used: the last 5, the last asked first. */
  readonly siblings: readonly Approval[];
  /** Questions of the grant that wait, were denied or void, and have not expired: on all servers, and of those the ones about this server and name. */
  readonly openOfGrant: number;
  readonly openOfName: number;
}

/** `pass`: all reservations are taken, also where a limit would have asked. `stop`: nothing is reserved. */
export interface ApprovalRuling extends ApprovalChanges {
  readonly effect: 'pass' | 'stop';
}

/** What is written in one transaction. */
export interface ApprovalChanges {
  /** New ones, and old ones in their new state, by id; the store gives each its edition. */
  readonly approvals: readonly Approval[];
  readonly records: readonly Entry[];
  readonly notices: readonly Notice[];
}

/** Something that people are told of outside: one row for each hook, kept until it is delivered or given up. */
export interface Notice {
  readonly id: string;
  /** The hook's name in the configuration. */
  readonly hook: string;
  /** Such as `approval.asked`. */
  readonly event: string;
  /** Wall time, ms since the epoch. */
  readonly at: number;
  /** JSON, one line; without secrets. */
  readonly body: string;
}

/** A notice that somebody is to deliver now. */
export interface DueNotice extends Notice {
  /** How often it was tried before. */
  readonly attempts: number;
}

/** The moment of a transaction, asked for inside of it; as in `Pass`. */
export interface TransactionClock {
  tick(): number;
  lead(): number;
}

/** An approval that was changed, and its edition now. */
export interface ChangedApproval {
  readonly id: string;
  readonly edition: number;
}

/** Which approvals are wanted: all conditions that are given hold. The last asked first. */
export interface ApprovalFilter {
  /** `waiting`: open only. `live`: open and approved. */
  readonly which: 'waiting' | 'live' | 'all';
  readonly grant?: string;
  readonly server?: string;
  readonly name?: string;
  /** Only those that were asked before this one (by `edition` of asking, that is in order of asking): for paging. */
  readonly before?: string;
  readonly limit: number;
}

/** Where questions to people are kept. Every method rejects with `StoreFault` if the store cannot be trusted to have done it. */
export interface ApprovalStore {
  approval(id: string): Promise<Approval | undefined>;
  approvals(filter: ApprovalFilter): Promise<readonly Approval[]>;
  /** The approval of a call of this name on this server that was used last, other than `except`. */
  lastUsed(server: string, name: string, except: string): Promise<Approval | undefined>;
  /** Grows with every change; cheap enough to be asked four times a second. */
  approvalEdition(): Promise<number>;
  /** Those that were changed after an edition, the first changed first; what was forgotten since is not among them. */
  changedSince(edition: number, limit: number): Promise<readonly ChangedApproval[]>;
  /** The tick of a moment as transactions count it now, which a clock by itself may be behind. Writes nothing. */
  tickNow(clock: TransactionClock): Promise<number>;
  /** Changes one approval in a transaction. `plan` is pure, and called inside of it, once; undefined changes nothing. Gives what is kept then. */
  changeApproval(
    id: string,
    clock: TransactionClock,
    plan: (now: Approval | undefined, tick: number) => ApprovalChanges | undefined,
  ): Promise<Approval | undefined>;
  /** Hands those that are not over and whose time has come (500 at most) to `plan`, in one transaction; says how many there were. */
  expireApprovals(
    clock: TransactionClock,
    plan: (late: readonly Approval[], tick: number) => ApprovalChanges,
  ): Promise<number>;
  /** Forgets approvals that were over before this wall time, but for the last used one of each server and name. */
  forgetApprovals(before: number): Promise<void>;
  /** Writes records and notices together. */
  announce(records: readonly Entry[], notices: readonly Notice[]): Promise<void>;
  /**
   * Takes notices that are due for one of the hooks, for `leaseMs`: nobody else is given them meanwhile, and they are due again afterwards.
   * The oldest first.
   */
  takeNotices(hooks: readonly string[], now: number, leaseMs: number, limit: number): Promise<readonly DueNotice[]>;
  /** As `takeNotices`, of any hook, those that were made before this wall time. */
  takeOldNotices(before: number, now: number, leaseMs: number, limit: number): Promise<readonly DueNotice[]>;
  /** Delivered or given up: forgotten, with its record if there is one. Else due again at `again`, with one more attempt. */
  settleNotice(id: string, outcome: { readonly again: number } | { readonly record: Entry | undefined }): Promise<void>;
}
