import { hash } from 'node:crypto';
import { type KeptClass, keptClassIn, keptClassText } from '../../gateway/pins/kept-class.ts';
import { type KeptDefinition, NEVER_USED, type ServerPins, type ToolPin } from '../../gateway/pins/server-pins.ts';
import { type PinPlan, StoreFault } from '../../gateway/ports.ts';
import { quoted } from '../../policy/problem.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

const OF_PINNED = ['pinned', 'pinned_digest', 'pinned_at', 'pinned_class', 'how'];
const OF_CANDIDATE = ['candidate', 'candidate_digest', 'candidate_at', 'candidate_class'];
const COLUMNS = [...OF_PINNED, ...OF_CANDIDATE];
const SAVE = `
  INSERT INTO pin (${COLUMNS.join()}, server, tool) VALUES (${COLUMNS.map(() => '?').join()}, ?, ?)
    ON CONFLICT DO UPDATE SET (${COLUMNS.join()}) = (${COLUMNS.map((name) => `excluded.${name}`).join()})
`;

/** The tables of accepted definitions. What is read is checked against its digest. */
export class Pins {
  readonly #editions: Statement;
  readonly #tools: Statement;
  readonly #raise: Statement;
  readonly #db: Database;
  /** Made when something is first written: an older store, which is only read, lacks columns. */
  #save: Statement | undefined;
  readonly #remove: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#editions = db.prepare('SELECT server, edition FROM pin_server');
    // One statement, so that edition and tools are of one moment.
    this.#tools = db.prepare('SELECT * FROM pin_server LEFT JOIN pin USING (server) WHERE server = ?');
    this.#raise = db.prepare(
      `INSERT INTO pin_server (server, edition) VALUES (?, (SELECT coalesce(max(edition), 0) + 1 FROM pin_server))
        ON CONFLICT DO UPDATE SET edition = excluded.edition`,
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
    this.#save ??= this.#db.prepare(SAVE);
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
    ...(pinned === undefined ? OF_PINNED.map(() => null) : [...keptColumns(pinned), pinned.how]),
    ...(candidate === undefined ? OF_CANDIDATE.map(() => null) : keptColumns(candidate)),
  ];
}

function keptColumns({ text, digest, at, class: kept }: KeptDefinition): readonly (string | number | null)[] {
  return [text, digest, at, kept === undefined ? null : keptClassText(kept, digest)];
}

function pinIn(row: Row): ToolPin {
  const pinned = row['pinned'] === null ? undefined : { ...keptIn(row, 'pinned'), how: howIn(row) };
  return { pinned, candidate: row['candidate'] === null ? undefined : keptIn(row, 'candidate') };
}

function keptIn(row: Row, column: 'pinned' | 'candidate'): KeptDefinition {
  const text = textIn(row, column);
  const digest = textIn(row, `${column}_digest`);
  if (sha256(text) !== digest)
    throw new StoreFault(`the ${column} definition of ${quoted(textIn(row, 'tool'))} is not the one that was written`);
  return { text, digest, at: numberIn(row, `${column}_at`), class: classIn(row, column, digest) };
}

/** An older store, which is only read, has no such column; an older gateway beside this one leaves there what was of another definition. */
function classIn(row: Row, column: 'pinned' | 'candidate', digest: string): KeptClass | undefined {
  const text = row[`${column}_class`];
  if (text === undefined || text === null) return undefined;
  const kept = typeof text === 'string' ? keptClassIn(text, digest) : undefined;
  if (kept === undefined)
    throw new StoreFault(`the class of the ${column} definition of ${quoted(textIn(row, 'tool'))} cannot be read`);
  return kept === 'other' ? undefined : kept;
}

function howIn(row: Row): 'first use' | 'accepted' {
  const how = textIn(row, 'how');
  if (how === 'first use' || how === 'accepted') return how;
  throw new StoreFault('column how holds no way to be accepted');
}
