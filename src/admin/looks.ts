import type { IncomingMessage, ServerResponse } from 'node:http';

/** Of one person at a time. */
const MOST = 8;

/** Who asked, and where the answer goes. */
export interface Asking {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The looks at the log that are under way: each works on, and lies in memory, until it is done and somebody has fetched it or is gone. */
export class Looks {
  readonly #open = new Map<string, number>();

  /** Undefined where this person has as many open as one may. */
  async take<T>(name: string, asking: Asking, look: () => Promise<T>): Promise<T | undefined> {
    const open = this.#open.get(name) ?? 0;
    if (open >= MOST) return undefined;
    this.#open.set(name, open + 1);
    try {
      return await look();
    } finally {
      whenGone(asking, () => this.#over(name));
    }
  }

  #over(name: string): void {
    const open = (this.#open.get(name) ?? 1) - 1;
    if (open > 0) this.#open.set(name, open);
    else this.#open.delete(name);
  }
}

/** An answer whose turn had not come does not hear that its connection is gone. */
function whenGone({ request: { socket }, response }: Asking, over: () => void): void {
  if (response.closed || socket.destroyed) {
    over();
    return;
  }
  const gone = (): void => {
    response.off('close', gone);
    socket.off('close', gone);
    over();
  };
  response.once('close', gone);
  socket.once('close', gone);
}
