import type { LogReading } from '../gateway/audit/audit-ports.ts';
import type { ExportPlaces } from '../gateway/audit/export-ports.ts';
import type { Clock, Crypto, Store } from '../gateway/ports.ts';
import type { ExportPlan } from './export-plan.ts';
import { type Page, readPage } from './read-page.ts';
import type { Sent, Target } from './target.ts';
import { Trouble } from './trouble.ts';

export type ExportStore = Pick<Store, 'append'> & Pick<LogReading, 'after'> & { readonly exports: ExportPlaces };

export interface ExporterParts {
  readonly plan: ExportPlan;
  readonly target: Target;
  readonly store: ExportStore;
  readonly clock: Pick<Clock, 'now' | 'tick' | 'after'>;
  readonly crypto: Pick<Crypto, 'id'>;
  /** For the operator's eyes: one line, without addresses and secrets. */
  log(line: string): void;
}

/** How soon a new record is seen. */
const LOOK_EVERY_MS = 500;
const MOST_RECORDS = 200;
const MOST_BYTES = 512 * 1024;
/** Longer than a receiver may take to answer. Who is killed keeps others from the export for so long. */
const HOLD_MS = 30_000;
const LONGEST_PAUSE_MS = 60_000;
/** After so many batches that got through, larger ones are tried again. */
const GROWS_AFTER = 10;

/** Hands the log over to one receiver, in its order: at least once, and never on from a record that was not taken. */
export class Exporter {
  readonly #parts: ExporterParts;
  readonly #trouble: Trouble;
  readonly #holder: string;
  #state: 'running' | 'ending' | 'ended' = 'running';
  #wake: () => void = () => {};
  #failures = 0;
  #most = MOST_RECORDS;
  #good = 0;
  #left: { readonly after: number; readonly page: Page } | undefined;
  readonly #over: Promise<void>;

  /** Begins at once. */
  constructor(parts: ExporterParts) {
    this.#parts = parts;
    this.#trouble = new Trouble(parts);
    this.#holder = parts.crypto.id();
    this.#over = this.#run();
  }

  /** Delivers on for at most `graceMs`, while it can; then ends what is under way. Resolves when nothing is left open. */
  async end(graceMs: number): Promise<void> {
    this.#state = graceMs > 0 ? 'ending' : 'ended';
    this.#wake();
    const { target } = this.#parts;
    if (graceMs > 0) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, graceMs);
      await Promise.race([this.#over, late.promise]);
      clearTimeout(timer);
      this.#state = 'ended';
    }
    await target.close();
    await this.#over;
  }

  async #run(): Promise<void> {
    while (this.#state !== 'ended') {
      const rest = await this.#deliver().catch((error: unknown) => this.#stumbled(error));
      if (rest > 0) {
        if (this.#state !== 'running') return;
        await this.#rest(rest);
      }
    }
  }

  /** Delivers the next batch; gives for how long to rest, ms. */
  async #deliver(): Promise<number> {
    const { plan, target, store, clock } = this.#parts;
    const place = await store.exports.begin(plan.name, plan.from);
    const page = await this.#page(place);
    if (page === undefined) return LOOK_EVERY_MS;
    const now = clock.now();
    const hold = { holder: this.#holder, now, until: now + HOLD_MS, longestMs: HOLD_MS };
    const held = await store.exports.take(plan.name, hold);
    if (held === undefined) return LOOK_EVERY_MS;
    // Another has delivered meanwhile.
    if (held !== place) return 0;
    const sent = await target.send(page.written);
    if (sent.kind === 'failed') {
      this.#left = { after: place, page };
      return this.#failed(sent, page);
    }
    // Should this fail, the receiver gets the batch once more.
    const isOurs = await store.exports.advance(
      plan.name,
      this.#holder,
      page.to,
      page.isLast ? 0 : clock.now() + HOLD_MS,
    );
    if (!isOurs) return LOOK_EVERY_MS;
    await this.#succeeded(place, page, sent.refused);
    return page.isLast ? LOOK_EVERY_MS : 0;
  }

  /** What could not be handed over is tried again as it was, so that a receiver can tell it by its id. */
  async #page(place: number): Promise<Page | undefined> {
    const { store, target } = this.#parts;
    const left = this.#left;
    if (left !== undefined && left.after === place && left.page.written.length <= this.#most) return left.page;
    this.#left = undefined;
    return readPage(store, place, { records: this.#most, bytes: MOST_BYTES }, target.write);
  }

  async #succeeded(place: number, page: Page, refused: number): Promise<void> {
    this.#left = undefined;
    this.#failures = 0;
    this.#good++;
    if (this.#good >= GROWS_AFTER) {
      this.#good = 0;
      this.#most = Math.min(this.#most * 2, MOST_RECORDS);
    }
    // Places have no gaps but those of records that were removed; who begins at the start takes what there is.
    const missed = page.to - place - page.written.length;
    if (place > 0 && missed > 0) await this.#trouble.missed(missed);
    await this.#trouble.succeeded(refused);
  }

  async #failed(sent: Sent & { readonly kind: 'failed' }, page: Page): Promise<number> {
    const { plan, store } = this.#parts;
    this.#good = 0;
    const { length } = page.written;
    const isTooMuch = sent.remedy === 'split' || (sent.remedy === 'shrink' && this.#failures > 0);
    if (isTooMuch) this.#most = Math.max(Math.floor(length / 2), 1);
    if (this.#state === 'running') {
      if (sent.remedy === 'split' && length > 1) return 0;
      await this.#trouble.failed(sent.why, sent.remedy === 'split' ? page.first : undefined);
    }
    // Who can reach the receiver may have it meanwhile.
    await store.exports.release(plan.name, this.#holder);
    return Math.max(this.#pause(), sent.asked ?? 0);
  }

  /** The store, or what reads from it, failed: its words are ours. */
  async #stumbled(error: unknown): Promise<number> {
    if (this.#state === 'running') await this.#trouble.failed(error instanceof Error ? error.message : 'fault');
    return this.#pause();
  }

  #pause(): number {
    this.#failures++;
    return Math.min(1_000 * 2 ** Math.min(this.#failures - 1, 10), LONGEST_PAUSE_MS);
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
