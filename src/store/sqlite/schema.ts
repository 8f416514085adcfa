import { StoreFault } from '../../gateway/ports.ts';
import { type Database, numberIn } from './driver.ts';

const VERSION = 8;

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
// `approval.n` is the edition in which it was asked, so that it tells the order of asking. `approval.over` is the time from which it was
// over, null while it lives. `expires` is REAL so that it comes back exactly. `notice.due` is when somebody may take it.
const APPROVALS = `
  CREATE TABLE approval_edition (one INTEGER PRIMARY KEY CHECK (one = 1), edition INTEGER NOT NULL) STRICT;
  INSERT INTO approval_edition VALUES (1, 0);
  CREATE TABLE approval (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, state TEXT NOT NULL,
    grant_name TEXT NOT NULL, server TEXT NOT NULL, name TEXT NOT NULL,
    expires REAL NOT NULL, edition INTEGER NOT NULL, over REAL, params TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX approval_live_by_key ON approval (key) WHERE over IS NULL;
  CREATE INDEX approval_over_by_key ON approval (key, n) WHERE over IS NOT NULL;
  CREATE INDEX approval_live ON approval (n) WHERE over IS NULL;
  CREATE INDEX approval_live_by_grant ON approval (grant_name, state, server, name, expires, over) WHERE over IS NULL;
  CREATE INDEX approval_by_expiry ON approval (expires) WHERE over IS NULL;
  CREATE INDEX approval_by_grant ON approval (grant_name, n);
  CREATE INDEX approval_by_name ON approval (server, name, n);
  CREATE INDEX approval_used ON approval (server, name, edition) WHERE state = 'used';
  CREATE INDEX approval_by_over ON approval (over) WHERE over IS NOT NULL;
  CREATE TABLE notice (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hook TEXT NOT NULL, event TEXT NOT NULL, at REAL NOT NULL,
    body TEXT NOT NULL, attempts INTEGER NOT NULL, due REAL NOT NULL
  ) STRICT;
  CREATE INDEX notice_by_due ON notice (hook, due);
  CREATE INDEX notice_by_at ON notice (at);
`;
// `tick_lead.highest` is the highest tick that a transaction has counted by, to within a second.
const TICK_LEAD = `
  CREATE TABLE tick_lead (
    one INTEGER PRIMARY KEY CHECK (one = 1), lead REAL NOT NULL, highest REAL NOT NULL DEFAULT 0
  ) STRICT;
`;
// The second covers the look at what was changed, which then reads no row.
const MORE_OF_APPROVALS = `
  CREATE INDEX IF NOT EXISTS approval_pending ON approval (grant_name, expires, state, server, name)
    WHERE state IN ('open', 'denied', 'void');
  CREATE INDEX approval_by_edition ON approval (edition, id);
`;
// `seal.writer` is null for a key, else the id of a writer, whose row may be gone. `frontier` is not signed; it follows from the records.
const SEALS = `
  CREATE TABLE seal (
    n INTEGER PRIMARY KEY, writer TEXT, size INTEGER NOT NULL, body TEXT NOT NULL, signature TEXT NOT NULL, frontier TEXT NOT NULL
  ) STRICT;
  CREATE INDEX seal_by_writer ON seal (writer, n) WHERE writer IS NOT NULL;
`;
// `value` holds arguments that are kept whole, sealed and outside of the chain, so that they can be erased: `n` is that of their record,
// `key` that of the key they are sealed with, which `value_key` holds wrapped by the key of the configuration named in `master`.
// `export_cursor.n` is the last record that an export delivered; `holder` delivers until `until`.
const VALUES = `
  CREATE TABLE value_key (id TEXT PRIMARY KEY, master TEXT NOT NULL, wrapped BLOB NOT NULL, made REAL NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE value (n INTEGER PRIMARY KEY, key TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
  CREATE TABLE export_cursor (name TEXT PRIMARY KEY, n INTEGER NOT NULL, holder TEXT, until REAL NOT NULL) STRICT, WITHOUT ROWID;
`;
// `removed` holds the last link of a writer that retention removed, whose next one follows it. A seal of retention has no `frontier`.
const RETENTION = `
  CREATE TABLE removed (writer INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE INDEX seal_by_size ON seal (writer, size) WHERE writer IS NOT NULL;
  CREATE INDEX seal_of_retention ON seal (writer, n) WHERE frontier = '' AND writer IS NOT NULL;
`;
// What a definition can do, as was found when it was first seen: JSON that names the digest it is of; null until somebody looked.
const PIN_CLASSES = `
  ALTER TABLE pin ADD COLUMN pinned_class TEXT;
  ALTER TABLE pin ADD COLUMN candidate_class TEXT;
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
  ${TICK_LEAD}
  CREATE TABLE token (grant_name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${PINS}
  ${PIN_CLASSES}
  ${APPROVALS}
  ${MORE_OF_APPROVALS}
  ${SEALS}
  ${VALUES}
  ${RETENTION}
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
const FROM_2 = PINS;

/** From version 3, which asked nobody. */
const FROM_3 = APPROVALS;

/** From version 4, whose time could start anew behind where it was. */
const FROM_4 = `
  ALTER TABLE tick_lead ADD COLUMN highest REAL NOT NULL DEFAULT 0;
  ${MORE_OF_APPROVALS}
`;

/** From version 5, which signed nothing. */
const FROM_5 = SEALS;

/** From version 6, which kept arguments in their records only, exported nothing, and removed no record. */
const FROM_6 = `${VALUES}${RETENTION}`;

/** From version 7, which did not keep what tools can do. */
const FROM_7 = PIN_CLASSES;

/** Makes the tables in a new database, else checks that they are ours and brings them up to date. Call it inside a write transaction. */
export function prepareSchema(db: Database, path: string): void {
  if (isEmpty(db)) {
    db.exec(TABLES);
    return;
  }
  const version = checkSchema(db, path);
  if (version < 2) db.exec(FROM_1);
  if (version < 3) db.exec(FROM_2);
  if (version < 4) db.exec(FROM_3);
  if (version < 5) db.exec(FROM_4);
  if (version < 6) db.exec(FROM_5);
  if (version < 7) db.exec(FROM_6);
  if (version < 8) db.exec(FROM_7);
  if (version < VERSION) db.exec(`UPDATE schema_version SET version = ${VERSION}`);
}

/** Gives the version; throws `StoreFault` unless the database is Toolgate's, in a version that this program knows. */
export function checkSchema(db: Database, path: string): number {
  if (isEmpty(db)) throw new StoreFault(`store ${path}: it is empty; start the gateway once with this data folder`);
  if (!hasTable(db, 'schema_version')) {
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

/** Whether a table is there: those who only read leave an older database as it is. */
export function hasTable(
  db: Database,
  name: 'schema_version' | 'pin_server' | 'approval' | 'seal' | 'value' | 'export_cursor' | 'removed',
): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

export function isEmpty(db: Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
