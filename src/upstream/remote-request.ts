import { clearTimeout, setTimeout } from 'node:timers';
import type { Message, MessageId } from '../wire/message.ts';
import type { ReadLimits } from '../wire/read-json.ts';
import { readMessage } from '../wire/read-message.ts';
import { BodyFault, type BodyReader, bodyKind, eventsReader, jsonReader } from './body-reader.ts';
import type { AnswerHeaders } from './http-ask.ts';
import { follow, isResumable } from './remote-follow.ts';
import type { Waiting } from './remote-manner.ts';
import type { RemoteSession } from './remote-session.ts';
import { errorDetail, networkText, statusText } from './remote-text.ts';
import { shown } from './shown.ts';

/** The connection, as one of its requests sees it. */
export interface RequestHost {
  readonly session: RemoteSession;
  readonly maxBodyBytes: number;
  readonly read: ReadLimits;
  /** `lasting`: a response stream that broke may be taken up again with the last event id. `single`: it is lost then. */
  readonly streams: 'lasting' | 'single';
  /** A message came on the stream of this request. */
  received(message: Message, via: number): void;
  /** The head of a result came; answers why the result cannot be used, if so. */
  begun(id: number, headers: AnswerHeaders): string | undefined;
  /** The server refused with this status and no answer: the host lets the request fail, or goes another way. */
  refused(request: RemoteRequest, status: number, reason: string): void;
  /** The request is over without an answer. */
  failed(id: number, how: 'unsent' | 'lost', reason: string): void;
  paused(id: number, retryMs: number | undefined): void;
  noise(what: string): void;
  /** Nothing is left of the request. */
  done(id: number): void;
}

export const POST_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** How long a stream may stay open after it brought the answer, and after the request was cancelled. */
const LINGER_MS = 1000;
const CANCELLED_MS = 2000;
const MAX_RESUME_FAILURES = 4;
const MAX_ERROR_BYTES = 64 * 1024;

/** One POSTed request, until its answer came or cannot come any more. */
export class RemoteRequest implements Waiting {
  readonly id: number;
  readonly #host: RequestHost;
  #stop: () => void = () => {};
  #reader: BodyReader | undefined;
  #state: 'waiting' | 'answered' | 'over' = 'waiting';
  #timer: NodeJS.Timeout | undefined;
  #lastEventId: string | undefined;
  #retryMs: number | undefined;

  constructor(host: RequestHost, id: number) {
    this.#host = host;
    this.id = id;
  }

