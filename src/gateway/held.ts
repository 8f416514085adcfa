const SMALL = 65_536;

/** How much of the messages that wait for answers is held in memory. */
export class Held {
  #characters = 0;
  readonly #max: () => number;

  constructor(max: () => number) {
    this.#max = max;
  }

  /**
   * Makes room for a message of so many characters until it is answered; false when those that wait leave none. There is always
   * room for a small one, such as a cancellation.
   */
  hold(characters: number): boolean {
    if (characters > SMALL && this.#characters > 0 && this.#characters + characters > this.#max()) return false;
    this.#characters += characters;
    return true;
  }

  release(characters: number): void {
    this.#characters -= characters;
  }
}
