import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { StoredLink } from '../../../gateway/audit/audit-ports.ts';
import type { AuditFilter } from '../../../gateway/audit/find/audit-filter.ts';
import type { AuditSearch, FoundRecord, Progress } from '../../../gateway/audit/find/audit-search.ts';
import { matcher } from '../../../gateway/audit/find/is-match.ts';
import type { IndexFile } from './index-file.ts';
import { indexMore } from './index-more.ts';
import { IndexWords, queryOfIds } from './index-words.ts';
import type { LogRows } from './log-rows.ts';
import { Outcomes } from './outcomes.ts';
import { Slices } from './slices.ts';

/** Records indexed in one transaction of who waits for it. */
const BATCH = 4_000;
/** More do not carry the same id. */
const SAME_ID = 1_000;

/** Finds records by the index as far as it reaches, else by looking at each. Whatever the index says is compared with the record. */
export class SqliteSearch implements AuditSearch {
  readonly #log: LogRows;
  readonly #index: IndexFile;
  readonly #words = new IndexWords();

  constructor(log: LogRows, index: IndexFile) {
    this.#log = log;
    this.#index = index;
  }

  async *find(filter: AuditFilter, before?: number): AsyncGenerator<readonly FoundRecord[]> {
    const isMatch = matcher(filter);
    const outcomes = new Outcomes(this.#index, this.#log, before === undefined ? 'from the end' : 'from within');
    for await (const slice of new Slices(this.#index, this.#log).of(filter, before)) {
      const found = await outcomes.joinedTo(slice.records.filter(isMatch), slice);
      if (found.length > 0) yield found;
    }
  }

  async linksWith(id: string): Promise<readonly StoredLink[]> {
    await turn();
    const known = this.#index.read((tables) => ({
      ...tables.state(),
      places: tables.find(queryOfIds([id]), { from: 0, to: Number.MAX_SAFE_INTEGER }, SAME_ID),
    }));
    if (known === undefined || !this.#log.has(known)) return this.#log.linksAfter(0, id);
    const links = this.#log.linksAt(known.places.toReversed()).filter((link) => link.id === id);
    return [...links, ...this.#log.linksAfter(known.upto, id)];
  }

  async catchUp(told: (progress: Progress) => void): Promise<void> {
    for (;;) {
      await turn();
      const step = this.#isCurrent() ? undefined : indexMore(this.#index, this.#log, this.#words, BATCH);
      if (step === undefined || step.kind === 'unwritable') return;
      if (step.kind === 'busy') await pause(20);
      else {
        told(step.value);
        if (step.value.done >= step.value.all) return;
      }
    }
  }

  /** Indexes the next few records; tells whether there are more. */
  indexSome(limit: number): 'more' | 'done' | 'busy' | 'unwritable' {
    if (this.#isCurrent()) return 'done';
    const step = indexMore(this.#index, this.#log, this.#words, limit);
    if (step.kind !== 'wrote') return step.kind;
    return step.value.done < step.value.all ? 'more' : 'done';
  }

  async close(): Promise<void> {
    this.#index.close();
    this.#log.close();
  }

  #isCurrent(): boolean {
    const { last } = this.#log.ends();
    const known = this.#index.read((tables) => tables.state());
    return last === 0 || (known?.upto === last && this.#log.has(known));
  }
}
