import type { CheckpointPace } from '../gateway/audit/audit-ports.ts';
import { keysOf } from '../policy/shape.ts';
import { CHECKPOINT_RECORDS, CHECKPOINT_SECONDS, DEFAULT_PACE } from './checkpoint-bounds.ts';
import { DAY_MS, KEEP_DAYS, KEEP_SIZE, type Keep, keepSize } from './keep-bounds.ts';
import { readExports } from './read-exports.ts';
import { readValueKeys } from './read-value-keys.ts';
import { type Item, knownKeys, member, type Reading, say, textAt, wholeAt, wordAt } from './reading.ts';
import type { AuditSettings } from './settings.ts';
import { sizeWords } from './size.ts';
import { AUDIT, CHECKPOINT, KEEP } from './vocabulary.ts';
import { PRIVACIES, SYNCS } from './words.ts';

const STANDARD: AuditSettings = {
  arguments: 'redacted',
  values: { key: undefined, earlier: [] },
  sync: 'interval',
  checkpoints: DEFAULT_PACE,
  exports: new Map(),
  keep: undefined,
};

/** Reads `audit`: what the log keeps, when it is on the disk, how often it is signed, where it goes, and when it is removed. `folder`: that of the configuration. */
export function readAudit(reading: Reading, item: Item | undefined, folder: string): AuditSettings {
  if (item === undefined || !knownKeys(reading, item, keysOf(AUDIT))) return STANDARD;
  return {
    arguments: wordAt(reading, member(item, 'arguments'), PRIVACIES) ?? STANDARD.arguments,
    values: readValueKeys(reading, member(item, 'values'), folder),
    sync: wordAt(reading, member(item, 'sync'), SYNCS) ?? STANDARD.sync,
    checkpoints: readPace(reading, member(item, 'checkpoint')),
    exports: readExports(reading, member(item, 'export'), folder),
    keep: readKeep(reading, member(item, 'keep')),
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

function readKeep(reading: Reading, item: Item | undefined): Keep | undefined {
  if (item === undefined || !knownKeys(reading, item, keysOf(KEEP))) return undefined;
  const [days, size] = [member(item, 'days'), member(item, 'size')];
  if (days === undefined && size === undefined)
    return say(reading, item.pointer, 'must say "days", "size", or both; leave it out to keep everything');
  const read = wholeAt(reading, days, KEEP_DAYS);
  return { ms: read === undefined ? undefined : read * DAY_MS, bytes: readSize(reading, size) };
}

function readSize(reading: Reading, item: Item | undefined): number | undefined {
  const text = textAt(reading, item);
  if (text === undefined || item === undefined) return undefined;
  const { least, most } = KEEP_SIZE;
  return (
    keepSize(text) ??
    say(
      reading,
      item.pointer,
      `must be a size such as "500MiB" or "2GiB", from ${sizeWords(least)} to ${sizeWords(most)}`,
    )
  );
}
