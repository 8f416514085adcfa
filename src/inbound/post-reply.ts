import type { ServerResponse } from 'node:http';
import type { Sink } from '../gateway/ports.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { INVALID_REQUEST, PARSE_ERROR } from '../wire/read-message.ts';
import { writeJson } from '../wire/write-json.ts';
import { EventWriter } from './event-writer.ts';

/** Clients give up on a call without response headers after about a minute; a stream opened before keeps them waiting. */
const OPEN_STREAM_AFTER_MS = 15_000;

/** The answer to one POST: plain JSON if nothing comes before the reply, an event stream otherwise or when it takes long. */
export class PostReply implements Sink {
  readonly #response: ServerResponse;
  readonly #mayStream: boolean;
  #headers: Record<string, string> = {};
  #stream: EventWriter | undefined;
  #wait: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, mayStream: boolean) {
    this.#response = response;
    this.#mayStream = mayStream;
    if (!mayStream) return;
    this.#wait = setTimeout(() => this.#open(), OPEN_STREAM_AFTER_MS);
    this.#wait.unref();
    response.once('close', () => clearTimeout(this.#wait));
  }

  setHeader(name: string, value: string): void {
    this.#headers = { ...this.#headers, [name]: value };
  }

  removeHeader(name: string): void {
    const { [name]: _, ...others } = this.#headers;
    this.#headers = others;
  }

  push(message: JsonObject): boolean {
    return this.#mayStream && this.#open()?.write(message) === true;
  }

  #open(): EventWriter | undefined {
    clearTimeout(this.#wait);
    if (this.#response.destroyed || this.#response.writableEnded) return undefined;
    this.#stream ??= new EventWriter(this.#response, this.#headers);
    return this.#stream;
  }

  /** Sends the reply and ends the exchange. Without a reply (a notification, a cancelled request): 202, or the end of the stream. */
  finish(reply: JsonObject | undefined): void {
    clearTimeout(this.#wait);
    if (this.#stream !== undefined) {
      if (reply !== undefined) this.#stream.write(reply);
      this.#stream.end();
      return;
    }
    if (this.#response.destroyed || this.#response.writableEnded) return;
    if (reply === undefined) {
      this.#response.writeHead(202, this.#headers).end();
      return;
    }
    sendJson(this.#response, statusOf(reply), writeJson(reply), this.#headers);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': length }).end(text);
}

function statusOf(reply: JsonObject): number {
  const error = reply['error'];
  if (!isObject(error)) return 200;
  return error['code'] === PARSE_ERROR || (error['code'] === INVALID_REQUEST && reply['id'] === null) ? 400 : 200;
}
