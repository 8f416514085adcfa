import type { Connection } from './ports.ts';

/** What of a flow a front holds: it slows the server down while its reader cannot take more. */
export type Brake = Pick<Flow, 'hold' | 'release'>;

/**
 * Back-pressure of one session: while anybody in front cannot take more, nothing more is read from the server.
 * A reader that stays stuck is cut off by the front, which then lets go here.
 */
export class Flow {
  readonly #stuck = new Set<object>();
  #connection: Pick<Connection, 'pause' | 'resume'> | undefined;

  /** The connection that is held up from now on. */
  use(connection: Pick<Connection, 'pause' | 'resume'> | undefined): void {
    this.#connection = connection;
    if (this.#stuck.size > 0) connection?.pause();
  }

  /** `reader` cannot take more. Idempotent. */
  hold(reader: object): void {
    if (this.#stuck.has(reader)) return;
    this.#stuck.add(reader);
    if (this.#stuck.size === 1) this.#connection?.pause();
  }

  /** `reader` took what there was, or is gone. Idempotent. */
  release(reader: object): void {
    if (!this.#stuck.delete(reader)) return;
    if (this.#stuck.size === 0) this.#connection?.resume();
  }
}
