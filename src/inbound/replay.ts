export interface ReplayLimits {
  readonly events: number;
  readonly bytes: number;
}

interface Kept {
  readonly number: number;
  readonly text: string;
  readonly bytes: number;
}

/** The last events of one stream, for a client that comes back; older ones make room. */
export class Replay {
  readonly #limits: ReplayLimits;
  readonly #kept: Kept[] = [];
  #bytes = 0;

  constructor(limits: ReplayLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a text of this size could be kept at all. */
  fits(bytes: number): boolean {
    return bytes <= this.#limits.bytes;
  }

  keep(number: number, text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#kept.push({ number, text, bytes });
    this.#bytes += bytes;
    while (this.#kept.length > this.#limits.events || this.#bytes > this.#limits.bytes) this.forgetOldest();
  }

  forgetOldest(): void {
    this.#bytes -= this.#kept.shift()?.bytes ?? 0;
  }

  /** What came after an event and is kept still. */
  after(number: number): readonly { readonly number: number; readonly text: string }[] {
    return this.#kept.filter((event) => event.number > number);
  }
}
