import type { StoredSeal } from '../../gateway/audit/audit-ports.ts';
import { type Checkpoint, readSeal } from '../../gateway/audit/seal.ts';
import type { Frontier } from '../../gateway/audit/tree.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

/** Where a writer's own records end, and where its last checkpoint does. */
export interface Tail {
  readonly writer: string;
  readonly row: number;
  readonly records: number;
  readonly sealed: number;
  /** The root that was signed last; undefined where nothing was. */
  readonly root: string | undefined;
  /** What is kept beside it, signed by nobody. */
  readonly frontier: Frontier;
}

const HEX = 64;
const PAGE = 200;
const IS_CHECKPOINT = "frontier <> ''";
const IS_RETENTION = "frontier = '' AND writer IS NOT NULL";

/** The table of seals. */
export class Seals {
  readonly #last: Statement;
  readonly #insert: Statement;
  readonly #page: Statement;
  readonly #lastOf: Statement;
  readonly #writers: Statement;
  readonly #records: Statement;
  readonly #checkpoints: Statement;
  readonly #retained: Statement;

  constructor(db: Database) {
    this.#last = db.prepare('SELECT * FROM seal ORDER BY n DESC LIMIT 1');
    this.#insert = db.prepare(
      'INSERT INTO seal (n, writer, size, body, signature, frontier) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#page = db.prepare(`SELECT * FROM seal WHERE n > ? ORDER BY n LIMIT ${PAGE}`);
    this.#lastOf = db.prepare(
      `SELECT size, frontier, body FROM seal WHERE writer = ? AND ${IS_CHECKPOINT} ORDER BY n DESC LIMIT 1`,
    );
    this.#writers = db.prepare(`SELECT n, id FROM writer WHERE n > ? ORDER BY n LIMIT ${PAGE}`);
    this.#records = db.prepare('SELECT max(seq) AS seq FROM record WHERE writer = ?');
    this.#checkpoints = db.prepare(
      `SELECT body FROM seal WHERE writer = ? AND size > ? AND ${IS_CHECKPOINT} ORDER BY size LIMIT ${PAGE}`,
    );
    this.#retained = db.prepare(`SELECT body FROM seal WHERE writer = ? AND ${IS_RETENTION} ORDER BY n DESC LIMIT 1`);
  }

  last(): StoredSeal | undefined {
    const row = this.#last.get();
    return row === undefined ? undefined : sealIn(row);
  }

  /** Inside a transaction. */
  add({ n, writer, size, body, signature, frontier }: StoredSeal): void {
    this.#insert.run(n, writer, size, body, signature, frontier);
  }

  /** How many records of a writer are sealed. */
  sizeOf(writer: string): number {
    const row = this.#lastOf.get(writer);
    return row === undefined ? 0 : numberIn(row, 'size');
  }

  /** The next checkpoints of a writer that cover more than so many records; those that cannot be read are left out. */
  checkpointsAbove(writer: string, size: number): readonly Checkpoint[] {
    return this.#checkpoints.all(writer, size).flatMap((row) => {
      const seal = readSeal(textIn(row, 'body'));
      return seal?.kind === 'checkpoint' ? [seal] : [];
    });
  }

  /** How many records of a writer are signed away by retention: as its text says, since what stands beside that is not signed. */
  retainedOf(writer: string): number {
    const row = this.#retained.get(writer);
    const seal = row === undefined ? undefined : readSeal(textIn(row, 'body'));
    return seal?.kind === 'retention' && seal.writer === writer ? seal.size : 0;
  }

  /** The next ones after this number; none at the end. */
  after(n: number): readonly StoredSeal[] {
    return this.#page.all(n).map(sealIn);
  }

  /** How far the next writers after this row are sealed; none at the end. */
  tails(after: number): readonly Tail[] {
    return this.#writers.all(after).map((row) => {
      const [n, writer] = [numberIn(row, 'n'), textIn(row, 'id')];
      const seq = this.#records.get(n)?.['seq'];
      const last = this.#lastOf.get(writer);
      const sealed = last === undefined ? 0 : numberIn(last, 'size');
      const seal = last === undefined ? undefined : readSeal(textIn(last, 'body'));
      const root = seal?.kind === 'checkpoint' ? seal.root : undefined;
      const roots = last === undefined ? [] : rootsIn(textIn(last, 'frontier'));
      const records = typeof seq === 'number' ? seq : 0;
      return { writer, row: n, records, sealed, root, frontier: { size: sealed, roots } };
    });
  }
}

export function frontierText({ roots }: Frontier): string {
  return roots.join('');
}

function rootsIn(text: string): readonly string[] {
  return Array.from({ length: text.length / HEX }, (_, at) => text.slice(at * HEX, (at + 1) * HEX));
}

function sealIn(row: Row): StoredSeal {
  return {
    n: numberIn(row, 'n'),
    writer: row['writer'] === null ? null : textIn(row, 'writer'),
    size: numberIn(row, 'size'),
    body: textIn(row, 'body'),
    signature: textIn(row, 'signature'),
    frontier: textIn(row, 'frontier'),
  };
}
