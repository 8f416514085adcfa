import type { ServerResponse } from 'node:http';
import type { Brake } from '../gateway/flow.ts';
import { type Patience, PatientWriter } from './patient-writer.ts';

const KEEP_ALIVE_MS = 15_000;

/** What an event stream needs besides its response. */
export interface EventWay {
  readonly headers: Readonly<Record<string, string>>;
  readonly flow: Brake;
  readonly patience?: Patience;
}

/** One connection of a client that reads events. */
export class EventWriter {
  readonly #response: ServerResponse;
  readonly #writer: PatientWriter;
  readonly #beat: NodeJS.Timeout;

  constructor(response: ServerResponse, { headers, flow, patience }: EventWay) {
    this.#response = response;
    this.#writer = new PatientWriter(response, flow, patience);
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    this.#beat = setInterval(() => this.#writer.writeIfIdle(': still here\n\n'), KEEP_ALIVE_MS);
    this.#beat.unref();
    response.once('close', () => clearInterval(this.#beat));
  }

  get isOpen(): boolean {
    return this.#writer.isOpen;
  }

  onClose(action: () => void): void {
    this.#response.once('close', action);
  }

  /** Sends a message, one line of JSON. False when the client is gone, or reads so slowly that it was cut off. */
  message(text: string, id: string | undefined): boolean {
    const mark = id === undefined ? '' : `id: ${id}\n`;
    return this.#writer.write(`event: message\n${mark}data: ${text}\n\n`);
  }

  /** An event without a message: it tells the client where it stands, and how soon to come back if the stream ends before its time. */
  place(id: string, retryMs: number): boolean {
    return this.#writer.write(`id: ${id}\nretry: ${retryMs}\ndata: \n\n`);
  }

  /** How soon to come back, from now on. */
  retry(ms: number): void {
    this.#writer.write(`retry: ${ms}\n\n`);
  }

  comment(text: string): void {
    this.#writer.write(`: ${text}\n\n`);
  }

  end(): void {
    clearInterval(this.#beat);
    this.#writer.end();
  }
}
