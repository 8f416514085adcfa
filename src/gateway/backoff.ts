const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** What ran so long was not broken from the start. */
const STEADY_MS = 60_000;

/** How long to wait before something that ended by itself is started again: not at all the first time, then twice as long each time. */
export class Backoff {
  #failures = 0;

  /** Ticks in ms. */
  delay(startedAt: number, endedAt: number): number {
    if (endedAt - startedAt >= STEADY_MS) this.#failures = 0;
    const failures = this.#failures++;
    return failures === 0 ? 0 : Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LONGEST_MS);
  }
}
