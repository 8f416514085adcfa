import { eventId } from './event-id.ts';
import type { EventWriter } from './event-writer.ts';
import { Replay, type ReplayLimits } from './replay.ts';

/** How soon a client is to come back to a stream that ended before its time, if nobody says otherwise. */
const RETRY_MS = 1_000;

/** What is sent to a client that comes back in place of an answer that was too large to keep. */
export interface LastWord {
  readonly text: string;
  readonly ifNotKept: string;
}

/**
 * What of a stream a client can use. `primed`: ids, and events without a message that carry only one (2025-11-25 and later); `numbered`: ids on
 * messages only; `plain`: no ids, so that it cannot come back.
 */
export type Marks = 'primed' | 'numbered' | 'plain';

export interface StreamOptions {
  readonly key: string;
  /** Whether the answer to one request ends it, or the end of the session. */
  readonly of: 'request' | 'session';
  readonly marks: Marks;
  readonly replay: ReplayLimits;
}

/**
 * One stream of events in a session, which lives on when its connection breaks: the client comes back, names the last event that it saw, and
 * gets the rest. At most one connection at a time.
 */
export class ResumableStream {
  readonly key: string;
  readonly of: StreamOptions['of'];
  readonly #marks: Marks;
  readonly #replay: Replay;
  #writer: EventWriter | undefined;
  #last = 0;
  /** Whether the client has an id to come back with. */
  #isKnown = false;
  #isFinished = false;

  constructor({ key, of, marks, replay }: StreamOptions) {
    this.key = key;
    this.of = of;
    this.#marks = marks;
    this.#replay = new Replay(replay);
  }

  get isConnected(): boolean {
    return this.#writer?.isOpen === true;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** What is kept of it, bytes. */
  get bytes(): number {
    return this.#replay.bytes;
  }

  forgetOldest(): void {
    this.#replay.forgetOldest();
  }

  /** Whether there was an event of this number, and something can come after it. */
  mayGoOnAfter(number: number): boolean {
    if (number > this.#last) return false;
    return !this.#isFinished || this.#replay.after(number).length > 0;
  }

  /** The first connection. */
  begin(writer: EventWriter): void {
    this.#use(writer);
    if (this.#marks !== 'primed') return;
    writer.place(this.#place(0), RETRY_MS);
    this.#isKnown = true;
  }

  /** Another connection in place of the one before, for a client that saw the events up to this number. */
  resume(writer: EventWriter, seen: number): void {
    this.#writer?.end();
    this.#use(writer);
    this.#isKnown = true;
    const rest = this.#replay.after(seen);
    const lost = this.#last - seen - rest.length;
    if (lost > 0) writer.comment(`${lost} events were not kept until you came back`);
    for (const { number, text } of rest) writer.message(text, this.#id(number));
    if (this.#isFinished) writer.end();
  }

  #use(writer: EventWriter): void {
    this.#writer = writer;
    writer.onClose(() => {
      if (this.#writer === writer) this.#writer = undefined;
    });
  }

  /** Sends a message, one line of JSON, now or when the client comes back. False when it cannot come back: then the message is not taken. */
  push(text: string): boolean {
    if (this.#isFinished) return false;
    const number = this.#last + 1;
    const isWritten = this.#writer?.message(text, this.#id(number)) === true;
    if (!isWritten && !this.#isKnown) return false;
    this.#last = number;
    this.#keep(number, text);
    return true;
  }

  /** Sends the last message, if there is one, and ends the connection. */
  finish(word: LastWord | undefined): void {
    if (this.#isFinished) return;
    if (word !== undefined) {
      const number = this.#last + 1;
      const isWritten = this.#writer?.message(word.text, this.#id(number)) === true;
      this.#last = number;
      const isKept = this.#replay.fits(Buffer.byteLength(word.text));
      if (isWritten || this.#isKnown) this.#keep(number, isKept ? word.text : word.ifNotKept);
    }
    this.#isFinished = true;
    this.disconnect();
  }

  /** Lets the client go, to come back after a while; nothing happens for one that could not. */
  pause(retryMs: number | undefined): void {
    const writer = this.#writer;
    if (this.#marks !== 'primed' || writer === undefined || this.#isFinished) return;
    writer.retry(retryMs ?? RETRY_MS);
    this.disconnect();
  }

  /** Ends the connection, not the stream. */
  disconnect(): void {
    this.#writer?.end();
    this.#writer = undefined;
  }

  /** The session is over. */
  drop(): void {
    this.#isFinished = true;
    this.disconnect();
  }

  #keep(number: number, text: string): void {
    if (this.#marks === 'plain') return;
    this.#isKnown = true;
    this.#replay.keep(number, text);
  }

  #place(number: number): string {
    return eventId({ key: this.key, number });
  }

  #id(number: number): string | undefined {
    return this.#marks === 'plain' ? undefined : this.#place(number);
  }
}
