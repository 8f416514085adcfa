import type { Link } from '../audit-link.ts';
import type { Entry, ListedRecord, PlacedRecord } from '../ports.ts';
import type { SignedText } from './seal.ts';

/** A key that signs checkpoints. */
export interface SigningKey {
  /** SHA-256 of the 32 bytes of the public key, lower-case hex. */
  readonly id: string;
  /** These bytes, lower-case hex. */
  readonly public: string;
  /** Ed25519 over the UTF-8 of the text, lower-case hex; away from the event loop. */
  sign(text: string): Promise<string>;
}

export interface Signer {
  /**
   * The key of that id; without one the key that is there, which is made if there is none. Asked for every checkpoint, since another
   * process may have put a new one in its place. Rejects with `StoreFault`.
   */
  key(id: string | undefined): Promise<SigningKey>;
}

/** How often a writer's records are signed: after so many, and no later than so long after the first that is not. */
export interface CheckpointPace {
  readonly records: number;
  readonly ms: number;
}

/** A link as it is stored; it need not be one that this program wrote. */
export interface StoredLink extends Link {
  /** Lower-case hex SHA-256. */
  readonly hash: string;
}

export interface StoredSeal extends SignedText {
  readonly n: number;
  /** What is kept beside the text to find it by: null for a key. */
  readonly writer: string | null;
  readonly size: number;
  /** The subtrees' roots of a checkpoint's tree, put together, so that what comes after it can be checked alone. */
  readonly frontier: string;
}

/** A key that seals values, itself sealed by a key of the configuration. */
export interface WrappedKey {
  readonly id: string;
  /** Which key of the configuration opens it. */
  readonly master: string;
  readonly wrapped: Uint8Array;
}

/** Seals what is kept whole, under a key that only this process has open. */
export interface ValueSealer {
  readonly key: WrappedKey;
  /** `record`: the id of the record that it belongs to; sealed under another it does not open. */
  seal(record: string, text: string): Uint8Array;
}

/** Arguments that are kept whole, as they lie in the store. */
export interface KeptValue {
  readonly key: WrappedKey;
  readonly sealed: Uint8Array;
}

/** Opens what was sealed: the text; `locked` where no key for it is there; `broken` where it was changed. */
export interface ValueOpener {
  open(record: string, kept: KeptValue): { readonly text: string } | 'locked' | 'broken';
}

/** Which values are to be erased; of approvals that are over those of the same grant, server and name. */
export interface ErasedBatch {
  /** Places of records whose values go. */
  readonly places: readonly number[];
  readonly record: Entry;
}

/** What changes kept arguments. Every method rejects with `StoreFault` if the store cannot be trusted to have done it. */
export interface ValueKeeping {
  /**
   * Has the keys of values wrapped otherwise, and writes the record of it, in one transaction; gives how many. `anew` is pure and gives undefined
   * for those that stay as they are.
   */
  rewrap(anew: (key: WrappedKey) => WrappedKey | undefined, record: (count: number) => Entry): Promise<number>;
  /** Erases values and writes the record of it in one transaction. What is erased is overwritten in the database. */
  erase(batch: ErasedBatch): Promise<void>;
  /** Erases the questions of a grant that are over and count for nothing any more, with the record of it; gives how many. */
  eraseQuestions(which: QuestionsOf, record: (count: number) => Entry): Promise<number>;
  /** Moves all into the database, so that what was erased is gone from the write-ahead log as well; false while somebody else reads or writes. */
  flushLog(): Promise<boolean>;
}

export interface QuestionsOf {
  readonly grant: string;
  readonly server: string | undefined;
  readonly name: string | undefined;
  /** `Clock.tick`: those that would still stand are left. */
  readonly tick: number;
}

/** Arguments that are kept whole. Methods reject with `StoreFault`. */
export interface ValueReading {
  /** The next records after the place `n` whose arguments are kept whole, at most `limit`. */
  withValues(n: number, limit: number): Promise<readonly PlacedRecord[]>;
  /** The keys that values are sealed with. */
  valueKeys(): Promise<readonly WrappedKey[]>;
  /** By the places of their records, from `first` to `last`. */
  values(first: number, last: number): Promise<ReadonlyMap<number, KeptValue>>;
}

