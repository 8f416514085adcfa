import type { Message } from '../wire/message.ts';
import type { ReadLimits } from '../wire/read-json.ts';
import type { Outbox, Outgoing } from './outbox.ts';
import type { RemoteSession } from './remote-session.ts';

/** What all connections to one remote server share. */
export interface RemotePlan {
  readonly maxBodyBytes: number;
  readonly read: ReadLimits;
  /** How long a server of 2024-11-05 may take to name the address for messages. */
  readonly endpointTimeoutMs: number;
  /** Masks what must not turn up in texts. */
  mask(text: string): string;
  onLog(line: string): void;
}

/** A request of ours that was POSTed. */
export interface Waiting {
  /** Whether its answer may still come. */
  readonly isWaiting: boolean;
  /** Its answer was passed on. */
  answered(): void;
  /** The server was told that nobody waits for it any more. */
  cancelled(): void;
  /** Ends it without a word. */
  drop(): void;
}

/** How messages travel over HTTP: it differs by revision. */
export interface Manner {
  post(pass: Outgoing): void;
  /** Ends its own timers and streams. */
  stop(): void;
  /** Tells the server that it is over, where servers are told. Resolves in a bounded time, and never rejects. */
  goodbye(): Promise<void>;
}

/** The connection, as the manner of its messages sees it. Nothing is told any more once it is over. */
export interface MannerHost {
  readonly plan: RemotePlan;
  readonly session: RemoteSession;
  readonly outbox: Outbox;
  /** This request waits for its answer, until `done`. */
  expect(id: number, waiting: Waiting): void;
  waiting(id: number): Waiting | undefined;
  done(id: number): void;
  /** Passes a message on; an answer only where its request waits for one. */
  received(message: Message, via: number | undefined): void;
  failed(id: number, how: 'unsent' | 'lost', reason: string): void;
  paused(id: number, retryMs: number | undefined): void;
  noise(what: string): void;
  /** The connection is over, by the server's doing. */
  over(reason: string): void;
  /** From now on messages travel in another manner. */
  become(manner: Manner): void;
}
