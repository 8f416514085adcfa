import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';

/** A reader that lets this much pile up is cut off instead of filling the memory. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;

/** An open event stream to the client. */
export class EventWriter {
  readonly #response: ServerResponse;
  readonly #beat: NodeJS.Timeout;

  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.#response = response;
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    this.#beat = setInterval(() => void response.write(': still here\n\n'), KEEP_ALIVE_MS);
    this.#beat.unref();
    response.once('close', () => clearInterval(this.#beat));
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** False when the client is gone, or reads so slowly that it was cut off. */
  write(message: JsonObject): boolean {
    return this.writeText(writeJson(message));
  }

  /** The same for a message that is written already: one line of JSON. */
  writeText(text: string): boolean {
    if (!this.isOpen) return false;
    this.#response.write(`event: message\ndata: ${text}\n\n`);
    if (this.#response.writableLength <= MAX_BACKLOG_BYTES) return true;
    this.#response.destroy();
    return false;
  }

  end(): void {
    clearInterval(this.#beat);
    if (this.isOpen) this.#response.end();
  }
}
