import type { Brake } from '../flow.ts';

/** Back-pressure of a client that speaks to many servers: while it cannot take more, none of them is read. */
export class HubFlow implements Brake {
  readonly #readers = new Set<object>();
  readonly #flows = new Set<Brake>();

  /** A server's flow belongs to it from now on. */
  add(flow: Brake): void {
    this.#flows.add(flow);
    for (const reader of this.#readers) flow.hold(reader);
  }

  remove(flow: Brake): void {
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
