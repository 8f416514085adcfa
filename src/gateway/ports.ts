import type { LimitAfter, Verdict } from '../policy/count/verdict.ts';
import type { CounterKey, Reservation } from '../policy/decision.ts';
import type { Era } from '../wire/era.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import type { Consultation } from './approvals/approval-ports.ts';
import type { StoredLink } from './audit/audit-ports.ts';
import type { Passage } from './passage.ts';
import type { Permit } from './permit.ts';
import type { ServerPins, ToolPin } from './pins/server-pins.ts';

// ---------------------------------------------------------------- time, chance, secrets

export interface Clock {
  /** Wall time, milliseconds since the epoch: for records and for conditions on the time. */
  now(): number;
  /** Milliseconds that never run backwards and never fall behind the wall: for limits. */
  tick(): number;
  /** How far `tick` is ahead of the machine's monotonic clock, which all processes share: ms, never less than before. */
  lead(): number;
  /** Milliseconds with a fraction, of no particular origin: for measuring how long something took. */
  elapsed(): number;
  /** Calls `action` once after `ms`; the answer cancels it. */
  after(ms: number, action: () => void): () => void;
}

export interface Crypto {
  /** A fresh unguessable id of at least 128 bits, URL-safe. */
  id(): string;
  /** Keyed digest (HMAC-SHA256, hex) of a text; the key stays in the data folder. */
  digest(text: string): string;
}

// ---------------------------------------------------------------- store

/** What was added where; a refund needs it, and it can be used once. Opaque to all but the store that made it. */
export interface Receipt {
  readonly id: string;
}

export type { LimitAfter, Verdict };

/** One link to be written: `kind` says what it tells, `body` is canonical JSON. */
export interface Entry {
  /** The id of the pass; an outcome carries the id of its call. */
  readonly id: string;
  readonly kind: RecordKind;
  /** Wall time, ms since the epoch. */
  readonly at: number;
  /** Canonical JSON, one line. */
  readonly body: string;
}

/** `call`: a decision; `refused`: a message that never became a call; `outcome`: what came of a call; `event`: life of the gateway and its sessions. */
export type RecordKind = 'call' | 'refused' | 'outcome' | 'event';

/** One decided call, to be reserved and recorded together or not at all. */
export interface Pass {
  readonly id: string;
  readonly at: number;
  /**
   * `Clock.tick` and, read after it, `Clock.lead`. Called inside the transaction: a pass that waited for a lock counts at the
   * moment when it passes, not when it began to wait.
   */
  tick(): number;
  lead(): number;
  /** How often calls were let through: read in the transaction, before `judge` is asked. */
  readonly counts: readonly CounterKey[];
  /** What is to be reserved. Pure; called inside the transaction, once. `counts` holds every key that was asked for. */
  judge(counts: ReadonlyMap<string, number>): Plan;
}

/** What a pass asks of the counters. */
export interface Plan {
  /** Checked in this order, all of them or none. */
  readonly reservations: readonly Reservation[];
  /** `check`: only whether all would fit; nothing is added before a person has answered. */
  readonly mode: 'take' | 'check';
  /** One more call let through; added, with `take`, when all reservations fit. */
  readonly tallies: readonly CounterKey[];
  /** Canonical JSON of arguments to be kept whole: sealed beside the record, in the same transaction. */
  readonly value?: string | undefined;
  /** Reserved apart, all or none, when the others were; they never stop the call. */
  readonly shadow: readonly Reservation[];
  /**
   * Whether, for this verdict, a person must have approved of the call; undefined when that is not the question. Pure; called inside the
   * transaction, once, before `body`.
   */
  consult?(verdict: Verdict): Consultation | undefined;
  /** The record's body for the verdicts, and the tick by which they were found. Pure; called inside the transaction, once. */
  body(verdict: Verdict, shadow: Verdict, tick: number): string;
}

export interface Committed {
  readonly verdict: Verdict;
  readonly receipt: Receipt;
  readonly limits: readonly LimitAfter[];
  /** The verdict over the limits in shadow. */
  readonly shadow: Verdict;
}

export interface StoredRecord extends StoredLink {
  readonly kind: RecordKind;
}

/** A record at its place in the order in which all writers wrote: `n` grows, with gaps where records were removed. */
export interface PlacedRecord extends StoredRecord {
  readonly n: number;
}

export interface ListedRecord extends StoredRecord {
  /** Body of the outcome of this call, once there is one. */
  readonly outcome: string | undefined;
}

/**
 * The one store. Every method rejects with `StoreFault` if the store cannot be trusted to have done it.
 * Calls of one tick are batched into one transaction (one round trip for a remote store).
 */
