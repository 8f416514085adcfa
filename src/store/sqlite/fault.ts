import { setTimeout as pause } from 'node:timers/promises';
import { StoreFault } from '../../gateway/ports.ts';

/** How long a lock held by another process is waited for, in milliseconds. */
export const LOCK_DEADLINE_MS = 5_000;

const UNEXPECTED = 1;
const BUSY = 5;
const CORRUPT = 11;
const NO_DATABASE = 26;

/** What to do about SQLite's primary result codes. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [BUSY, 'another process has held its lock for 5 s; end that process or try again'],
  [8, 'it cannot be written; check the permissions of the file and its folder'],
  [10, 'reading or writing it failed; check the disk and its free space'],
  [11, 'it is damaged; restore it from a backup or start with another data folder'],
  [13, 'the disk is full; free some space'],
  [14, 'it cannot be opened; check that the folder exists and may be written'],
  [26, 'it is no SQLite database; move it away or choose another data folder'],
]);

/** Names the place and the remedy; the driver's own words go along as the cause. */
export function storeFault(path: string, error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  const words = error instanceof Error ? error.message : String(error);
  const remedy = REMEDIES.get(primaryCode(error) ?? -1);
  return new StoreFault(`store ${path}: ${remedy === undefined ? words : `${remedy} (${words})`}`, { cause: error });
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY;
}

/** Whether a file is not what SQLite wrote, or not what its reader expects. */
export function isDamaged(error: unknown): boolean {
  const code = primaryCode(error);
  return (
    code === UNEXPECTED || code === CORRUPT || code === NO_DATABASE || (code === undefined && error instanceof Error)
  );
}

/** Repeats what another process's lock prevents, off the event loop's back, until the deadline. */
export async function patiently<T>(path: string, action: () => T): Promise<T> {
  const deadline = performance.now() + LOCK_DEADLINE_MS;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw storeFault(path, error);
    }
    await pause(10);
  }
}

/** The low byte of an extended result code names the kind of error. */
function primaryCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
