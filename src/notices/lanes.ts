import type { DueNotice } from '../gateway/approvals/approval-ports.ts';
import type { Clock } from '../gateway/ports.ts';
import { restAfter } from './retry.ts';

interface Rest {
  readonly failures: number;
  /** `Clock.tick`. */
  readonly until: number;
}

/** Whose turn it is: a hook that failed rests for a while, and one with many notices does not keep the others waiting. */
export class Lanes {
  readonly #clock: Pick<Clock, 'tick'>;
  readonly #rests: Map<string, Rest> = new Map();
  readonly #served: Set<string> = new Set();

  constructor(clock: Pick<Clock, 'tick'>) {
    this.#clock = clock;
  }

  /** The next notice for one of these hooks. `take` is asked for those that had no turn in this round, then for all that do not rest. */
  async next(
    names: readonly string[],
    take: (names: readonly string[]) => Promise<DueNotice | undefined>,
  ): Promise<DueNotice | undefined> {
    const now = this.#clock.tick();
    const ready = names.filter((name) => now >= (this.#rests.get(name)?.until ?? now));
    const waiting = ready.filter((name) => !this.#served.has(name));
    let taken = waiting.length === 0 ? undefined : await take(waiting);
    if (taken === undefined && waiting.length < ready.length) {
      this.#served.clear();
      taken = await take(ready);
    }
    if (taken !== undefined) this.#served.add(taken.hook);
    return taken;
  }

  /** `asked`: for how long the receiver wants to be left alone, ms. */
  failed(name: string, asked: number | undefined): void {
    const failures = (this.#rests.get(name)?.failures ?? 0) + 1;
    this.#rests.set(name, { failures, until: this.#clock.tick() + Math.max(restAfter(failures), asked ?? 0) });
  }

  /** Says whether it had failed before. */
  succeeded(name: string): boolean {
    return this.#rests.delete(name);
  }
}
