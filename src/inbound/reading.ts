/** What a message needs no leave for, so that cancellations and answers always get in. */
const SMALL = 65_536;

/** Room for one body while it comes in. */
export interface BodyRoom {
  /** Whether so many bytes more may be kept of it. */
  take(bytes: number): boolean;
  /** The body is whole, or nobody wants it any more. Idempotent. */
  free(): void;
}

/** Bytes of bodies that are still coming in, for each grant: whoever sends many at once, and ends none, must not fill the memory. */
export class Reading {
  readonly #bytes = new Map<string, number>();
  readonly #max: () => number;

  constructor(max: () => number) {
    this.#max = max;
  }

  roomFor(grant: string): BodyRoom {
    let size = 0;
    let taken = 0;
    return {
      take: (bytes) => {
        size += bytes;
        if (size <= SMALL) return true;
        const before = this.#bytes.get(grant) ?? 0;
        if (before + size - taken > this.#max()) return false;
        this.#bytes.set(grant, before + size - taken);
        taken = size;
        return true;
      },
      free: () => {
        const left = (this.#bytes.get(grant) ?? 0) - taken;
        taken = 0;
        size = 0;
        if (left > 0) this.#bytes.set(grant, left);
        else this.#bytes.delete(grant);
      },
    };
  }
}
