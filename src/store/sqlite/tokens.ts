import { type Database, type Statement, textIn } from './driver.ts';

/** Hashes of the tokens that the gateway made itself, by grant. */
export class Tokens {
  readonly #all: Statement;
  readonly #forget: Statement;
  readonly #save: Statement;

  constructor(db: Database) {
    this.#all = db.prepare('SELECT grant_name, hash FROM token');
    this.#forget = db.prepare('DELETE FROM token');
    this.#save = db.prepare('INSERT INTO token (grant_name, hash) VALUES (?, ?)');
  }

  all(): ReadonlyMap<string, string> {
    return new Map(this.#all.all().map((row) => [textIn(row, 'grant_name'), textIn(row, 'hash')]));
  }

  /** Inside a transaction. */
  replace(hashes: ReadonlyMap<string, string>): void {
    this.#forget.run();
    for (const [grant, hash] of hashes) this.#save.run(grant, hash);
  }
}
