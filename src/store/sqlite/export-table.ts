import type { ExportHold, ExportPlaces, ExportStart } from '../../gateway/audit/export-ports.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

/** How the table is reached: at once, or in a transaction that others share. */
interface Ways {
  read<T>(look: () => T): Promise<T>;
  write<T>(work: () => T): Promise<T>;
}

/** The places of exports. An export that nobody configures any more keeps its row, so that it goes on where it was when it comes back. */
export class ExportTable implements ExportPlaces {
  readonly #ways: Ways;
  readonly #find: Statement;
  readonly #make: Statement;
  readonly #hold: Statement;
  readonly #move: Statement;
  readonly #letGo: Statement;
  readonly #every: Statement;

  constructor(db: Database, ways: Ways) {
    this.#ways = ways;
    this.#find = db.prepare('SELECT n, holder, until FROM export_cursor WHERE name = ?');
    this.#make = db.prepare(
      `INSERT INTO export_cursor (name, n, holder, until)
        VALUES (?1, CASE ?2 WHEN 'now' THEN coalesce((SELECT max(n) FROM record), 0) ELSE 0 END, NULL, 0)
        ON CONFLICT (name) DO NOTHING`,
    );
    this.#hold = db.prepare('UPDATE export_cursor SET holder = ?, until = ? WHERE name = ?');
    // Never back: what was taken is taken.
    this.#move = db.prepare('UPDATE export_cursor SET n = max(n, ?), until = ? WHERE name = ? AND holder = ?');
    this.#letGo = db.prepare('UPDATE export_cursor SET holder = NULL, until = 0 WHERE name = ? AND holder = ?');
    this.#every = db.prepare('SELECT name, n FROM export_cursor');
  }

  async begin(name: string, from: ExportStart): Promise<number> {
    const row = await this.#ways.read(() => this.#find.get(name));
    if (row !== undefined) return numberIn(row, 'n');
    return this.#ways.write(() => {
      this.#make.run(name, from);
      return numberIn(this.#find.get(name), 'n');
    });
  }

  take(name: string, hold: ExportHold): Promise<number | undefined> {
    return this.#ways.write(() => {
      const row = this.#find.get(name);
      if (row === undefined || isHeld(row, hold)) return undefined;
      this.#hold.run(hold.holder, hold.until, name);
      return numberIn(row, 'n');
    });
  }

  advance(name: string, holder: string, n: number, until: number): Promise<boolean> {
    return this.#ways.write(() => Number(this.#move.run(n, until, name, holder).changes) > 0);
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#ways.write(() => this.#letGo.run(name, holder));
  }

  all(): Promise<ReadonlyMap<string, number>> {
    return this.#ways.read(() => new Map(this.#every.all().map((row) => [textIn(row, 'name'), numberIn(row, 'n')])));
  }
}

function isHeld(row: Row, { holder, now, longestMs }: ExportHold): boolean {
  const until = numberIn(row, 'until');
  return row['holder'] !== null && row['holder'] !== holder && until > now && until <= now + longestMs;
}
