import { setImmediate as turn } from 'node:timers/promises';
import type { ListedRecord, RecordKind, StoredRecord } from '../../gateway/ports.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';
import { patiently } from './fault.ts';

/** Rows read in one go; between two pages other work has its turn and no transaction is open. */
const PAGE = 500;

// A record whose writer's row is gone is listed all the same, under a name that its hash cannot match.
const COLUMNS = `SELECT record.n, coalesce(writer.id, 'writer ' || record.writer || ' is missing') AS writer,
  seq, record.id, kind, at, limits, body, hash FROM record LEFT JOIN writer ON writer.n = record.writer`;

/** Reads the log. `usable` throws when the store is closed. */
export class Listing {
  readonly #path: string;
  readonly #usable: () => void;
  readonly #backwards: Statement;
  readonly #nextWriter: Statement;
  readonly #chain: Statement;

  constructor(path: string, db: Database, usable: () => void) {
    this.#path = path;
    this.#usable = usable;
    this.#backwards = db.prepare(`${COLUMNS} WHERE record.n < ? ORDER BY record.n DESC LIMIT ${PAGE}`);
    this.#nextWriter = db.prepare('SELECT min(writer) AS writer FROM record WHERE writer > ?');
    this.#chain = db.prepare(`${COLUMNS} WHERE record.writer = ? AND seq > ? ORDER BY seq LIMIT ${PAGE}`);
  }

  /** An outcome is always written after its call, so going backwards meets it first. */
  async *newest(limit: number): AsyncGenerator<ListedRecord> {
    const outcomes = new Map<string, string>();
    let left = limit;
    let before = Number.MAX_SAFE_INTEGER;
    while (left > 0) {
      const rows = await this.#page(this.#backwards, before);
      for (const row of rows) {
        before = numberIn(row, 'n');
        const record = recordOf(row);
        if (record.kind === 'outcome') {
          if (!outcomes.has(record.id)) outcomes.set(record.id, record.body);
          continue;
        }
        yield { ...record, outcome: outcomes.get(record.id) };
        outcomes.delete(record.id);
        left -= 1;
        if (left <= 0) return;
      }
      if (rows.length < PAGE) return;
    }
  }

  async *links(): AsyncGenerator<StoredRecord> {
    let writer = -Infinity;
    for (;;) {
      const next = (await this.#page(this.#nextWriter, writer))[0]?.['writer'];
      if (typeof next !== 'number') return;
      writer = next;
      yield* this.#linksOf(writer);
    }
  }

  async *#linksOf(writer: number): AsyncGenerator<StoredRecord> {
    let seq = -Infinity;
    for (;;) {
      const rows = await this.#page(this.#chain, writer, seq);
      for (const row of rows) {
        seq = numberIn(row, 'seq');
        yield recordOf(row);
      }
      if (rows.length < PAGE) return;
    }
  }

  async #page(statement: Statement, ...values: number[]): Promise<Row[]> {
    await turn();
    return patiently(this.#path, () => {
      this.#usable();
      return statement.all(...values);
    });
  }
}

function recordOf(row: Row): StoredRecord {
  return {
    writer: textIn(row, 'writer'),
    seq: numberIn(row, 'seq'),
    id: textIn(row, 'id'),
    kind: kindIn(row),
    at: numberIn(row, 'at'),
    limits: textIn(row, 'limits'),
    body: textIn(row, 'body'),
    hash: textIn(row, 'hash'),
  };
}

function kindIn(row: Row): RecordKind {
  const kind = textIn(row, 'kind');
  if (kind === 'call' || kind === 'refused' || kind === 'outcome' || kind === 'event') return kind;
  throw new Error(`record ${numberIn(row, 'n')} is of the unknown kind ${JSON.stringify(kind)}`);
}
