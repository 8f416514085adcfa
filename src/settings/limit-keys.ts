import type { Limits } from '../gateway/limits.ts';

/** One key of `limits`: which limit it sets, in what it is written, and within which bounds (bytes, seconds, or how many). */
export interface LimitKey {
  readonly sets: keyof Limits;
  readonly unit: 'bytes' | 'seconds' | 'number';
  readonly least: number;
  readonly most: number;
  readonly says: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** The greatest texts are well below what a JavaScript string can hold; the greatest depth is one at which no reader's stack ends. */
export const LIMIT_KEYS: { readonly [key: string]: LimitKey } = {
  message: bytes('messageBytes', KIB, 256 * MIB, 'The size of a message of a client over HTTP.'),
  line: bytes('lineBytes', KIB, 256 * MIB, 'The size of a line over stdio, and of one answer or event of a server.'),
  depth: many('depth', 8, 1000, 'Levels of arrays and objects in a message.'),
  nodes: many('nodes', 100, 10_000_000, 'Values in a message of a client.'),
  answer_nodes: many('answerNodes', 100, 10_000_000, 'Values in a message of a server.'),
  sessions: many('sessions', 1, 100_000, 'Open sessions of each grant; each may be a process of its own.'),
  calls: many('calls', 1, 100_000, 'Requests of each grant that wait for their answers at the same time.'),
  held: bytes('heldBytes', 64 * KIB, 4 * GIB, 'Messages that wait for answers, of each session or grant together.'),
  streams: many('streams', 1, 1000, 'Streams beside the requests of each session.'),
  listens: many('listens', 1, 10_000, 'Open subscriptions/listen of each grant.'),
  questions: many('questions', 1, 100_000, 'Questions that a server may ask of a client in ten seconds.'),
  replay_events: many(
    'replayEvents',
    0,
    100_000,
    'Events kept of each stream for a client that comes back; 0 for none.',
  ),
  replay_size: bytes('replayBytes', 0, 256 * MIB, 'The size of these events together; 0 for none.'),
  drain: {
    sets: 'drainMs',
    unit: 'seconds',
    least: 0,
    most: 3600,
    says: 'Seconds that a stop waits for requests in flight.',
  },
};

function bytes(sets: keyof Limits, least: number, most: number, says: string): LimitKey {
  return { sets, unit: 'bytes', least, most, says };
}

function many(sets: keyof Limits, least: number, most: number, says: string): LimitKey {
  return { sets, unit: 'number', least, most, says };
}
