import { StoreFault } from '../../gateway/ports.ts';
import { type Database, numberIn } from './driver.ts';

const VERSION = 1;

// `record.n` is the order of insertion over all writers. `record.at` is REAL so that the hashed number comes back exactly.
// `counter.until` is the tick from which the bucket counts no more.
const TABLES = `
  CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO schema_version VALUES (${VERSION});
  CREATE TABLE writer (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started REAL NOT NULL) STRICT;
  CREATE TABLE record (
    n INTEGER PRIMARY KEY, writer INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
    at REAL NOT NULL, limits TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX record_by_writer ON record (writer, seq);
  CREATE TABLE counter (
    key TEXT NOT NULL, bucket INTEGER NOT NULL, used INTEGER NOT NULL, until REAL NOT NULL, PRIMARY KEY (key, bucket)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX counter_by_until ON counter (until);
  CREATE TABLE tick_lead (one INTEGER PRIMARY KEY CHECK (one = 1), lead REAL NOT NULL) STRICT;
  CREATE TABLE token (grant_name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Makes the tables in a new database, else checks that they are ours. Call it inside a write transaction. */
export function prepareSchema(db: Database, path: string): void {
  if (isEmpty(db)) db.exec(TABLES);
  else checkSchema(db, path);
}

/** Throws `StoreFault` unless the database is Toolgate's, in a version that this program knows. */
export function checkSchema(db: Database, path: string): void {
  if (isEmpty(db)) throw new StoreFault(`store ${path}: it is empty; start the gateway once with this data folder`);
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'").get() === undefined) {
    throw new StoreFault(`store ${path}: it belongs to another program; choose another data folder`);
  }
  const version = numberIn(db.prepare('SELECT max(version) AS version FROM schema_version').get(), 'version');
  if (version > VERSION) {
    throw new StoreFault(
      `store ${path}: it was written by a newer Toolgate (schema ${version}, here ${VERSION}); update`,
    );
  }
}

export function isEmpty(db: Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
