import type { ServerResponse } from 'node:http';
import type { Front } from '../gateway/ports.ts';
import type { JsonObject } from '../wire/json.ts';
import { EventWriter } from './event-writer.ts';

/** Messages kept for a client that has no stream open at the moment; older ones go first. */
const MAX_KEPT = 100;

/** The client's side of one HTTP session: its streams beside the requests. */
export class HttpFront implements Front {
  #streams: EventWriter[] = [];
  #kept: JsonObject[] = [];

  attached(): boolean {
    this.#streams = this.#streams.filter((stream) => stream.isOpen);
    return this.#streams.length > 0;
  }

  attach(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    this.#streams.push(new EventWriter(response, headers));
    const kept = this.#kept;
    this.#kept = [];
    for (const message of kept) this.push(message);
  }

  push(message: JsonObject): void {
    // A message goes to one stream only; the youngest is the one most likely alive.
    if (this.attached() && this.#streams.at(-1)?.write(message) === true) return;
    this.#kept.push(message);
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }

  ended(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams = [];
    this.#kept = [];
  }
}
