import { StoreFault } from '../../gateway/ports.ts';
import { type Database, numberIn } from './driver.ts';

const VERSION = 3;

// `record.n` is the order of insertion over all writers. `record.at` is REAL so that the hashed number comes back exactly.
// `counter.until` is the tick from which the bucket counts no more; for a calendar period the wall time from which it may go.
// `counter.used` is an integer, or the text of an exact decimal. `counter_value` holds until when each value of `per` lives.
const COUNTERS = `
  CREATE TABLE counter (
    key TEXT NOT NULL, bucket INTEGER NOT NULL, used ANY NOT NULL, until REAL NOT NULL, PRIMARY KEY (key, bucket)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE counter_value (
    family TEXT NOT NULL, key TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (family, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX counter_value_by_family ON counter_value (family, until);
  CREATE INDEX counter_value_by_until ON counter_value (until);
`;
const COUNTERS_BY_UNTIL = 'CREATE INDEX counter_by_until ON counter (until);';
// `pin.pinned` may be called; `pin.candidate` waits to be accepted. A server stands in `pin_server` from its first list on.
const PINS = `
  CREATE TABLE pin_server (server TEXT PRIMARY KEY, edition INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE pin (
    server TEXT NOT NULL, tool TEXT NOT NULL,
    pinned TEXT, pinned_digest TEXT, pinned_at REAL, how TEXT,
    candidate TEXT, candidate_digest TEXT, candidate_at REAL
  ) STRICT;
  CREATE UNIQUE INDEX pin_by_tool ON pin (server, tool);
`;
const TABLES = `
  CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO schema_version VALUES (${VERSION});
  CREATE TABLE writer (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started REAL NOT NULL) STRICT;
  CREATE TABLE record (
    n INTEGER PRIMARY KEY, writer INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
    at REAL NOT NULL, limits TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX record_by_writer ON record (writer, seq);
  ${COUNTERS}
  ${COUNTERS_BY_UNTIL}
  CREATE TABLE tick_lead (one INTEGER PRIMARY KEY CHECK (one = 1), lead REAL NOT NULL) STRICT;
  CREATE TABLE token (grant_name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${PINS}
`;

/** From version 1, whose counters held integers only. */
const FROM_1 = `
  DROP INDEX counter_by_until;
  ALTER TABLE counter RENAME TO counter_1;
  ${COUNTERS}
  INSERT INTO counter SELECT key, bucket, used, until FROM counter_1;
  DROP TABLE counter_1;
  ${COUNTERS_BY_UNTIL}
`;

/** From version 2, which pinned nothing. */
const FROM_2 = `
  ${PINS}
  UPDATE schema_version SET version = ${VERSION};
`;

/** Makes the tables in a new database, else checks that they are ours and brings them up to date. Call it inside a write transaction. */
export function prepareSchema(db: Database, path: string): void {
  if (isEmpty(db)) {
    db.exec(TABLES);
    return;
  }
  const version = checkSchema(db, path);
  if (version < 2) db.exec(FROM_1);
  if (version < 3) db.exec(FROM_2);
}

/** Gives the version; throws `StoreFault` unless the database is Toolgate's, in a version that this program knows. */
export function checkSchema(db: Database, path: string): number {
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
  return version;
}

/** Whether the tables of pins are there: those who only read leave an older database as it is. */
export function hasPins(db: Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'pin_server'").get() !== undefined;
}

export function isEmpty(db: Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
