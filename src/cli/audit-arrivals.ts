import { auditLine } from '../gateway/audit/audit-line.ts';
import type { StoredLink } from '../gateway/audit/audit-ports.ts';
import type { ListedRecord, PlacedRecord } from '../gateway/ports.ts';
import { type JsonObject, withKeys } from '../wire/json.ts';

/** Calls whose outcome is waited for; of those that are older it is not told. */
const MOST = 10_000;

/** Records as they come, oldest first, as lines: a call with its outcome where they come together, else the outcome by itself. */
export class Arrivals {
  readonly #isMatch: (record: StoredLink) => boolean;
  readonly #waiting = new Map<string, JsonObject>();

  constructor(isMatch: (record: StoredLink) => boolean) {
    this.#isMatch = isMatch;
  }

  /** A call that was told of without an outcome. */
  waitFor(record: ListedRecord): void {
    if (record.kind !== 'call' || record.outcome !== undefined) return;
    const { decision, grant, server, tool, target } = auditLine(record);
    if (decision !== 'allow') return;
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= MOST && oldest !== undefined) this.#waiting.delete(oldest);
    this.#waiting.set(record.id, withKeys({}, { grant, server, tool, target }));
  }

  linesOf(records: readonly PlacedRecord[]): readonly JsonObject[] {
    const outcomes = new Map(records.flatMap((one) => (one.kind === 'outcome' ? [[one.id, one]] : [])));
    return records.flatMap((record) => {
      if (record.kind === 'outcome') return this.#outcomeLine(record);
      if (!this.#isMatch(record)) return [];
      const together = { ...record, outcome: outcomes.get(record.id)?.body };
      this.waitFor(together);
      return [auditLine(together)];
    });
  }

  #outcomeLine(outcome: PlacedRecord): readonly JsonObject[] {
    const call = this.#waiting.get(outcome.id);
    if (call === undefined) return [];
    this.#waiting.delete(outcome.id);
    const { seq, writer, id, kind, time, hash, outcome: told } = auditLine({ ...outcome, outcome: outcome.body });
    return [withKeys(call, { seq, writer, id, kind, time, hash, outcome: told })];
  }
}
