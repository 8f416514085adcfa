import type { Limits } from '../gateway/limits.ts';
import type { Front } from '../gateway/ports.ts';
import type { JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';
import { type EventPlace, eventPlace } from './event-id.ts';
import type { EventWriter } from './event-writer.ts';
import { type Marks, ResumableStream } from './resumable-stream.ts';

/** What is kept for a client that has no stream open at the moment; older messages go first, larger ones are not kept at all. */
const MAX_KEPT = 100;
const MAX_KEPT_CHARACTERS = 1_000_000;
/** Streams that ended, or whose connection broke, and are kept for clients that come back. */
const MAX_PAST = 32;
/** How much of what one stream may keep all streams of a session may keep together. */
const SHARES = 4;

export interface HttpFrontOptions {
  /** A fresh key that nobody can guess, of letters, digits, `-` and `_`. */
  newKey(): string;
  limits(): Pick<Limits, 'streams' | 'replayEvents' | 'replayBytes'>;
}

/** The client's side of one HTTP session: its streams, those of its requests and those beside them. */
export class HttpFront implements Front {
  readonly #options: HttpFrontOptions;
  /** All that a client can come back to, oldest first. */
  readonly #streams = new Map<string, ResumableStream>();
  /** Those beside the requests that are connected, the one connected last at the end. */
  #beside: ResumableStream[] = [];
  #kept: string[] = [];
  #keptCharacters = 0;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
  }

  attached(): boolean {
    this.#beside = this.#beside.filter((stream) => stream.isConnected);
    return this.#beside.length > 0;
  }

  /** A new stream beside the requests. */
  attach(writer: EventWriter, marks: Marks): void {
    const stream = this.#make('session', marks);
    stream.begin(writer);
    this.#listen(stream);
  }

  /** The stream of one request, whose answer ends it. */
  streamFor(writer: EventWriter, marks: Marks): ResumableStream {
    const stream = this.#make('request', marks);
    stream.begin(writer);
    return stream;
  }

  /** The stream and number of an event, if a client can come back to it here. */
  find(id: string): EventPlace | undefined {
    const place = eventPlace(id);
    if (place === undefined) return undefined;
    return this.#streams.get(place.key)?.mayGoOnAfter(place.number) === true ? place : undefined;
  }

  /** Goes on with a stream where the client left it. */
  resume({ key, number }: EventPlace, writer: EventWriter): void {
    const stream = this.#streams.get(key);
    if (stream === undefined) return writer.end();
    stream.resume(writer, number);
    if (stream.of === 'session') this.#listen(stream);
  }

  /** Says that something was added to a stream: what is kept of all of them has a bound. */
  grown(): void {
    const { replayBytes } = this.#options.limits();
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.bytes;
    for (const stream of this.#streams.values()) {
      while (bytes > SHARES * replayBytes && stream.bytes > 0) {
        bytes -= stream.bytes;
        stream.forgetOldest();
        bytes += stream.bytes;
      }
    }
    this.#forgetPast();
  }

  #forgetPast(): void {
    let past = 0;
    for (const stream of [...this.#streams.values()].reverse()) {
      const isOver = stream.of === 'request' ? stream.isFinished : !stream.isConnected;
      if (isOver && ++past > MAX_PAST) this.#streams.delete(stream.key);
    }
  }

  #make(of: 'request' | 'session', marks: Marks): ResumableStream {
    const { replayEvents: events, replayBytes: bytes } = this.#options.limits();
    const keeps = events > 0 && bytes > 0;
    const stream = new ResumableStream({
      key: this.#options.newKey(),
      of,
      marks: keeps ? marks : 'plain',
      replay: { events, bytes },
    });
    this.#forgetPast();
    if (keeps) this.#streams.set(stream.key, stream);
    return stream;
  }

  #listen(stream: ResumableStream): void {
    this.#beside = this.#beside.filter((other) => other !== stream);
    this.attached();
    // One more than allowed ends the oldest, which is most likely dead.
    while (this.#beside.length >= this.#options.limits().streams) this.#beside.shift()?.disconnect();
    this.#beside.push(stream);
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
    if (this.attached() && this.#beside.at(-1)?.push(text) === true) return this.grown();
    if (text.length > MAX_KEPT_CHARACTERS) return;
    this.#kept.push(text);
    this.#keptCharacters += text.length;
    while (this.#kept.length > MAX_KEPT || this.#keptCharacters > MAX_KEPT_CHARACTERS) {
      this.#keptCharacters -= this.#kept.shift()?.length ?? 0;
    }
  }

  ended(): void {
    for (const stream of new Set([...this.#streams.values(), ...this.#beside])) stream.drop();
    this.#streams.clear();
    this.#beside = [];
    this.#kept = [];
    this.#keptCharacters = 0;
  }
}
