import type { ValueSealer } from '../../gateway/audit/audit-ports.ts';
import type { Writer } from './chain.ts';
import type { Checkpointer } from './checkpoint.ts';
import type { Database } from './driver.ts';
import type { Sealing, Parts as SealingParts } from './sealing.ts';
import type { WalSync } from './wal-sync.ts';

/**
 * When the log reaches the disk. `interval`: within 10 ms of a commit. `before-send`: a commit resolves after it.
 * `before-reply`: it is begun with the commit, and `synced` waits for it.
 */
export type SyncMode = 'interval' | 'before-send' | 'before-reply';

export interface Parts {
  readonly path: string;
  readonly db: Database;
  readonly writer: Writer;
  readonly sync: SyncMode;
  readonly walSync: WalSync;
  readonly checkpointer: Checkpointer;
  /** How many values of `per` may live in one family: 10,000 unless told. */
  readonly mostValues?: number;
  /** What seals arguments that are kept whole; undefined where nothing is. */
  sealer?(): ValueSealer | undefined;
  /** Makes what signs the log, given a way to write; without it nothing is signed. */
  readonly sealing?: (how: Pick<SealingParts, 'write' | 'changed'>) => Sealing;
  /** Lets go of the log's file; the database itself is closed here. */
  release(): Promise<void>;
}