export interface Store {
  /** Reserves all of the pass's limits or none, and writes its record, in one transaction. */
  commit(pass: Pass): Promise<Committed>;
  /** Writes a record that reserves nothing. With a receipt, gives back what it reserved, once and in its own window. */
  append(entry: Entry, refund: Receipt | undefined): Promise<void>;
  /** Resolves when all that was written before the call is synced to the disk. */
  synced(): Promise<void>;
  /** Records newest first; outcomes are joined to their calls and not listed by themselves. */
  newest(limit: number): AsyncIterable<ListedRecord>;
  /** Every link of every writer, writer by writer, in order of `seq`. */
  links(): AsyncIterable<StoredLink>;
  /** Hashes of the tokens that the gateway made itself, by grant. */
  tokenHashes(): Promise<ReadonlyMap<string, string>>;
  /** Replaces all of them, or none: a grant that is not among them has no such token any more. */
  saveTokenHashes(hashes: ReadonlyMap<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** What becomes of a server's pins: the tools that are named are kept as told, the others as they were. */
export interface PinPlan {
  /** Undefined: nothing is kept of the tool any more. */
  readonly tools: ReadonlyMap<string, ToolPin | undefined>;
  readonly records: readonly Entry[];
}

/** Where accepted definitions of tools are kept. Every method rejects with `StoreFault` if the store cannot be trusted to have done it. */
export interface PinStore {
  /** What is kept of a server's tools; of edition 0 when no list of it was ever noted. */
  pins(server: string): Promise<ServerPins>;
  /** The present edition for each server of which a list was noted; cheap enough to be asked twice a second. */
  pinEditions(): Promise<ReadonlyMap<string, number>>;
  /**
   * Changes a server's pins and writes the records of it in one transaction, and gives what is kept then. `plan` is pure and called
   * inside the transaction, once; `digest` is SHA-256 in lower-case hex. When it gives nothing, nothing is written.
   */
  changePins(
    server: string,
    plan: (now: ServerPins, digest: (text: string) => string) => PinPlan | undefined,
  ): Promise<ServerPins>;
  close(): Promise<void>;
}

/** The store cannot do what was asked: locked, full, read-only, closed, corrupt. */
export class StoreFault extends Error {
  override name = 'StoreFault';
}

// ---------------------------------------------------------------- upstream

/** What a connection to a server tells the session that owns it. Called in the order in which things happen. */
export interface ConnectionEvents {
  /** A strictly read message. `via` is our request id on whose own response stream it came, where the transport knows it. */
  received(message: Message, via: number | undefined): void;
  /** The message with this id of ours got no answer: `unsent` if nothing of it can have reached the server, else `lost`. */
  failed(id: number, how: 'unsent' | 'lost', reason: string): void;
  /**
   * The server ended the response stream of this request of ours for now; the connection comes back for the rest by itself.
   * `retryMs`: after which time it asked to be asked, if it said so.
   */
  paused(via: number, retryMs: number | undefined): void;
  /** Something that is no message (a line of text, a broken message): for the log only. */
  noise(what: string): void;
  /** The connection is over; nothing follows. Open requests are settled by the owner. */
  closed(reason: string): void;
}

/** One connection to one server, for one session. */
export interface Connection {
  /**
   * Hands one message over, written by our own serialiser. Never throws: failures come by `failed` (requests) or `noise`.
   * INVARIANT: accepts nothing but a Permit or a Passage, which only the gateway makes.
   */
  send(pass: Permit | Passage): void;
  /** Reads nothing more from the server until `resume`, so that a client that reads slowly slows its server. Idempotent, as `resume` is. */
  pause(): void;
  resume(): void;
  /** Ends the connection and everything that belongs to it. Idempotent; `closed` is not called afterwards. Resolves when nothing is left. */
  close(): Promise<void>;
}

export interface Upstream {
  /** Over HTTP messages carry headers, and are asked for by header; over stdio not. */
  readonly transport: 'stdio' | 'http';
  /** What it is, beside its name: its command or address. May hold secrets: for digests only. Undefined: known by its name alone. */
  readonly identity?: string;
  /** `era`: how the connection is to speak. A legacy one is a session that begins with `initialize`; a modern one has none. */
  connect(events: ConnectionEvents, era: Era): Connection;
  /** Ends all connections; resolves when no child, socket or timer is left. */
  close(): Promise<void>;
}

// ---------------------------------------------------------------- front

/** The client's side of one request: what came beside its message, and the way back. */
export interface Sink {
  /** Values of the `Mcp-Param-*` headers by the rest of their lower-case names; undefined where the transport has no headers. */
  readonly paramHeaders: ReadonlyMap<string, string> | undefined;
  /** Sends a notification or a request that belongs to this request of the client. False when the client is gone. */
  push(message: JsonObject): boolean;
  /** The answer will take long: whatever tells the client to wait is sent now. False for a client that cannot be told, or is gone. */
  open(): boolean;
  /** Whether the client waits for the answer at this moment, as far as the transport can tell. */
  isWaiting(): boolean;
  /** The server lets go of its stream for now; a stream that can be resumed is let go of too, others stay. */
  pause(retryMs: number | undefined): void;
}

/** The client's side of a session. */
export interface Front {
  /** Whether a stream beside the requests is open now (always, over stdio). */
  attached(): boolean;
  /** Sends a message that belongs to no request; kept for the next stream, within bounds, while none is open. */
  push(message: JsonObject): void;
  /** The session is over: end its streams. */
  ended(reason: string): void;
}