  /** `headers` go beside the ones that every POST has. */
  start(body: string, headers: Readonly<Record<string, string>>): void {
    this.#stop = this.#host.session.ask('POST', { ...headers, ...POST_HEADERS }, body, {
      head: (status, headers) => this.#head(status, headers),
      chunk: (bytes) => this.#read((reader) => reader.push(bytes)),
      end: () => {
        this.#read((reader) => reader.end());
        this.#ended('the server ended its answer without a result', 'ended');
      },
      broke: (how, error) => {
        if (how === 'unsent') this.fail('unsent', `cannot reach the server: ${networkText(error)}`);
        else this.#ended(`the connection broke before the answer was whole: ${networkText(error)}`, 'broke');
      },
    });
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  /** Its answer was passed on. The stream may go on for a moment. */
  answered(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'answered';
    this.#stopAfter(LINGER_MS);
  }

  /** Nobody waits for it any more. The server may still say that it stopped. */
  cancelled(): void {
    if (this.#state === 'waiting') this.#stopAfter(CANCELLED_MS);
  }

  /** Ends it without a word. */
  drop(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#stop();
    this.#host.done(this.id);
  }

  #stopAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.drop(), ms);
  }

  #head(status: number, headers: AnswerHeaders): void {
    const type = headers['content-type'];
    const kind = bodyKind(typeof type === 'string' ? type : undefined);
    if (status >= 300) return kind === 'json' ? this.#refusedWithBody(status, headers) : this.#refused(status, headers);
    const unusable = this.#host.begun(this.id, headers);
    if (unusable !== undefined) return this.fail('lost', unusable);
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      return this.fail('lost', 'the server compressed its answer, though it was not asked to');
    }
    if (kind === 'json') this.#reader = jsonReader(this.#host.maxBodyBytes, (text) => this.#jsonAnswer(text));
    else if (kind === 'events') this.#reader = this.#eventsAnswer();
    else this.fail('lost', wrongAnswer(status, type));
  }

  #jsonAnswer(text: string): void {
    const wrong = this.#message(text);
    if (wrong !== undefined) this.fail('lost', `the server's answer is no message: ${shown(wrong, 300)}`);
  }

  #eventsAnswer(): BodyReader {
    return eventsReader(this.#host.maxBodyBytes, {
      text: (text) => this.#event(text),
      id: (id) => {
        if (isResumable(id)) this.#lastEventId = id;
      },
      retry: (ms) => {
        this.#retryMs = ms;
      },
      odd: (what) => this.#host.noise(what),
    });
  }

  #read(step: (reader: BodyReader) => void): void {
    if (this.#reader === undefined || this.#state === 'over') return;
    try {
      step(this.#reader);
    } catch (error) {
      if (!(error instanceof BodyFault)) throw error;
      this.fail('lost', error.message);
    }
  }

  #refusedWithBody(status: number, headers: AnswerHeaders): void {
    this.#reader = jsonReader(MAX_ERROR_BYTES, (text) => {
      const read = readMessage(text, this.#host.read);
      const error = read.kind === 'message' && read.message.kind === 'error' ? read.message : undefined;
      if (error !== undefined && this.#isOurs(error.id, status)) {
        this.#host.received({ ...error, id: this.id }, this.id);
      } else this.#refused(status, headers, errorDetail(text));
    });
  }

  /** In the modern era a POST stands by itself, so an error whose writer could not tell the id is the error of this one. */
  #isOurs(id: MessageId | null, status: number): boolean {
    if (id === this.id) return true;
    return id === null && this.#host.streams === 'single' && (status === 400 || status === 404);
  }

  /** INVARIANT: whoever answers had the request and may have acted on it, whatever its status says: lost, never unsent. */
  #refused(status: number, headers: AnswerHeaders, detail?: string): void {
    if (this.#state !== 'waiting') return this.drop();
    this.#host.refused(this, status, statusText(status, headers, detail));
  }

  /** The response's body is over. With an event id it can be taken up again (2025-11-25, "resumability"). */
  #ended(reason: string, how: 'ended' | 'broke'): void {
    if (this.#state === 'answered') return this.drop();
    if (this.#state === 'over') return;
    if (this.#lastEventId === undefined || this.#host.streams === 'single') return this.fail('lost', reason);
    const from = {
      lastEventId: this.#lastEventId,
      retryMs: this.#retryMs,
      maxFailures: MAX_RESUME_FAILURES,
      maxEventBytes: this.#host.maxBodyBytes,
    };
    this.#stop = follow(this.#host.session, from, {
      text: (text) => {
        this.#event(text);
        if (this.#state === 'answered') this.drop();
      },
      odd: (what) => this.#host.noise(what),
      paused: (retryMs) => this.#host.paused(this.id, retryMs),
      over: (why) => this.fail('lost', `${reason}, and it could not be resumed: ${why}`),
    });
    if (how === 'ended') this.#host.paused(this.id, this.#retryMs);
  }

  /** What came in an event: a message, or noise. */
  #event(text: string): void {
    if (this.#state === 'over') return;
    const wrong = this.#message(text);
    if (wrong !== undefined) this.#host.noise(`${shown(wrong, 300)}: ${shown(text)}`);
  }

  /** Reads one message and passes it on; answers what is wrong with it, if it cannot be read. */
  #message(text: string): string | undefined {
    const read = readMessage(text, this.#host.read);
    if (read.kind === 'fault') return read.reason;
    this.#host.received(read.message, this.id);
    return undefined;
  }

  /** Ends it without an answer. */
  fail(how: 'unsent' | 'lost', reason: string): void {
    if (this.#state === 'waiting') this.#host.failed(this.id, how, reason);
    this.drop();
  }
}

function wrongAnswer(status: number, type: string | string[] | undefined): string {
  if (type === undefined) return `the server answered ${status} without a result`;
  return `the server answered ${status} with content type "${shown(String(type), 80)}", neither JSON nor an event stream`;
}
