import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { GENESIS, linkText } from '../../src/gateway/audit-link.ts';
import { definitionText } from '../../src/gateway/pins/definition-text.ts';
import type { ClassifyTool } from '../../src/gateway/pins/kept-class.ts';
import { PinBook } from '../../src/gateway/pins/pin-book.ts';
import type { RecordKind } from '../../src/gateway/ports.ts';
import { approvalBody } from '../../src/store/sqlite/approval-row.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { classifyText, classOfText } from '../kit/text-class.ts';
import { asking, clockAt, keep, orAsk, question } from './asking.ts';
import { type Folder, freshFolder } from './folder.ts';
import { show, told, toolOf } from './pinning.ts';
import { all, limit, MINUTE, pass, START, usedOf, verified } from './story.ts';

/** As the first version of the store made it. */
const VERSION_1 = `
  CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO schema_version VALUES (1);
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

/** The second had counters of decimals and of values besides. */
const VERSION_2 = `
  ${VERSION_1}
  UPDATE schema_version SET version = 2;
  DROP TABLE counter;
  CREATE TABLE counter (
    key TEXT NOT NULL, bucket INTEGER NOT NULL, used ANY NOT NULL, until REAL NOT NULL, PRIMARY KEY (key, bucket)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX counter_by_until ON counter (until);
  CREATE TABLE counter_value (
    family TEXT NOT NULL, key TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (family, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX counter_value_by_family ON counter_value (family, until);
  CREATE INDEX counter_value_by_until ON counter_value (until);
`;

/** The third kept definitions of tools besides. */
const VERSION_3 = `
  ${VERSION_2}
  UPDATE schema_version SET version = 3;
  CREATE TABLE pin_server (server TEXT PRIMARY KEY, edition INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE pin (
    server TEXT NOT NULL, tool TEXT NOT NULL,
    pinned TEXT, pinned_digest TEXT, pinned_at REAL, how TEXT,
    candidate TEXT, candidate_digest TEXT, candidate_at REAL
  ) STRICT;
  CREATE UNIQUE INDEX pin_by_tool ON pin (server, tool);
`;

/** The fourth asked people. */
const VERSION_4 = `
  ${VERSION_3}
  UPDATE schema_version SET version = 4;
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
  CREATE INDEX approval_pending ON approval (grant_name, expires, state, server, name) WHERE state IN ('open', 'denied', 'void');
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

const crypto = { id: () => 'event-1' };
const SCHEMA = "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";

function rowsOf(folder: Folder, sql: string): unknown {
  const db = openDatabase(folder.file(), { readOnly: true, busyMs: 5_000 });
  const rows = db.prepare(sql).all();
  db.close();
  return rows;
}

describe('a data folder of the first version', () => {
  const folder = freshFolder();
  const three = limit('sends', 3);

  /** Two calls counted and recorded, one token, and a lead. */
  function makeOld(): void {
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(VERSION_1);
    const writer = 'cd'.repeat(16);
    db.prepare('INSERT INTO writer (id, started) VALUES (?, ?)').run(writer, START);
    let previous = GENESIS;
    for (const [i, id] of ['old-1', 'old-2'].entries()) {
      const link = { writer, seq: i + 1, id, kind: 'call' as RecordKind, at: START, limits: '[]', body: '{"a":1}' };
      previous = createHash('sha256').update(linkText(previous, link), 'utf8').digest('hex');
      db.prepare(
        'INSERT INTO record (writer, seq, id, kind, at, limits, body, hash) VALUES (1, ?, ?, ?, ?, ?, ?, ?)',
      ).run(link.seq, id, link.kind, link.at, link.limits, link.body, previous);
    }
    const bucket = START / 1_000;
    db.prepare('INSERT INTO counter VALUES (?, ?, ?, ?)').run(three.key, bucket, 2, (bucket + 1) * 1_000 + MINUTE);
    db.prepare('INSERT INTO token VALUES (?, ?)').run('alice-laptop', 'aa11');
    db.prepare('INSERT INTO tick_lead VALUES (1, 0)').run();
    db.close();
  }

  const look = (sql: string): unknown => rowsOf(folder, sql);

  test('keeps its counters, its log and its tokens, and counts on from there', async () => {
    makeOld();
    const store = await folder.open();
    expect((await verified(store)).map(({ id }) => id)).toEqual(['old-1', 'old-2']);
    expect(await store.tokenHashes()).toEqual(new Map([['alice-laptop', 'aa11']]));
    expect(await usedOf(store, three, START + 500)).toBe(2);
    expect((await store.commit(pass('new-1', START + 500, three))).verdict.kind).toBe('reserved');
    expect((await store.commit(pass('new-2', START + 500, three))).verdict).toMatchObject({
      kind: 'exceeded',
      retryAfterMs: MINUTE + 500,
    });
    expect((await store.commit(pass('new-3', START + MINUTE + 1_000, { ...three, add: 0.5 }))).limits[0]?.used).toBe(
      0.5,
    );
    expect(look('SELECT version FROM schema_version')).toEqual([{ version: 8 }]);
  });

  test('holds integers as integers and decimals as text', async () => {
    makeOld();
    const store = await folder.open();
    await store.commit(pass('a', START, three, limit('spent', 9, { add: 5.1 })));
    expect(look('SELECT used, typeof(used) AS kind FROM counter ORDER BY key')).toEqual([
      { used: 3, kind: 'integer' },
      { used: '51e-1', kind: 'text' },
    ]);
  });

  test('is brought up to date once, by whoever of many comes first', async () => {
    makeOld();
    const stores = await Promise.all(Array.from({ length: 6 }, () => folder.open()));
    for (const store of stores) expect(await usedOf(store, three, START)).toBe(2);
  });

  test('is left as it is by those who only read', async () => {
    makeOld();
    const reader = await folder.open({ mode: 'read' });
    expect((await all(reader.newest(9))).map(({ id }) => id)).toEqual(['old-2', 'old-1']);
    expect(look('SELECT version FROM schema_version')).toEqual([{ version: 1 }]);
  });

  test('looks the same afterwards as a new one', async () => {
    const schema = () => look(SCHEMA);
    makeOld();
    const old = await folder.open();
    const migrated = schema();
    await old.close();
    await rm(folder.file());
    await folder.open();
    expect(migrated).toEqual(schema());
  });
});

describe('a data folder of the second version', () => {
  const folder = freshFolder();

  function makeOld(): void {
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(VERSION_2);
    db.prepare('INSERT INTO counter VALUES (?, ?, ?, ?)').run(
      limit('spent', 9).key,
      START / 1_000,
      '51e-1',
      START + 2 * MINUTE,
    );
    db.prepare('INSERT INTO token VALUES (?, ?)').run('alice-laptop', 'aa11');
    db.close();
  }

  test('keeps what it counted and its tokens, and pins from now on', async () => {
    makeOld();
    const store = await folder.open();
    expect(await store.tokenHashes()).toEqual(new Map([['alice-laptop', 'aa11']]));
    expect(await usedOf(store, limit('spent', 9), START)).toBe(5.1);
    expect((await store.pins('files')).edition).toBe(0);
    expect(told(await show(store, 'files', toolOf('read', 'A')))).toEqual(['read: A']);
    expect(rowsOf(folder, 'SELECT version FROM schema_version')).toEqual([{ version: 8 }]);
  });

  test('pins nothing for those who only read, and stays as it is', async () => {
    makeOld();
    const reader = await folder.open({ mode: 'read' });
    expect(await reader.pins('files')).toEqual({ edition: 0, tools: new Map() });
    expect(await reader.pinEditions()).toEqual(new Map());
    expect(rowsOf(folder, 'SELECT version FROM schema_version')).toEqual([{ version: 2 }]);
  });

  test('looks the same afterwards as a new one', async () => {
    makeOld();
    const old = await folder.open();
    const migrated = rowsOf(folder, SCHEMA);
    await old.close();
    await rm(folder.file());
    await folder.open();
    expect(migrated).toEqual(rowsOf(folder, SCHEMA));
  });

  test('is brought up to date once, by whoever of many comes first', async () => {
    makeOld();
    const stores = await Promise.all(Array.from({ length: 6 }, () => folder.open()));
    await Promise.all(stores.map((store) => show(store, 'files', toolOf('read', 'A'))));
    for (const store of stores) expect(told(await store.pins('files'))).toEqual(['read: A']);
  });
});

describe('a data folder of the third version', () => {
  const folder = freshFolder();

  function makeOld(): void {
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(VERSION_3);
    db.prepare('INSERT INTO pin_server VALUES (?, ?)').run('files', 7);
    db.prepare('INSERT INTO token VALUES (?, ?)').run('alice-laptop', 'aa11');
    db.close();
  }

  test('keeps its pins and its tokens, and asks people from now on', async () => {
    makeOld();
    const store = await folder.open();
    expect(await store.tokenHashes()).toEqual(new Map([['alice-laptop', 'aa11']]));
    expect((await store.pins('files')).edition).toBe(7);
    expect(await store.approvalEdition()).toBe(0);
    await store.commit(asking('call', question('ap_1'), orAsk(question('ap_1'), 'call')));
    expect(await store.approval('ap_1')).toEqual({ ...question('ap_1'), edition: 1 });
    expect(await store.takeNotices(['chat'], START, 1, 9)).toHaveLength(1);
    expect(rowsOf(folder, 'SELECT version FROM schema_version')).toEqual([{ version: 8 }]);
  });

  test('has its tools classified once, on record, when a gateway of this version first looks; then they are frozen', async () => {
    makeOld();
    const text = definitionText(toolOf('drop', 'class: destructive'));
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    const digest = createHash('sha256').update(text).digest('hex');
    const columns = 'server, tool, pinned, pinned_digest, pinned_at, how';
    db.prepare(`INSERT INTO pin (${columns}) VALUES (?, ?, ?, ?, ?, ?)`).run(
      'files',
      'drop',
      text,
      digest,
      START,
      'accepted',
    );
    db.close();
    const store = await folder.open();
    expect((await store.pins('files')).tools.get('drop')?.pinned?.class).toBeUndefined();
    const bookBy = (classify: ClassifyTool): PinBook =>
      new PinBook({
        server: 'files',
        store,
        clock: { now: () => START, tick: () => START },
        crypto,
        mode: () => 'hold',
        classifier: async () => classify,
        log() {},
      });
    const classOf = async (book: PinBook): Promise<unknown> => {
      const check = await book.check([toolOf('drop', 'class: destructive')], 'whole');
      return check.kind === 'checked' ? book.classOf(check.tools[0]) : check.kind;
    };
    expect(await classOf(bookBy(classifyText))).toBe('destructive');
    expect(await classOf(bookBy(() => classOfText('class: read', 't2')))).toBe('destructive');
    const bodies = (await verified(store)).map(({ body }) => JSON.parse(body));
    expect(bodies).toEqual([
      { event: 'tools classified', server: 'files', tools: 1, classes: { drop: 'destructive, medium' } },
    ]);
  });

  test('has no questions for those who only read, and stays as it is', async () => {
    makeOld();
    const reader = await folder.open({ mode: 'read' });
    expect(await reader.approval('ap_1')).toBeUndefined();
    expect(await reader.approvals({ which: 'all', limit: 9 })).toEqual([]);
    expect(await reader.lastUsed('bank', 'transfer', '')).toBeUndefined();
    expect(await reader.approvalEdition()).toBe(0);
    expect(rowsOf(folder, 'SELECT version FROM schema_version')).toEqual([{ version: 3 }]);
  });

  test('looks the same afterwards as a new one', async () => {
    makeOld();
    const old = await folder.open();
    const migrated = rowsOf(folder, SCHEMA);
    await old.close();
    await rm(folder.file());
    await folder.open();
    expect(migrated).toEqual(rowsOf(folder, SCHEMA));
  });

  test('is brought up to date once, by whoever of many comes first', async () => {
    makeOld();
    const stores = await Promise.all(Array.from({ length: 6 }, () => folder.open()));
    await Promise.all(stores.map((store, n) => keep(store, question(`ap_${n}`))));
    for (const store of stores) expect(await store.approvalEdition()).toBe(6);
  });
});

describe('a data folder of the fourth version', () => {
  const folder = freshFolder();

  /** One question, and time that ran a minute ahead of what the machine tells now. */
  function makeOld(): void {
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(VERSION_4);
    const { id, key, state, expires, subject } = question('ap_1');
    db.prepare('INSERT INTO approval VALUES (1, ?, ?, ?, ?, ?, ?, ?, 1, NULL, ?, ?)').run(
      ...[id, key, state, subject.grant, subject.server, subject.name, expires, subject.params],
      approvalBody(question('ap_1')),
    );
    db.exec('UPDATE approval_edition SET edition = 1');
    db.prepare('INSERT INTO tick_lead VALUES (1, ?)').run(MINUTE);
    db.close();
  }

  test('keeps its questions and its time, and never falls behind it from now on', async () => {
    makeOld();
    const store = await folder.open();
    expect(await store.approval('ap_1')).toEqual({ ...question('ap_1'), edition: 1 });
    expect(await store.changedSince(0, 9)).toEqual([{ id: 'ap_1', edition: 1 }]);
    expect(await store.tickNow(clockAt(START))).toBe(START + MINUTE);
    await keep(store, question('ap_2'));
    expect(rowsOf(folder, 'SELECT * FROM tick_lead')).toEqual([{ one: 1, lead: MINUTE, highest: START + MINUTE }]);
    expect(rowsOf(folder, 'SELECT version FROM schema_version')).toEqual([{ version: 8 }]);
  });

  test('can be read, and stays as it is', async () => {
    makeOld();
    const reader = await folder.open({ mode: 'read' });
    expect(await reader.changedSince(0, 9)).toEqual([{ id: 'ap_1', edition: 1 }]);
    expect(await reader.tickNow(clockAt(START))).toBe(START + MINUTE);
    expect(rowsOf(folder, 'SELECT version FROM schema_version')).toEqual([{ version: 4 }]);
  });

  test('looks the same afterwards as a new one', async () => {
    makeOld();
    const old = await folder.open();
    const migrated = rowsOf(folder, SCHEMA);
    await old.close();
    await rm(folder.file());
    await folder.open();
    expect(migrated).toEqual(rowsOf(folder, SCHEMA));
  });
});
