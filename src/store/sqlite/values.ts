import { type Database, numberIn, type Statement } from './driver.ts';

/** How many values of a family live, as it was counted for a time and kept up since. */
interface Census {
  /** Those that end after `since`; never fewer than live later on. */
  alive: number;
  /** None of them ends before. */
  firstEnd: number;
  readonly since: number;
}

const FAMILIES = 10_000;

/** The values of `per` that have used something, by family, and until when each of them lives. */
export class Values {
  readonly #most: number;
  readonly #censuses = new Map<string, Census>();
  readonly #count: Statement;
  readonly #first: Statement;
  readonly #find: Statement;
  readonly #save: Statement;
  readonly #remove: Statement;
  readonly #sweep: Statement;

  constructor(db: Database, most: number) {
    this.#most = most;
    const alive = 'FROM counter_value WHERE family = ? AND until > ?';
    this.#count = db.prepare(`SELECT count(*) AS alive, min(until) AS first ${alive}`);
    this.#first = db.prepare(`SELECT min(until) AS first ${alive}`);
    this.#find = db.prepare('SELECT until FROM counter_value WHERE family = ? AND key = ?');
    this.#save = db.prepare(
      'INSERT INTO counter_value (family, key, until) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET until = excluded.until',
    );
    this.#remove = db.prepare('DELETE FROM counter_value WHERE family = ? AND key = ?');
    this.#sweep = db.prepare(
      'DELETE FROM counter_value WHERE (family, key) IN (SELECT family, key FROM counter_value WHERE until <= ? LIMIT ?)',
    );
  }

  /** Undefined while `more` values can come alive in a family; else the time from which one of those that live is dead. */
  fullUntil(name: string, since: number, more: number): number | undefined {
    const family = name.toWellFormed();
    const known = this.#censuses.get(family);
    const rough = known !== undefined && known.since <= since ? known : this.#census(family, since);
    if (rough.alive + more <= this.#most) return undefined;
    // While nobody has died since, counting again would find the same.
    const exact = rough.firstEnd > since ? rough : this.#census(family, since);
    return exact.alive + more <= this.#most ? undefined : endIn(this.#first.get(family, since));
  }

  /** Tells until when a value lives; undefined for one that has used nothing any more. */
  lives(name: string, key: string, until: number | undefined): void {
    const family = name.toWellFormed();
    const before = this.#find.get(family, key);
    if (before !== undefined && before['until'] === until) return;
    if (until === undefined) this.#remove.run(family, key);
    else this.#save.run(family, key, until);
    this.#keepUp(family, before === undefined ? -Infinity : numberIn(before, 'until'), until);
  }

  /** Another process may have written, or what was written is undone: count again. */
  forget(): void {
    this.#censuses.clear();
  }

  /** Throws away what ended before; says how many, at most `rows`. */
  sweep(before: number, rows: number): number {
    return Number(this.#sweep.run(before, rows).changes);
  }

  #keepUp(family: string, before: number, until: number | undefined): void {
    const census = this.#censuses.get(family);
    if (census === undefined) return;
    if (until === undefined || until < before) {
      this.#censuses.delete(family);
      return;
    }
    if (before === -Infinity || before <= census.since) census.alive += 1;
    census.firstEnd = Math.min(census.firstEnd, until);
  }

  #census(family: string, since: number): Census {
    const row = this.#count.get(family, since);
    const census: Census = { alive: numberIn(row, 'alive'), firstEnd: endIn(row), since };
    if (this.#censuses.size >= FAMILIES) this.#censuses.clear();
    this.#censuses.set(family, census);
    return census;
  }
}

/** The least of none is null. */
function endIn(row: Parameters<typeof numberIn>[0]): number {
  return row?.['first'] === null ? Infinity : numberIn(row, 'first');
}
