import type { Flow } from '../flow.ts';

type Held = Pick<Flow, 'hold' | 'release'>;

/** Back-pressure of a client that speaks to many servers: while it cannot take more, none of them is read. */
export class HubFlow implements Held {
  readonly #readers = new Set<object>();
  readonly #flows = new Set<Held>();

  /** A server's flow belongs to it from now on. */
  add(flow: Held): void {
    this.#flows.add(flow);
    for (const reader of this.#readers) flow.hold(reader);
  }

  remove(flow: Held): void {
    this.#flows.delete(flow);
  }

  hold(reader: object): void {
    this.#readers.add(reader);
    for (const flow of this.#flows) flow.hold(reader);
  }

  release(reader: object): void {
    this.#readers.delete(reader);
    for (const flow of this.#flows) flow.release(reader);
  }
}
