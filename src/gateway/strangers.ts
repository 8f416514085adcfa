import type { Gate } from './gate.ts';
import { strangerBody } from './record.ts';

const INTERVAL_MS = 10_000;
/** Records that strangers can cause in one interval; whoever comes beyond is counted together. */
const MAX_RECORDS = 50;
const EVERYBODY = '(others)';

interface Tally {
  readonly source: string;
  readonly reason: string;
  /** How many are not recorded yet. */
  count: number;
}

/**
 * What is refused before anybody is identified. The first refusal of a source for a reason is recorded at once; those that
 * follow within the interval are one record with their count, so that strangers cannot fill the log.
 */
export class Strangers {
  readonly #gate: Gate;
  #tallies = new Map<string, Tally>();
  #cancel: (() => void) | undefined;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** `source` is the peer's address; `reason` comes from a fixed few, never from the stranger's own words. */
  refused(source: string, reason: string): void {
    const known = this.#tallies.get(key(source, reason));
    if (known !== undefined) {
      known.count++;
      return;
    }
    const full = this.#tallies.size >= MAX_RECORDS;
    const who = full ? EVERYBODY : source;
    const why = full ? 'too many sources to tell apart' : reason;
    const tally = this.#tallies.get(key(who, why)) ?? { source: who, reason: why, count: 0 };
    this.#tallies.set(key(who, why), tally);
    if (full) tally.count++;
    else this.#write(tally, 1);
    this.#cancel ??= this.#gate.clock.after(INTERVAL_MS, () => this.flush());
  }

  /** Writes what has been counted and begins a new interval. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const tallies = this.#tallies;
    this.#tallies = new Map();
    for (const tally of tallies.values()) if (tally.count > 0) this.#write(tally, tally.count);
  }

  #write(tally: Tally, count: number): void {
    const { store, clock, crypto, log } = this.#gate;
    const body = strangerBody(tally.source, tally.reason, count, INTERVAL_MS / 1000);
    store
      .append({ id: crypto.id(), kind: 'refused', at: clock.now(), body }, undefined)
      .catch((fault: Error) => log(`a refusal before identification is not recorded: ${fault.message}`));
  }
}

function key(source: string, reason: string): string {
  return `${source}\n${reason}`;
}
