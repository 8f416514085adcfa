import { hash } from 'node:crypto';
import { NEVER_USED, type ServerPins, type ToolPin } from '../../gateway/pins/server-pins.ts';
import { type PinPlan, StoreFault } from '../../gateway/ports.ts';
import { quoted } from '../../policy/problem.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

/** The tables of accepted definitions. What is read is checked against its digest. */
export class Pins {
  readonly #editions: Statement;
  readonly #tools: Statement;
  readonly #raise: Statement;
  readonly #save: Statement;
  readonly #remove: Statement;

  constructor(db: Database) {
    this.#editions = db.prepare('SELECT server, edition FROM pin_server');
    // One statement, so that edition and tools are of one moment.
    this.#tools = db.prepare('SELECT * FROM pin_server LEFT JOIN pin USING (server) WHERE server = ?');
    this.#raise = db.prepare(
      `INSERT INTO pin_server (server, edition) VALUES (?, (SELECT coalesce(max(edition), 0) + 1 FROM pin_server))
        ON CONFLICT DO UPDATE SET edition = excluded.edition`,
    );
    const columns = 'pinned, pinned_digest, pinned_at, how, candidate, candidate_digest, candidate_at';
    this.#save = db.prepare(
      `INSERT INTO pin (${columns}, server, tool) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET (${columns}) = (${columns.replace(/\w+/g, 'excluded.$&')})`,
    );
    this.#remove = db.prepare('DELETE FROM pin WHERE server = ? AND tool = ?');
  }

  editions(): ReadonlyMap<string, number> {
    return new Map(this.#editions.all().map((row) => [textIn(row, 'server'), numberIn(row, 'edition')]));
  }

  of(server: string): ServerPins {
    const rows = this.#tools.all(server);
    const [first] = rows;
    if (first === undefined) return NEVER_USED;
    // A server whose list was empty has one row without a tool.
    const tools = rows.flatMap((row): [string, ToolPin][] =>
      row['tool'] === null ? [] : [[textIn(row, 'tool'), pinIn(row)]],
    );
    return { edition: numberIn(first, 'edition'), tools: new Map(tools) };
  }

  /** Writes a plan inside a transaction; says how many characters of definitions. */
  change(server: string, { tools }: PinPlan): number {
    let characters = 0;
    this.#raise.run(server);
    for (const [tool, pin] of tools) {
      if (pin === undefined) this.#remove.run(server, tool);
      else this.#save.run(...columnsOf(pin), server, tool);
      characters += (pin?.pinned?.text.length ?? 0) + (pin?.candidate?.text.length ?? 0);
    }
    return characters;
  }
}

export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

function columnsOf({ pinned, candidate }: ToolPin): readonly (string | number | null)[] {
  return [
    ...(pinned === undefined ? [null, null, null, null] : [pinned.text, pinned.digest, pinned.at, pinned.how]),
    ...(candidate === undefined ? [null, null, null] : [candidate.text, candidate.digest, candidate.at]),
  ];
}

function pinIn(row: Row): ToolPin {
  const pinned = row['pinned'] === null ? undefined : { ...keptIn(row, 'pinned'), how: howIn(row) };
  return { pinned, candidate: row['candidate'] === null ? undefined : keptIn(row, 'candidate') };
}

function keptIn(row: Row, column: 'pinned' | 'candidate'): NonNullable<ToolPin['candidate']> {
  const text = textIn(row, column);
  const digest = textIn(row, `${column}_digest`);
  if (sha256(text) !== digest)
    throw new StoreFault(`the ${column} definition of ${quoted(textIn(row, 'tool'))} is not the one that was written`);
  return { text, digest, at: numberIn(row, `${column}_at`) };
}

function howIn(row: Row): 'first use' | 'accepted' {
  const how = textIn(row, 'how');
  if (how === 'first use' || how === 'accepted') return how;
  throw new StoreFault('column how holds no way to be accepted');
}
