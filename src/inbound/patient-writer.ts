import type { ServerResponse } from 'node:http';
import type { Brake } from '../gateway/flow.ts';

/** How long, and for how much, a reader that does not read is waited for. */
export interface Patience {
  readonly stuckMs: number;
  readonly waitingBytes: number;
}

const PATIENCE: Patience = { stuckMs: 30_000, waitingBytes: 16 * 1024 * 1024 };

/**
 * Writes a response for a reader that may be slow. While it cannot take more the flow is held, so that what comes from the server waits there;
 * one that takes nothing for too long, or has too much waiting, is cut off.
 */
export class PatientWriter {
  readonly #response: ServerResponse;
  readonly #flow: Brake;
  readonly #patience: Patience;
  #isHeld = false;
  #turn: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, flow: Brake, patience: Patience = PATIENCE) {
    this.#response = response;
    this.#flow = flow;
    this.#patience = patience;
    response.on('drain', () => {
      this.#isHeld = false;
      response.setTimeout(0);
      flow.release(this);
    });
    const done = (): void => {
      clearTimeout(this.#turn);
      flow.release(this);
    };
    response.once('finish', done);
    response.once('close', done);
    // The socket's own clock: it stands still only while not one byte moves.
    response.on('timeout', () => response.destroy());
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** False when the reader is gone, or was cut off. */
  write(text: string): boolean {
    if (!this.isOpen) return false;
    if (this.#response.writableLength > this.#patience.waitingBytes) {
      this.#response.destroy();
      return false;
    }
    if (!this.#response.write(text)) this.#hold();
    return true;
  }

  /** Writes only to a reader that keeps up. */
  writeIfIdle(text: string): void {
    if (this.isOpen && !this.#response.writableNeedDrain) this.write(text);
  }

  end(text = ''): void {
    if (!this.isOpen) return;
    this.#response.end(text);
    if (this.#response.writableLength > this.#response.writableHighWaterMark) this.#hold();
  }

  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const { stuckMs } = this.#patience;
    this.#flow.hold(this);
    this.#response.setTimeout(stuckMs);
    if (this.#response.socket === null) this.#turn ??= setTimeout(() => this.#outOfTurn(), stuckMs).unref();
  }

  /** A client that asked several things at once on one connection, and whose first has no end, never gets to the next. */
  #outOfTurn(): void {
    if (this.#response.socket === null) this.#response.req.socket.destroy();
  }
}
