import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A client that sends requests ahead sends a few; an answer that nobody reads is kept here until somebody does. */
const MOST_OF_CONNECTION = 16;

/** Answers that are owed, for each connection. */
export class OpenAnswers {
  readonly #of = new Map<Socket, Set<ServerResponse>>();

  /** Whether a request is to be answered; `too many`: its connection is to be ended. What had come before it ended is for nobody. */
  admit({ socket }: IncomingMessage, response: ServerResponse): 'answer' | 'too many' | 'gone' {
    if (socket.destroyed) return 'gone';
    const open = this.#of.get(socket) ?? this.#begin(socket);
    if (open.size >= MOST_OF_CONNECTION) return 'too many';
    open.add(response);
    response.once('close', () => open.delete(response));
    return 'answer';
  }

  all(): readonly ServerResponse[] {
    return [...this.#of.values()].flatMap((open) => [...open]);
  }

  #begin(socket: Socket): Set<ServerResponse> {
    const open = new Set<ServerResponse>();
    this.#of.set(socket, open);
    // An answer whose turn had not come does not hear that its connection is gone.
    socket.once('close', () => this.#of.delete(socket));
    return open;
  }
}
