import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApprovalStore, TransactionClock } from '../../gateway/approvals/approval-ports.ts';
import type {
  AuditLog,
  CheckpointPace,
  LogPruning,
  LogReading,
  Signer,
  ValueKeeping,
  ValueReading,
  ValueSealer,
} from '../../gateway/audit/audit-ports.ts';
import type { ExportPlaces } from '../../gateway/audit/export-ports.ts';
import type { Clock, PinStore, Store } from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import type { Writer } from './chain.ts';
import { Checkpointer } from './checkpoint.ts';
import { type Database, numberIn, openDatabase } from './driver.ts';
import { patiently, storeFault } from './fault.ts';
import { ReadingStore } from './reading-store.ts';
import { checkSchema, isEmpty, prepareSchema } from './schema.ts';
import { Sealing } from './sealing.ts';
import { SharedLead } from './shared-lead.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { SyncMode } from './store-parts.ts';
import { WalSync } from './wal-sync.ts';

const FILE = 'toolgate.db';
/** Leaves half of the promised 10 ms to the sync itself. */
const INTERVAL_MS = 5;
const OPEN_BUSY_MS = 20;

export interface SqliteOptions {
  /** The data folder; made if it is missing, readable by its owner alone. */
  readonly folder: string;
  readonly sync: SyncMode;
  /** One that ticks goes on from where time stopped, from the moment of opening: the machine's own may be behind that. */
  readonly clock: Pick<Clock, 'now'> & Partial<TransactionClock & { notBefore(tick: number): void }>;
  /** Told of faults that no caller waits for: a sync or a checkpoint that failed. */
  onFault(message: string): void;
  /** `read` is for listing beside running gateways: every write rejects. `join` writes, but only where a gateway has run. */
  readonly mode?: 'write' | 'read' | 'join';
  /** How many values of `per` one counter may have alive: 10,000. Tests lower it. */
  readonly mostValues?: number;
  /** Who signs the log, and how often; without it nothing is signed. */
  /** What seals arguments that are kept whole. */
  sealer?(): ValueSealer | undefined;
  readonly checkpoints?: { readonly signer: Signer; readonly pace: CheckpointPace };
}

/** Opens the embedded store in a folder. Rejects with `StoreFault` if it cannot be opened, is damaged, foreign or too new. */
export function openSqliteStore(
  options: SqliteOptions,
): Promise<
  Store &
    PinStore &
    ApprovalStore &
    LogReading &
    LogPruning & { readonly exports: ExportPlaces; readonly kept: ValueReading & ValueKeeping }
> {
  const opened = options.mode === 'read' ? openForReading(join(options.folder, FILE)) : openForWriting(options);
  return opened.then((store) => inTime(store, options));
}

async function inTime<S extends ApprovalStore>(store: S, { clock }: SqliteOptions): Promise<S> {
  const { tick, lead } = clock;
  if (tick !== undefined && lead !== undefined) clock.notBefore?.(await store.tickNow({ tick, lead }));
  return store;
}

/** Opens the log of a folder to be read, beside running gateways. */
export function openSqliteLog(folder: string): Promise<AuditLog> {
  return openForReading(join(folder, FILE));
}

async function openForReading(path: string): Promise<ReadingStore> {
  demandFile(path);
  const db = await patiently(path, () => connect(path, 'read', (fresh) => checkSchema(fresh, path)));
  return new ReadingStore(path, db);
}

/** Opens the embedded store in a folder for writing. */
export async function openForWriting(options: SqliteOptions): Promise<SqliteStore> {
  const path = join(options.folder, FILE);
  if (options.mode === 'join') demandFile(path);
  makePrivateFile(path, options.folder);
  const id = randomBytes(16).toString('hex');
  let writer: Writer = { n: 0, id };
  const db = await patiently(path, () =>
    connect(path, 'write', (fresh) => {
      writer = { n: enroll(fresh, path, id, options.clock), id };
    }),
  );
  const log = await openLog(path, db);
  const failed = (words: string) => options.onFault(words);
  const delayMs = options.sync === 'interval' ? INTERVAL_MS : 0;
  const { checkpoints } = options;
  const store = new SqliteStore({
    path,
    db,
    writer,
    sync: options.sync,
    walSync: new WalSync(
      () => log.datasync(),
      delayMs,
      (fault) => failed(fault.message),
    ),
    checkpointer: new Checkpointer(path, (words) => failed(`store ${path}: moving the log into it failed (${words})`)),
    release: () => log.close(),
    sealer: () => options.sealer?.(),
    ...(options.mostValues === undefined ? {} : { mostValues: options.mostValues }),
    ...(checkpoints === undefined
      ? {}
      : {
          sealing: (how) =>
            new Sealing({
              path,
              db,
              writer: writer.id,
              ...checkpoints,
              whose: options.mode === 'join' ? 'own' : 'others',
              now: () => options.clock.now(),
              ...how,
              failed: (words) => failed(`the log cannot be signed: ${words}`),
            }),
        }),
  });
  try {
    await store.sealing?.begin();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

function demandFile(path: string): void {
  if (existsSync(path)) return;
  throw new StoreFault(`store ${path}: there is none; name the data folder of a gateway that has run`);
}

// INVARIANT: a database file that exists is never opened but by SQLite. Closing a second descriptor of it would drop
// this process's locks on it, and other processes could then take the log away.
function makePrivateFile(path: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // Another process may have made it since we looked.
    if (!existsSync(path)) throw storeFault(path, error);
  }
}

function connect(path: string, mode: 'write' | 'read', prepare: (db: Database) => void): Database {
  const db = openDatabase(path, { readOnly: mode === 'read', busyMs: OPEN_BUSY_MS });
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes the tables if need be and this writer's row; gives the row's number. */
function enroll(db: Database, path: string, id: string, { now, tick, lead }: SqliteOptions['clock']): number {
  // Before anything is changed: another program's database stays as it is.
  if (!isEmpty(db)) checkSchema(db, path);
  if (db.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'] !== 'wal') {
    throw new StoreFault(`store ${path}: its file system cannot share a log; choose a data folder on a local disk`);
  }
  db.exec('BEGIN IMMEDIATE');
  prepareSchema(db, path);
  const row = db.prepare('INSERT INTO writer (id, started) VALUES (?, ?) RETURNING n').get(id, now());
  // Before anybody counts: should time go on from where it stopped, then for all processes from this moment.
  if (tick !== undefined && lead !== undefined) new SharedLead(db).align({ tick, lead });
  db.exec('COMMIT');
  // From now on whoever finds the lock taken tries again from a timer, instead of sleeping on the event loop.
  db.exec('PRAGMA busy_timeout = 0');
  return numberIn(row, 'n');
}

async function openLog(path: string, db: Database): Promise<FileHandle> {
  try {
    return await open(`${path}-wal`, 'r+');
  } catch (error) {
    db.close();
    throw storeFault(path, error);
  }
}
