import type { ServerResponse } from 'node:http';
import type { Brake } from '../gateway/flow.ts';
import type { Sink } from '../gateway/ports.ts';
import type { Era } from '../wire/era.ts';
import type { JsonObject } from '../wire/json.ts';
import type { MessageId } from '../wire/message.ts';
import { INTERNAL_ERROR } from '../wire/read-message.ts';
import { error } from '../wire/replies.ts';
import { writeJson } from '../wire/write-json.ts';
import type { EventWay } from './event-writer.ts';
import { PatientWriter } from './patient-writer.ts';
import { replyStatus } from './reply-status.ts';
import type { ReplyStream } from './reply-stream.ts';
import { sendJson } from './send-json.ts';

/** Clients give up on a call without response headers after about a minute; a stream opened before keeps them waiting. */
const OPEN_STREAM_AFTER_MS = 15_000;

export interface PostReplyOptions {
  readonly era: Era;
  readonly response: ServerResponse;
  readonly flow: Brake;
  readonly paramHeaders: ReadonlyMap<string, string> | undefined;
  /** Opens the event stream; undefined for a client that reads none. */
  readonly open: ((way: EventWay) => ReplyStream) | undefined;
  /** The client closed the response before it was whole. */
  onLeft(): void;
}

/** The answer to one POST: plain JSON if nothing comes before the reply, an event stream otherwise or when it takes long. */
export class PostReply implements Sink {
  readonly paramHeaders: ReadonlyMap<string, string> | undefined;
  readonly #options: PostReplyOptions;
  #headers: Record<string, string> = {};
  #stream: ReplyStream | undefined;
  #wait: NodeJS.Timeout | undefined;
  #isFinished = false;

  constructor(options: PostReplyOptions) {
    this.#options = options;
    this.paramHeaders = options.paramHeaders;
    if (options.open !== undefined) {
      this.#wait = setTimeout(() => this.#open(), OPEN_STREAM_AFTER_MS);
      this.#wait.unref();
    }
    options.response.once('close', () => {
      clearTimeout(this.#wait);
      if (!this.#isFinished) options.onLeft();
    });
  }

  setHeader(name: string, value: string): void {
    this.#headers = { ...this.#headers, [name]: value };
  }

  removeHeader(name: string): void {
    const { [name]: _, ...others } = this.#headers;
    this.#headers = others;
  }

  open(): boolean {
    return !this.#isFinished && this.#open() !== undefined;
  }

  isWaiting(): boolean {
    if (this.#isFinished) return false;
    return this.#stream === undefined ? !this.#options.response.destroyed : this.#stream.isConnected();
  }

  push(message: JsonObject): boolean {
    return this.#open()?.push(writeJson(message)) === true;
  }

  pause(retryMs: number | undefined): void {
    if (this.#isFinished) return;
    this.#open()?.pause(retryMs);
  }

  #open(): ReplyStream | undefined {
    clearTimeout(this.#wait);
    const { response, flow, open } = this.#options;
    if (this.#stream !== undefined || open === undefined) return this.#stream;
    if (response.destroyed || response.writableEnded) return undefined;
    this.#stream = open({ headers: this.#headers, flow });
    return this.#stream;
  }

  /** Sends the reply and ends the exchange. Without a reply (a notification, a cancelled request): 202, or the end of the stream. */
  finish(reply: JsonObject | undefined): void {
    clearTimeout(this.#wait);
    if (this.#isFinished) return;
    this.#isFinished = true;
    const { response, flow, era } = this.#options;
    if (this.#stream !== undefined) {
      this.#stream.finish(reply === undefined ? undefined : { text: writeJson(reply), ifNotKept: tooLarge(reply) });
      return;
    }
    if (response.destroyed || response.writableEnded) return;
    if (reply === undefined) {
      response.writeHead(202, this.#headers).end();
      return;
    }
    sendJson(response, replyStatus(era, reply), writeJson(reply), this.#headers, new PatientWriter(response, flow));
  }
}

function tooLarge({ id }: JsonObject): string {
  const message =
    'The answer came while nobody was connected, and is too large to be kept ("replay_size" in the configuration). The request may have taken effect; check before sending it again.';
  const known: MessageId | null = typeof id === 'string' || typeof id === 'number' ? id : null;
  return writeJson(error(known, { code: INTERNAL_ERROR, message }));
}
