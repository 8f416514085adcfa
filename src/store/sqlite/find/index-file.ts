import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { StoreFault } from '../../../gateway/ports.ts';
import { type Database, openDatabase } from '../driver.ts';
import { isBusy, isDamaged } from '../fault.ts';
import { FORMAT, formatOf, IndexTables, makeIndexTables } from './index-tables.ts';

/** How long one step waits for another process that is at the index. */
const BUSY_MS = 500;

interface Opened {
  readonly db: Database;
  readonly tables: IndexTables;
  readonly inode: bigint;
}

/** What came of a write: nothing, while another process writes, or where the file cannot be written. */
export type Wrote<T> =
  | { readonly kind: 'wrote'; readonly value: T }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unwritable' };

/**
 * The file of the index. It holds nothing that is not in the log: it may be deleted at any time, by anybody, and one that is damaged
 * is made anew. So nothing here rejects for its own sake; who gets no answer looks into the log.
 *
 * INVARIANT: no write-ahead log. Its files would be shared by name between an index that was deleted and the one made in its place.
 */
export class IndexFile {
  readonly #path: string;
  #opened: Opened | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Looks into the index as it is at one moment. Undefined where there is none that can be read. */
  read<T>(look: (tables: IndexTables) => T): T | undefined {
    try {
      const opened = this.#current() ?? this.#open();
      return opened && inside(opened.db, 'BEGIN', () => look(opened.tables));
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** Writes all or nothing; makes the file if need be, and anew if it is damaged. Rejects only with what `work` says of the log. */
  write<T>(work: (tables: IndexTables) => T): Wrote<T> {
    return this.#write(work) ?? this.#write(work) ?? { kind: 'unwritable' };
  }

  /** Undefined if it is to be tried again. */
  #write<T>(work: (tables: IndexTables) => T): Wrote<T> | undefined {
    try {
      const opened = this.#current() ?? this.#open() ?? this.#make();
      if (opened === undefined) return { kind: 'unwritable' };
      return { kind: 'wrote', value: inside(opened.db, 'BEGIN IMMEDIATE', () => work(opened.tables)) };
    } catch (error) {
      if (this.#failed(error) === 'removed') return undefined;
      return isBusy(error) ? { kind: 'busy' } : { kind: 'unwritable' };
    }
  }

  close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.db.close();
  }

  /** The connection that is open, unless somebody deleted its file meanwhile. */
  #current(): Opened | undefined {
    if (this.#opened !== undefined && this.#opened.inode !== inodeOf(this.#path)) this.close();
    return this.#opened;
  }

  /** Undefined where there is no index, or one of another version. */
  #open(): Opened | undefined {
    const inode = inodeOf(this.#path);
    if (inode === undefined) return undefined;
    let db: Database | undefined;
    try {
      db = openDatabase(this.#path, { readOnly: false, busyMs: BUSY_MS });
      if (formatOf(db) === FORMAT) {
        this.#opened = { db, tables: new IndexTables(db), inode };
        return this.#opened;
      }
      db.close();
    } catch (error) {
      db?.close();
      if (!isDamaged(error)) throw error;
      this.#remove(inode);
    }
    return undefined;
  }

  /** Makes the index where there is none, or none of this version. */
  #make(): Opened | undefined {
    const old = inodeOf(this.#path);
    if (old !== undefined) this.#remove(old);
    // INVARIANT: a database file that exists is never opened but by SQLite; see open.ts.
    closeSync(openSync(this.#path, 'wx', 0o600));
    const db = openDatabase(this.#path, { readOnly: false, busyMs: BUSY_MS });
    try {
      inside(db, 'BEGIN IMMEDIATE', () => {
        if (formatOf(db) !== FORMAT) makeIndexTables(db);
      });
    } finally {
      db.close();
    }
    return this.#open();
  }

  /** Throws what is a fault of the log. */
  #failed(error: unknown): 'removed' | 'kept' {
    if (error instanceof StoreFault) throw error;
    const { inode } = this.#opened ?? {};
    if (isBusy(error)) return 'kept';
    this.close();
    return inode !== undefined && isDamaged(error) ? this.#remove(inode) : 'kept';
  }

  /** Removes the file, unless it is another one by now. */
  #remove(inode: bigint): 'removed' | 'kept' {
    if (inodeOf(this.#path) !== inode) return 'removed';
    try {
      rmSync(this.#path, { force: true });
      return 'removed';
    } catch {
      return 'kept';
    }
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function inside<T>(db: Database, begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => T): T {
  db.exec(begin);
  try {
    const value = work();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
