import { setImmediate as turn } from 'node:timers/promises';
import type { FoundRecord } from '../../../gateway/audit/find/audit-search.ts';
import { marksOf } from '../../../gateway/audit/find/record-marks.ts';
import type { PlacedRecord } from '../../../gateway/ports.ts';
import type { IndexFile } from './index-file.ts';
import { queryOfIds } from './index-words.ts';
import type { LogRows } from './log-rows.ts';
import type { Slice } from './slices.ts';

/** Ids looked up in one go. */
const AT_ONCE = 100;
const SLICE = 2_000;

/** Bodies of outcomes by the ids of their calls. */
type Bodies = Map<string, string>;

/** The outcomes of calls that are met newest first. An outcome is always written after its call. */
export class Outcomes {
  readonly #index: IndexFile;
  readonly #log: LogRows;
  /** Outcomes that were passed and whose calls were not. */
  readonly #passed: Bodies = new Map();
  /** Everything since the end of the log was passed: what is not among it is not there. */
  #isComplete: boolean;

  constructor(index: IndexFile, log: LogRows, from: 'from the end' | 'from within') {
    this.#index = index;
    this.#log = log;
    this.#isComplete = from === 'from the end';
  }

  /** Joins what was found in the next slice with what came of it. */
  async joinedTo(found: readonly PlacedRecord[], { records, isWhole }: Slice): Promise<readonly FoundRecord[]> {
    if (!isWhole) this.#isComplete = false;
    for (const { kind, id, body } of records) if (kind === 'outcome') this.#passed.set(id, body);
    const missing = this.#isComplete ? [] : found.filter((one) => !this.#passed.has(one.id) && mayHaveOutcome(one));
    const later = await this.#lookedUp(missing);
    const joined = found.map((one) => ({ ...one, outcome: this.#passed.get(one.id) ?? later.get(one.id) }));
    for (const { kind, id } of records) if (kind === 'call') this.#passed.delete(id);
    return joined;
  }

  async #lookedUp(calls: readonly PlacedRecord[]): Promise<Bodies> {
    const found: Bodies = new Map();
    for (let at = 0; at < calls.length; at += AT_ONCE) await this.#look(calls.slice(at, at + AT_ONCE), found);
    return found;
  }

  async #look(calls: readonly PlacedRecord[], found: Bodies): Promise<void> {
    await turn();
    const missing = new Set(calls.map(({ id }) => id));
    const take = ({ id, body }: { readonly id: string; readonly body: string }): void => {
      if (missing.delete(id)) found.set(id, body);
    };
    const first = Math.min(...calls.map(({ n }) => n));
    const known = this.#index.read((tables) => ({
      ...tables.state(),
      places: tables.find(queryOfIds([...missing]), { from: first, to: Number.MAX_SAFE_INTEGER }, 10 * AT_ONCE),
    }));
    const isOurs = known !== undefined && this.#log.has(known);
    if (isOurs) for (const one of this.#log.at(known.places)) if (one.kind === 'outcome') take(one);
    let place = isOurs ? Math.max(first, known.upto) : first;
    while (missing.size > 0) {
      const rows = this.#log.outcomesAfter(place, SLICE);
      for (const { id, body } of rows) if (body !== undefined) take({ id, body });
      const last = rows.at(-1);
      if (last === undefined || rows.length < SLICE) return;
      place = last.n;
      await turn();
    }
  }
}

function mayHaveOutcome(record: PlacedRecord): boolean {
  return record.kind === 'call' && marksOf(record).effect === 'allow';
}
