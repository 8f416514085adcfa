import { setImmediate as turn } from 'node:timers/promises';
import type { DecidedRecord, StoredLink, StoredSeal } from '../../gateway/audit/audit-ports.ts';
import type { ListedRecord, PlacedRecord, RecordKind, StoredRecord } from '../../gateway/ports.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';
import { patiently } from './fault.ts';
import { hasTable } from './schema.ts';
import type { Seals } from './seals.ts';

/** Rows read in one go; between two pages other work has its turn and no transaction is open. */
const PAGE = 500;

// A record whose writer's row is gone is listed all the same, under a name that its hash cannot match.
export const COLUMNS = `SELECT record.n, coalesce(writer.id, 'writer ' || record.writer || ' is missing') AS writer,
  seq, record.id, kind, at, limits, body, hash FROM record LEFT JOIN writer ON writer.n = record.writer`;

// The text of an outcome is written by the gateway: canonical JSON, in which this stands for nothing else.
const GIVEN_BACK = `kind = 'outcome' AND instr(body, '"kind":"unsent"') > 0`;

/** Reads the log. `usable` throws when the store is closed. */
export class Listing {
  readonly #path: string;
  readonly #usable: () => void;
  readonly #backwards: Statement;
  readonly #nextWriter: Statement;
  readonly #chain: Statement;
  readonly #named: Statement;
  readonly #with: Statement;
  readonly #forwards: Statement;
  readonly #ends: Statement;
  /** Undefined in a folder of a version that kept all in the records. */
  readonly #withValues: Statement | undefined;
  readonly #nearest: Statement;
  readonly #decided: Statement;
  readonly #givenBack: Statement;
  readonly #seals: Seals | undefined;

