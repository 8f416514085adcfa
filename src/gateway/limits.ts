/** How much anybody may send, ask, keep open or leave waiting: bytes, milliseconds, or how many. */
export interface Limits {
  /** Bytes of a client's message over HTTP. */
  readonly messageBytes: number;
  /** Bytes of a line over stdio, and of one answer or event of a server. */
  readonly lineBytes: number;
  /** Levels of arrays and objects in any message. */
  readonly depth: number;
  /** Values in a client's message. */
  readonly nodes: number;
  /** Values in a server's message. */
  readonly answerNodes: number;
  /** Sessions that one grant may have open. */
  readonly sessions: number;
  /** Requests of one grant in flight. */
  readonly calls: number;
  /** Bytes of messages that wait for answers, for each session, or for each grant where there are no sessions. */
  readonly heldBytes: number;
  /** Streams beside the requests of one session. */
  readonly streams: number;
  /** Open `subscriptions/listen` of one grant. */
  readonly listens: number;
  /** Questions that a server may ask of one client in ten seconds. */
  readonly questions: number;
  /** Events kept for each stream, for a client that comes back; 0 keeps none. */
  readonly replayEvents: number;
  /** Bytes of these events; 0 keeps none. */
  readonly replayBytes: number;
  /** How long a stop waits for requests in flight, ms; 0 does not wait. */
  readonly drainMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  messageBytes: 4 * MIB,
  lineBytes: 10 * MIB,
  depth: 100,
  nodes: 200_000,
  answerNodes: 1_000_000,
  sessions: 200,
  calls: 128,
  heldBytes: 32 * MIB,
  streams: 4,
  listens: 16,
  questions: 100,
  replayEvents: 1000,
  replayBytes: MIB,
  drainMs: 10_000,
};