/** What of the log is to go: undefined where that is no reason. */
export interface PruneWish {
  /** All that was signed before this time (ms). */
  readonly signedBefore: number | undefined;
  /** The oldest, until the store has no more bytes in use. */
  readonly mostBytes: number | undefined;
  /** The place from which on every record stays: what is not delivered yet. */
  keptFrom(): Promise<number>;
  /** Asked again and again: whether to stop here. What is not removed by then is left over. */
  isOver(): boolean;
}

/** What a run removed, or would. */
export interface Pruned {
  readonly records: number;
  readonly writers: number;
  /** When the last of them was signed (ms); undefined where nothing is removed. */
  readonly until: number | undefined;
  readonly why: ReadonlySet<PruneReason>;
  /** The bytes in use by the store after it, or before what would be removed. */
  readonly bytes: number;
  /** What stays although it should go, each in a line. */
  readonly faults: readonly string[];
}

/** `left over`: a run before it was not finished. */
export type PruneReason = 'age' | 'size' | 'left over';

/** Retention: only what a checkpoint covers can go, and only from the beginning of its writer. Methods reject with `StoreFault`. */
export interface LogPruning {
  /** Removes, a little at a time; one run after the other. */
  prune(wish: PruneWish): Promise<Pruned>;
  /** The first place that one of these exports, or of all that ever were, has not delivered; `Infinity` without any. */
  firstUndelivered(exports: ReadonlySet<string> | 'all'): Promise<number>;
}

/** Where the links of a writer begin: after this one, the last that retention removed. */
export interface RemovedLink {
  readonly seq: number;
  readonly hash: string;
}

/** The log in the order in which all writers wrote. Methods reject with `StoreFault`. */
export interface LogReading {
  /** The next records after the place `n`, of every kind, at most `limit`. */
  after(n: number, limit: number): Promise<readonly PlacedRecord[]>;
  /** The last records before the place `n`, newest first, at most `limit`. */
  before(n: number, limit: number): Promise<readonly PlacedRecord[]>;
  /** The place after which records begin that are no older than `at` (ms); as exact as the clocks of the writers were. */
  placeBefore(at: number): Promise<number>;
}

/** What tells of a call what was asked and decided, at its place. */
export type DecidedRecord = Pick<PlacedRecord, 'n' | 'id' | 'kind' | 'at' | 'body'>;

/** The log for those who go through its calls again. Methods reject with `StoreFault`. */
export interface CallLog extends Pick<LogReading, 'placeBefore'> {
  /** The next decisions and refused messages after the place `n`, and of outcomes those that gave back what their call took; at most `limit`. */
  decided(n: number, limit: number): Promise<readonly DecidedRecord[]>;
  /** The ids of calls after the place `n` that gave back what they took. */
  givenBack(n: number): Promise<ReadonlySet<string>>;
  /** The first record of all; undefined in an empty log. */
  first(): Promise<Pick<PlacedRecord, 'n' | 'at'> | undefined>;
}

/** The log as those see it who list and check it. Methods reject with `StoreFault`. */
export interface AuditLog extends LogReading, ValueReading, CallLog {
  /** Records newest first; outcomes are joined to their calls and not listed by themselves. */
  newest(limit: number): AsyncIterable<ListedRecord>;
  /** Every link of every writer, writer by writer, in order of `seq`; of the writers that are named only those after that `seq`. */
  links(after?: ReadonlyMap<string, number>): AsyncIterable<StoredLink>;
  /** Every link of one writer. */
  linksOf(writer: string): AsyncIterable<StoredLink>;
  /** The links that carry this id, in the order in which they were written. */
  linksWith(id: string): Promise<readonly StoredLink[]>;
  /** What is kept whole beside the link with this number of the writer with this id; undefined where nothing is, or no longer. */
  valueOf(writer: string, seq: number): Promise<KeptValue | undefined>;
  /** All seals in the order of their numbers; undefined in a folder of a version that signed nothing. */
  seals(): AsyncIterable<StoredSeal> | undefined;
  /** By the ids of writers. */
  removed(): Promise<ReadonlyMap<string, RemovedLink>>;
  /** What a run of retention would remove. */
  foresee(wish: PruneWish): Promise<Pruned>;
  firstUndelivered: LogPruning['firstUndelivered'];
  /** Lets all that is read from here on be of this one moment. */
  freeze(): Promise<void>;
  close(): Promise<void>;
}