  /** Without `seals` in a folder of a version that signed nothing. */
  constructor(path: string, db: Database, seals: Seals | undefined, usable: () => void) {
    this.#path = path;
    this.#seals = seals;
    this.#usable = usable;
    this.#backwards = db.prepare(`${COLUMNS} WHERE record.n < ? ORDER BY record.n DESC LIMIT ?`);
    this.#forwards = db.prepare(`${COLUMNS} WHERE record.n > ? ORDER BY record.n LIMIT ?`);
    this.#withValues = hasTable(db, 'value')
      ? db.prepare(`${COLUMNS} JOIN value ON value.n = record.n WHERE value.n > ? ORDER BY value.n LIMIT ?`)
      : undefined;
    this.#ends = db.prepare('SELECT min(n) AS first, max(n) AS last FROM record');
    this.#nearest = db.prepare('SELECT n, at FROM record WHERE n >= ? ORDER BY n LIMIT 1');
    this.#decided = db.prepare(
      `SELECT n, id, kind, at, body FROM record WHERE n > ? AND (kind IN ('call', 'refused') OR ${GIVEN_BACK}) ORDER BY n LIMIT ?`,
    );
    this.#givenBack = db.prepare(`SELECT id FROM record WHERE n > ? AND ${GIVEN_BACK}`);
    this.#nextWriter = db.prepare('SELECT min(writer) AS writer FROM record WHERE writer > ?');
    this.#chain = db.prepare(`${COLUMNS} WHERE record.writer = ? AND seq > ? ORDER BY seq LIMIT ${PAGE}`);
    this.#named = db.prepare('SELECT n FROM writer WHERE id = ?');
    this.#with = db.prepare(`${COLUMNS} WHERE record.id = ? ORDER BY record.n`);
  }

  /** An outcome is always written after its call, so going backwards meets it first. */
  async *newest(limit: number): AsyncGenerator<ListedRecord> {
    const outcomes = new Map<string, string>();
    let left = limit;
    let before = Number.MAX_SAFE_INTEGER;
    while (left > 0) {
      const rows = await this.#page(this.#backwards, before, PAGE);
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

  async after(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return (await this.#page(this.#forwards, n, limit)).map(placedOf);
  }

  async withValues(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return this.#withValues === undefined ? [] : (await this.#page(this.#withValues, n, limit)).map(placedOf);
  }

  async before(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return (await this.#page(this.#backwards, n, limit)).map(placedOf);
  }

  async decided(n: number, limit: number): Promise<readonly DecidedRecord[]> {
    return (await this.#page(this.#decided, n, limit)).map((row) => ({
      n: numberIn(row, 'n'),
      id: textIn(row, 'id'),
      kind: kindIn(row),
      at: numberIn(row, 'at'),
      body: textIn(row, 'body'),
    }));
  }

  async givenBack(n: number): Promise<ReadonlySet<string>> {
    return new Set((await this.#page(this.#givenBack, n)).map((row) => textIn(row, 'id')));
  }

  async first(): Promise<Pick<PlacedRecord, 'n' | 'at'> | undefined> {
    const [row] = await this.#page(this.#forwards, 0, 1);
    return row && placedOf(row);
  }

  /** Halves the span between the ends: there is no index by time, since every record would pay for it. */
  async placeBefore(at: number): Promise<number> {
    return this.#look(() => {
      const { first, last } = this.#ends.get() ?? {};
      if (typeof first !== 'number' || typeof last !== 'number') return 0;
      let [low, high] = [first, last + 1];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const row = this.#nearest.get(middle);
        if (row !== undefined && numberIn(row, 'at') < at) low = numberIn(row, 'n') + 1;
        else high = middle;
      }
      return low - 1;
    });
  }

  async *links(after: ReadonlyMap<string, number> = new Map()): AsyncGenerator<StoredLink> {
    const from = new Map<number, number>();
    for (const [writer, seq] of after) {
      const n = (await this.#page(this.#named, writer))[0]?.['n'];
      if (typeof n === 'number') from.set(n, seq);
    }
    let writer = -Infinity;
    for (;;) {
      const next = (await this.#page(this.#nextWriter, writer))[0]?.['writer'];
      if (typeof next !== 'number') return;
      writer = next;
      yield* this.#linksAfter(writer, from.get(writer) ?? -Infinity);
    }
  }

  async *linksOf(writer: string): AsyncGenerator<StoredLink> {
    const n = (await this.#page(this.#named, writer))[0]?.['n'];
    if (typeof n === 'number') yield* this.#linksAfter(n, -Infinity);
  }

  async linksWith(id: string): Promise<readonly StoredLink[]> {
    return (await this.#page(this.#with, id)).map(linkOf);
  }

  seals(): AsyncGenerator<StoredSeal> | undefined {
    return this.#seals === undefined ? undefined : this.#sealsIn(this.#seals);
  }

  async *#sealsIn(seals: Seals): AsyncGenerator<StoredSeal> {
    let n = -Infinity;
    for (;;) {
      const page = await this.#look(() => seals.after(n));
      if (page.length === 0) return;
      yield* page;
      n = page.at(-1)?.n ?? n;
    }
  }

  async *#linksAfter(writer: number, after: number): AsyncGenerator<StoredLink> {
    let seq = after;
    for (;;) {
      const rows = await this.#page(this.#chain, writer, seq);
      for (const row of rows) {
        seq = numberIn(row, 'seq');
        yield linkOf(row);
      }
      if (rows.length < PAGE) return;
    }
  }

  #page(statement: Statement, ...values: (number | string)[]): Promise<Row[]> {
    return this.#look(() => statement.all(...values));
  }

  async #look<T>(look: () => T): Promise<T> {
    await turn();
    return patiently(this.#path, () => {
      this.#usable();
      return look();
    });
  }
}

export function placedOf(row: Row): PlacedRecord {
  return { ...recordOf(row), n: numberIn(row, 'n') };
}

function recordOf(row: Row): StoredRecord {
  return { ...linkOf(row), kind: kindIn(row) };
}

/** As it stands there, whatever its kind. */
export function linkOf(row: Row): StoredLink {
  return {
    writer: textIn(row, 'writer'),
    seq: numberIn(row, 'seq'),
    id: textIn(row, 'id'),
    kind: textIn(row, 'kind'),
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
