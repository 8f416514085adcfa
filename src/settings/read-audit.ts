import type { CheckpointPace } from '../gateway/audit/audit-ports.ts';
import { keysOf } from '../policy/shape.ts';
import { CHECKPOINT_RECORDS, CHECKPOINT_SECONDS, DEFAULT_PACE } from './checkpoint-bounds.ts';
import { readExports } from './read-exports.ts';
import { readValueKeys } from './read-value-keys.ts';
import { type Item, knownKeys, member, type Reading, wholeAt, wordAt } from './reading.ts';
import type { AuditSettings } from './settings.ts';
import { AUDIT, CHECKPOINT } from './vocabulary.ts';
import { PRIVACIES, SYNCS } from './words.ts';

const STANDARD: AuditSettings = {
  arguments: 'redacted',
  values: { key: undefined, earlier: [] },
  sync: 'interval',
  checkpoints: DEFAULT_PACE,
  exports: new Map(),
};

/** Reads `audit`: what the log keeps, when it is on the disk, how often it is signed, where it goes. `folder`: that of the configuration. */
export function readAudit(reading: Reading, item: Item | undefined, folder: string): AuditSettings {
  if (item === undefined || !knownKeys(reading, item, keysOf(AUDIT))) return STANDARD;
  return {
    arguments: wordAt(reading, member(item, 'arguments'), PRIVACIES) ?? STANDARD.arguments,
    values: readValueKeys(reading, member(item, 'values'), folder),
    sync: wordAt(reading, member(item, 'sync'), SYNCS) ?? STANDARD.sync,
    checkpoints: readPace(reading, member(item, 'checkpoint')),
    exports: readExports(reading, member(item, 'export'), folder),
  };
}

function readPace(reading: Reading, item: Item | undefined): CheckpointPace {
  if (item === undefined || !knownKeys(reading, item, keysOf(CHECKPOINT))) return DEFAULT_PACE;
  const seconds = wholeAt(reading, member(item, 'seconds'), CHECKPOINT_SECONDS);
  return {
    records: wholeAt(reading, member(item, 'records'), CHECKPOINT_RECORDS) ?? DEFAULT_PACE.records,
    ms: seconds === undefined ? DEFAULT_PACE.ms : seconds * 1000,
  };
}
