import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { run } from '../../src/cli/run.ts';
import { rotateAuditKey } from '../../src/compose/rotate-audit-key.ts';
import { checkpointsBy } from '../../src/compose/signing-keys.ts';
import type { Store } from '../../src/gateway/ports.ts';
import { openSqliteLog, openSqliteStore } from '../../src/store/sqlite/open.ts';
import { UNREACHED } from '../kit/command-line.ts';
import { entry, limit, pass, START } from '../stores/story.ts';

/** A data folder whose log is signed, and what is to be done with it. */
export interface LogFolder {
  readonly path: string;
  /** Opens a writer that signs after every so many records. */
  open(records?: number): Promise<Store>;
  rotate(): Promise<void>;
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
    open: (records = 3) =>
      openSqliteStore({
        folder: path,
        sync: 'interval',
        clock: { now: () => START },
        onFault: (message) => faults.push(message),
        checkpoints: checkpointsBy(path, { records, ms: 60_000 }),
      }),
    async rotate() {
      await rotateAuditKey(path, { stderr: { write: (text) => faults.push(text) } });
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
