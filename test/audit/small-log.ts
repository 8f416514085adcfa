import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/cli/run.ts';
import { rotateAuditKey } from '../../src/compose/rotate-audit-key.ts';
import { checkpointsBy } from '../../src/compose/signing-keys.ts';
import type { LogPruning, PruneWish } from '../../src/gateway/audit/audit-ports.ts';
import type { Store } from '../../src/gateway/ports.ts';
import { openSearch } from '../../src/store/sqlite/find/open-search.ts';
import { openSqliteLog, openSqliteStore } from '../../src/store/sqlite/open.ts';
import { UNREACHED } from '../kit/command-line.ts';
import { entry, limit, pass, START } from '../stores/story.ts';

/** A wish of retention to which a test adds its reason. */
export const NOTHING_GOES: PruneWish = {
  signedBefore: undefined,
  mostBytes: undefined,
  keptFrom: async () => Number.POSITIVE_INFINITY,
  isOver: () => false,
};

/** A data folder whose log is signed, and what is to be done with it. */
export interface LogFolder {
  readonly path: string;
  /** Opens a writer that signs after every so many records, at that time. */
  open(records?: number, now?: () => number): Promise<Store & LogPruning>;
  rotate(): Promise<void>;
  rows(sql: string, ...values: readonly (string | number)[]): readonly Readonly<Record<string, unknown>>[];
  /** Opens the database, as somebody would who tampers with it. */
  database(): DatabaseSync;
  /** Runs `toolgate audit …` on it. */
  audit(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  read(file: string): string;
  /** What the writers had to complain of. */
  readonly faults: readonly string[];
  remove(): void;
}

export function logFolder(path: string = mkdtempSync(join(tmpdir(), 'toolgate-log-'))): LogFolder {
  const faults: string[] = [];
  return {
    path,
    faults,
    open: (records = 3, now = () => START) =>
      openSqliteStore({
        folder: path,
        sync: 'interval',
        clock: { now },
        onFault: (message) => faults.push(message),
        checkpoints: checkpointsBy(path, { records, ms: 60_000 }),
      }),
    async rotate() {
      await rotateAuditKey(path, { stderr: { write: (text) => faults.push(text) } });
    },
    rows(sql, ...values) {
      const db = new DatabaseSync(join(path, 'toolgate.db'), { readOnly: true });
      try {
        return db.prepare(sql).all(...values);
      } finally {
        db.close();
      }
    },
    database: () => new DatabaseSync(join(path, 'toolgate.db')),
    async audit(...argv) {
      let [out, err] = ['', ''];
      const code = await run(['audit', ...argv], {
        ...UNREACHED,
        stdout: { write: (text) => (out += text) },
        stderr: { write: (text) => (err += text) },
        env: { TOOLGATE_DATA: path },
        cwd: path,
        now: () => START,
        openLog: openSqliteLog,
        openSearch: async (place) => openSearch(place),
      });
      return { code, out, err };
    },
    read: (file) => readFileSync(join(path, file), 'utf8'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Two writers of a few records, and a change of the key in between, which is a writer too; everything is signed. */
export async function smallLog(): Promise<LogFolder> {
  const folder = logFolder();
  const first = await folder.open();
  await first.commit(pass('a1', START, limit('sends', 5)));
  await first.append(entry('outcome', 'a1', 'answered'), undefined);
  await first.append(entry('refused', 'a2', 'no "token" — ümlaut'), undefined);
  await first.append(entry('event', 'a3'), undefined);
  await first.close();
  await folder.rotate();
  const second = await folder.open();
  await second.commit(pass('b1', START + 1));
  await second.append(entry('outcome', 'b1'), undefined);
  await second.close();
  return folder;
}

const LATER = START + 1000;

/**
 * Everything is signed. Of the first writer the beginning was removed; the second is gone; the third was signed away up to its last but one, and
 * half of that was gone when the process ended; the fourth changed the key, the fifth removed.
 */
export async function retainedLog(): Promise<LogFolder> {
  const folder = logFolder();
  for (const [letter, old, young] of [
    ['a', 2, 2],
    ['b', 2, 0],
    ['c', 5, 1],
  ] as const) {
    let now = START;
    const store = await folder.open(1, () => now);
    for (let n = 1; n <= old + young; n += 1) {
      now = n > old ? LATER : START;
      await store.append(entry('event', `${letter}${n}`), undefined);
      while (folder.rows('SELECT size FROM seal WHERE size = ? AND n = (SELECT max(n) FROM seal)', n).length === 0)
        await sleep(1);
    }
    await store.close();
  }
  await folder.rotate();
  const store = await folder.open(1, () => LATER);
  const retentions = "SELECT n FROM seal WHERE frontier = '' AND writer IS NOT NULL";
  const isOver = (): boolean => folder.rows(retentions).length === 3;
  await store.prune({ ...NOTHING_GOES, signedBefore: START + 500, isOver });
  await store.append(entry('event', 'd1'), undefined);
  await store.close();
  // As a transaction of the pruning leaves it.
  const db = folder.database();
  db.exec(`INSERT INTO removed SELECT writer, seq, hash FROM record WHERE writer = 3 AND seq = 2;
    DELETE FROM record WHERE writer = 3 AND seq <= 2`);
  db.close();
  return folder;
}
