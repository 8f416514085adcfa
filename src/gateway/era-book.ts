import type { Era } from '../wire/era.ts';
import type { Clock } from './ports.ts';

/** How long what a server was found to speak is believed. */
const BELIEVED_MS = 60_000;

/** Which eras servers were found to speak lately, so that not every connection asks anew. */
export class EraBook {
  readonly #clock: Clock;
  readonly #notes = new Map<string, { readonly found: 'spoken' | 'not spoken'; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(server: string, era: Era, found: 'spoken' | 'not spoken'): void {
    this.#notes.set(`${era} ${server}`, { found, until: this.#clock.tick() + BELIEVED_MS });
  }

  /** Whether the server speaks the era; undefined where nobody found out lately. */
  speaks(server: string, era: Era): boolean | undefined {
    const note = this.#notes.get(`${era} ${server}`);
    return note === undefined || this.#clock.tick() > note.until ? undefined : note.found === 'spoken';
  }

  /** The server is another now. */
  forget(server: string): void {
    this.#notes.delete(`legacy ${server}`);
    this.#notes.delete(`modern ${server}`);
  }
}
