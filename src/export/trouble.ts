import type { Clock, Crypto, Store } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { type Json, objectOf } from '../wire/json.ts';
import type { ExportPlan } from './export-plan.ts';

export interface TroubleParts {
  readonly plan: Pick<ExportPlan, 'name' | 'to'>;
  readonly store: Pick<Store, 'append'>;
  readonly clock: Pick<Clock, 'now' | 'tick'>;
  readonly crypto: Pick<Crypto, 'id'>;
  log(line: string): void;
}

type Fields = readonly (readonly [string, Json])[];

const MINUTE = 60_000;
const AGAIN_MS = 60 * MINUTE;
/** What is recorded is exported too: without a pause between, an export that fails in turns would feed itself. */
const RECORD_EVERY_MS = 10 * MINUTE;

/** Tells of an export that fails, and that it works again: to the operator, and on record. Not each time, but never not at all. */
export class Trouble {
  readonly #parts: TroubleParts;
  #told: { readonly why: string; readonly at: number } | undefined;
  #isOnRecord = false;
  #recordedAt = Number.NEGATIVE_INFINITY;
  /** How many records the receiver dropped that are not on record yet. */
  #refused = 0;
  #refusalTold = Number.NEGATIVE_INFINITY;

  constructor(parts: TroubleParts) {
    this.#parts = parts;
  }

  /** `record`: where it is one alone that does not get through. */
  async failed(
    why: string,
    record?: { readonly id: string; readonly writer: string; readonly seq: number },
  ): Promise<void> {
    const { plan, clock, log } = this.#parts;
    const now = clock.tick();
    const culprit = record && `, for one record alone (${record.id}, writer ${record.writer}, record ${record.seq})`;
    if (this.#isNews(why, now)) {
      this.#told = { why, at: now };
      log(
        `export "${plan.name}" fails: ${why}${culprit ?? ''}; it is tried again until it works, and the log keeps the rest for it`,
      );
    }
    if (this.#isOnRecord || now - this.#recordedAt < RECORD_EVERY_MS) return;
    const culprits: Fields =
      record === undefined
        ? []
        : [
            ['record', record.id],
            ['writer', record.writer],
            ['seq', record.seq],
          ];
    this.#isOnRecord = await this.#record('export failing', [['why', why], ...culprits]);
    if (this.#isOnRecord) this.#recordedAt = now;
  }

  /** `refused`: how many of the records the receiver said that it does not keep. */
  async succeeded(refused: number): Promise<void> {
    const { plan, clock, log } = this.#parts;
    const now = clock.tick();
    if (this.#told !== undefined) log(`export "${plan.name}" works again`);
    this.#told = undefined;
    if (this.#isOnRecord) this.#isOnRecord = !(await this.#record('export works again', []));
    if (refused > 0 && now - this.#refusalTold >= MINUTE) {
      this.#refusalTold = now;
      log(
        `export "${plan.name}": the receiver took a batch but says that it dropped ${refused} records of it; its own log tells why`,
      );
    }
    this.#refused += refused;
    if (this.#refused === 0 || now - this.#recordedAt < RECORD_EVERY_MS) return;
    const told = this.#refused;
    if (!(await this.#record('export refused records', [['refused', told]]))) return;
    this.#recordedAt = now;
    this.#refused -= told;
  }

  /** So many records were removed before this export came to them. */
  async missed(count: number): Promise<void> {
    const { plan, log } = this.#parts;
    log(
      `export "${plan.name}": ${count} records were removed from the log before they were handed over, and cannot be exported`,
    );
    await this.#record('export missed records', [['missed', count]]);
  }

  #isNews(why: string, now: number): boolean {
    if (this.#told === undefined) return true;
    const since = now - this.#told.at;
    return since >= AGAIN_MS || (why !== this.#told.why && since >= MINUTE);
  }

  /** Says whether it is written; what cannot be is told with the next trouble. */
  async #record(event: string, fields: Fields): Promise<boolean> {
    const { plan, store, clock, crypto } = this.#parts;
    const body = eventBody(event, {}, objectOf([['export', plan.name], ['to', plan.to], ...fields]));
    try {
      await store.append({ id: crypto.id(), kind: 'event', at: clock.now(), body }, undefined);
      return true;
    } catch {
      return false;
    }
  }
}
