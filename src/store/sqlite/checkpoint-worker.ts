import { parentPort, workerData } from 'node:worker_threads';
import { numberIn, openDatabase } from './driver.ts';
import { isBusy } from './fault.ts';

/** Pages in the log from which the writers are made to wait a few milliseconds, so that the log can begin anew. */
const TOO_LONG = 4_096;
/** Bounds how long the writers are held up behind a reader. */
const BUSY_MS = 50;

// Runs as a thread of its own: `workerData` is the database's path, every message asks for one checkpoint.
const path: unknown = workerData;
if (typeof path !== 'string' || parentPort === null) throw new Error('the checkpoint worker needs a path and a parent');
const port = parentPort;
const db = openDatabase(path, { readOnly: false, busyMs: BUSY_MS });

port.on('message', (request: unknown) => {
  if (request === 'close') {
    db.close();
    port.close();
    return;
  }
  port.postMessage(checkpoint());
});

/** Answers `undefined`, or the words of what went wrong. */
function checkpoint(): string | undefined {
  try {
    if (move('PASSIVE') < TOO_LONG) return undefined;
    // PASSIVE never reaches the end of a log that grows all the while. RESTART does, and holds the writers up for as long as
    // it takes: the second PASSIVE leaves it little to do.
    move('PASSIVE');
    move('RESTART');
    return undefined;
  } catch (error) {
    if (isBusy(error)) return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Gives the number of pages in the log. */
function move(mode: 'PASSIVE' | 'RESTART'): number {
  return numberIn(db.prepare(`PRAGMA wal_checkpoint(${mode})`).get(), 'log');
}
