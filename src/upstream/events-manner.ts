import { clearTimeout, setTimeout } from 'node:timers';
import type { Message } from '../wire/message.ts';
import { readMessage } from '../wire/read-message.ts';
import { writeJson } from '../wire/write-json.ts';
import { BodyFault, type BodyReader, eventsReader } from './body-reader.ts';
import { endpointPath } from './endpoint-path.ts';
import type { AnswerHeaders } from './http-ask.ts';
import { negotiatedVersion } from './negotiated-version.ts';
import type { Outgoing } from './outbox.ts';
import { cancelledId, nameOf, requestId } from './outgoing.ts';
import { isEvents } from './remote-follow.ts';
import type { Manner, MannerHost, Waiting } from './remote-manner.ts';
import { type Noted, postNotice } from './remote-notice.ts';
import { networkText, statusText } from './remote-text.ts';
import { shown } from './shown.ts';

/** What came of asking for the event stream; exactly one of them is called, unless it is stopped before. */
export interface Trial {
  /** The stream is there and has named the address for messages. */
  opened(): void;
  failed(why: string): void;
}

const CANCELLED_MS = 2000;

/** The manner of 2024-11-05, HTTP+SSE: one event stream brings everything, and lives as long as the connection; each message a POST beside it. */
export class EventsManner implements Manner {
  readonly #host: MannerHost;
  readonly #trial: Trial;
  #state: 'opening' | 'open' | 'over' = 'opening';
  #reader: BodyReader | undefined;
  #timer: NodeJS.Timeout | undefined;
  #abort: () => void = () => {};
  #initializeId: number | undefined;

  constructor(host: MannerHost, trial: Trial) {
    this.#host = host;
    this.#trial = trial;
  }

  /** Asks for the event stream. */
  open(): void {
    const { endpointTimeoutMs } = this.#host.plan;
    this.#timer = setTimeout(
      () => this.#ended(`it named no address for messages within ${endpointTimeoutMs / 1000} s`),
      endpointTimeoutMs,
    );
    this.#abort = this.#host.session.ask('GET', { accept: 'text/event-stream' }, undefined, {
      head: (status, headers) => this.#head(status, headers),
      chunk: (bytes) => this.#chunk(bytes),
      end: () => this.#ended('the server ended its event stream'),
      broke: (_, error) => this.#ended(`its event stream broke off: ${networkText(error)}`),
    });
  }

  post({ message }: Outgoing): void {
    const id = requestId(message);
    if (message['method'] === 'initialize') this.#initializeId = id;
    if (id !== undefined) this.#host.expect(id, this.#waiting(id));
    this.#host.waiting(cancelledId(message) ?? -1)?.cancelled();
    const isInitialized = message['method'] === 'notifications/initialized';
    if (isInitialized) this.#host.outbox.hold();
    const tell = (noted: Noted): void => {
      if (isInitialized) this.#host.outbox.open();
      if (noted.kind === 'taken') return;
      if (id === undefined) return this.#host.noise(`${nameOf(message)} was not taken: ${noted.reason}`);
      // The answer may have come on the stream before.
      if (this.#host.waiting(id)?.isWaiting !== true) return;
      this.#host.done(id);
      this.#host.failed(
        id,
        noted.how,
        noted.how === 'unsent' ? `cannot reach the server: ${noted.reason}` : noted.reason,
      );
    };
    postNotice(this.#host.session, {}, writeJson(message), tell, id === undefined ? 'notice' : 'request');
  }

  stop(): void {
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#abort();
  }

  async goodbye(): Promise<void> {}

  #waiting(id: number): Waiting {
    let timer: NodeJS.Timeout | undefined;
    const drop = () => {
      clearTimeout(timer);
      this.#host.done(id);
    };
    return {
      isWaiting: true,
      answered: drop,
      cancelled: () => {
        clearTimeout(timer);
        timer = setTimeout(drop, CANCELLED_MS);
      },
      drop,
    };
  }

  #head(status: number, headers: AnswerHeaders): void {
    if (status === 405) return this.#ended('it has no event stream (it answered 405 to GET)');
    if (status !== 200) return this.#ended(`to GET ${statusText(status, headers, undefined)}`);
    if (!isEvents(headers)) return this.#ended('the server answered GET with no event stream');
    this.#reader = eventsReader(this.#host.plan.maxBodyBytes, {
      text: (text) => this.#text(text),
      endpoint: (address) => this.#endpoint(address),
      // The stream ends with the connection, so there is nothing to come back with or for.
      id: () => {},
      retry: () => {},
      odd: this.#host.noise,
    });
  }

  #chunk(bytes: Uint8Array): void {
    try {
      if (this.#state !== 'over') this.#reader?.push(bytes);
    } catch (error) {
      if (!(error instanceof BodyFault)) throw error;
      this.#ended(error.message);
    }
  }

  #endpoint(address: string): void {
    if (this.#state !== 'opening') return this.#host.noise('a second address for messages, which is not used');
    const found = endpointPath(this.#host.session, address);
    if (found.kind === 'refused') return this.#ended(found.reason);
    clearTimeout(this.#timer);
    this.#state = 'open';
    this.#host.session.postPath = found.path;
    this.#trial.opened();
  }

  #text(text: string): void {
    if (this.#state === 'over') return;
    if (this.#state === 'opening') return this.#ended('its event stream does not begin with an address for messages');
    const read = readMessage(text, this.#host.plan.read);
    if (read.kind === 'message') this.#received(read.message);
    else this.#host.noise(`${shown(read.reason, 300)}: ${shown(text)}`);
  }

  #received(message: Message): void {
    const isInitialized = message.kind === 'response' && message.id === this.#initializeId;
    if (isInitialized && this.#host.session.version === undefined) {
      this.#host.session.version = negotiatedVersion(message);
    }
    this.#host.received(message, undefined);
  }

  #ended(reason: string): void {
    if (this.#state === 'over') return;
    const wasOpening = this.#state === 'opening';
    this.stop();
    if (wasOpening) this.#trial.failed(reason);
    else this.#host.over(reason);
  }
}
