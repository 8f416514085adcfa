import type { ServerResponse } from 'node:http';
import type { Front } from '../gateway/ports.ts';
import type { JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';
import { EventWriter } from './event-writer.ts';

/** What is kept for a client that has no stream open at the moment; older messages go first, larger ones are not kept at all. */
const MAX_KEPT = 100;
const MAX_KEPT_CHARACTERS = 1_000_000;
/** Streams of one session; one more ends the oldest, which is most likely dead. */
const MAX_STREAMS = 4;

/** The client's side of one HTTP session: its streams beside the requests. */
export class HttpFront implements Front {
  #streams: EventWriter[] = [];
  #kept: string[] = [];
  #keptCharacters = 0;

  attached(): boolean {
    this.#streams = this.#streams.filter((stream) => stream.isOpen);
    return this.#streams.length > 0;
  }

  attach(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    this.attached();
    if (this.#streams.length >= MAX_STREAMS) this.#streams.shift()?.end();
    this.#streams.push(new EventWriter(response, headers));
    const kept = this.#kept;
    this.#kept = [];
    this.#keptCharacters = 0;
    for (const text of kept) this.#send(text);
  }

  push(message: JsonObject): void {
    this.#send(writeJson(message));
  }

  #send(text: string): void {
    // A message goes to one stream only; the youngest is the one most likely alive.
    if (this.attached() && this.#streams.at(-1)?.writeText(text) === true) return;
    if (text.length > MAX_KEPT_CHARACTERS) return;
    this.#kept.push(text);
    this.#keptCharacters += text.length;
    while (this.#kept.length > MAX_KEPT || this.#keptCharacters > MAX_KEPT_CHARACTERS) {
      this.#keptCharacters -= this.#kept.shift()?.length ?? 0;
    }
  }

  ended(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams = [];
    this.#kept = [];
    this.#keptCharacters = 0;
  }
}
