import { clearTimeout, setTimeout } from 'node:timers';
import type { JsonObject } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { readMessage } from '../wire/read-message.ts';
import { writeJson } from '../wire/write-json.ts';
import { EventsManner } from './events-manner.ts';
import type { AnswerHeaders } from './http-ask.ts';
import { negotiatedVersion } from './negotiated-version.ts';
import type { Outgoing } from './outbox.ts';
import { cancelledId, nameOf, requestId } from './outgoing.ts';
import { follow } from './remote-follow.ts';
import type { Manner, MannerHost } from './remote-manner.ts';
import { type Noted, postNotice } from './remote-notice.ts';
import { RemoteRequest, type RequestHost } from './remote-request.ts';
import { shown } from './shown.ts';

const GOODBYE_MS = 1000;
const SESSION_ID = /^[\x21-\x7e]{1,1024}$/;
const SESSION_OVER = 'the server ended the session';
/** How a server that only speaks the transport of 2024-11-05 refuses a POST. Source: 2025-11-25, "Backwards compatibility". */
const MAYBE_OLD: ReadonlySet<number> = new Set([400, 404, 405]);

/** The manner of 2025-03-26 to 2025-11-25: a session; each message a POST, and a GET stream for what the server says by itself. */
export class StreamableManner implements Manner {
  readonly #host: MannerHost;
  readonly #requestHost: RequestHost;
  #initialize: Outgoing | undefined;
  #stopListening: () => void = () => {};
  /** The transport of 2024-11-05, while it is tried. */
  #trial: EventsManner | undefined;

  constructor(host: MannerHost) {
    this.#host = host;
    this.#requestHost = {
      session: host.session,
      maxBodyBytes: host.plan.maxBodyBytes,
      read: host.plan.read,
      streams: 'lasting',
      received: (message, via) => this.#received(message, via),
      begun: (id, headers) => (this.#isInitialize(id) ? this.#takeSession(headers) : undefined),
      refused: (request, status, reason) => this.#refused(request, status, reason),
      failed: host.failed,
      paused: host.paused,
      noise: host.noise,
      done: host.done,
    };
  }

  post(pass: Outgoing): void {
    const { message } = pass;
    const id = requestId(message);
    if (id === undefined) return this.#notice(message);
    if (message['method'] === 'initialize') this.#initialize = pass;
    const request = new RemoteRequest(this.#requestHost, id);
    this.#host.expect(id, request);
    request.start(writeJson(message), {});
  }

  stop(): void {
    this.#stopListening();
    this.#trial?.stop();
  }

  /** The server has a second to hear that the session is over. */
  async goodbye(): Promise<void> {
    const { session } = this.#host;
    if (session.id === undefined) return;
    const heard = Promise.withResolvers<void>();
    const timer = setTimeout(heard.resolve, GOODBYE_MS);
    const abort = session.ask('DELETE', {}, undefined, {
      head: () => heard.resolve(),
      chunk: () => {},
      end: () => heard.resolve(),
      broke: () => heard.resolve(),
    });
    await heard.promise;
    clearTimeout(timer);
    abort();
  }

  #notice(message: JsonObject): void {
    this.#host.waiting(cancelledId(message) ?? -1)?.cancelled();
    const isInitialized = message['method'] === 'notifications/initialized';
    if (isInitialized) this.#host.outbox.hold();
    postNotice(this.#host.session, {}, writeJson(message), (noted) => {
      this.#noted(message, noted);
      if (!isInitialized) return;
      // The stream beside the requests is asked for before the first of them, so that nothing is said into the void.
      if (noted.kind === 'taken') this.#listen(() => this.#host.outbox.open());
      else this.#host.outbox.open();
    });
  }

  #noted(message: JsonObject, noted: Noted): void {
    if (noted.kind === 'taken') return;
    if (noted.status === 404 && this.#host.session.id !== undefined) return this.#host.over(SESSION_OVER);
    this.#host.noise(`${nameOf(message)} was not taken: ${noted.reason}`);
  }

  #listen(begun: () => void): void {
    const { plan, session, noise } = this.#host;
    const from = {
      lastEventId: undefined,
      retryMs: undefined,
      maxFailures: Number.POSITIVE_INFINITY,
      maxEventBytes: plan.maxBodyBytes,
    };
    this.#stopListening();
    this.#stopListening = follow(session, from, {
      begun,
      text: (text) => {
        const read = readMessage(text, plan.read);
        if (read.kind === 'message') this.#received(read.message, undefined);
        else noise(`${shown(read.reason, 300)}: ${shown(text)}`);
      },
      odd: noise,
      paused: () => {},
      over: (reason, status) => {
        // 405 is how a server says that it has no such stream.
        if (status !== 405) plan.onLog(`no stream beside the requests: ${reason}`);
      },
    });
  }

  #received(message: Message, via: number | undefined): void {
    if (message.kind === 'response' && typeof message.id === 'number' && this.#isInitialize(message.id)) {
      const isAwaited = this.#host.waiting(message.id)?.isWaiting === true;
      if (isAwaited) this.#host.session.version = negotiatedVersion(message) ?? this.#host.session.version;
    }
    this.#host.received(message, via);
  }

  #isInitialize(id: number): boolean {
    return this.#initialize?.message['id'] === id;
  }

  #takeSession(headers: AnswerHeaders): string | undefined {
    const given = headers['mcp-session-id'];
    if (given === undefined) return undefined;
    if (typeof given !== 'string' || !SESSION_ID.test(given)) {
      return 'the server gave a session id that cannot be sent back (visible ASCII, at most 1024 characters)';
    }
    this.#host.session.id = given;
    return undefined;
  }

  #refused(request: RemoteRequest, status: number, reason: string): void {
    if (this.#isInitialize(request.id)) {
      return MAYBE_OLD.has(status) ? this.#tryOld(request, reason) : request.fail('lost', reason);
    }
    if (status !== 404 || this.#host.session.id === undefined) return request.fail('lost', reason);
    request.fail('lost', SESSION_OVER);
    this.#host.over(SESSION_OVER);
  }

  /**
   * Asks for the event stream of 2024-11-05 and, if there is one, goes on by it. `initialize` is POSTed a second time then, to the
   * address that the stream names. That is safe: the first was refused by a status that says that nothing takes messages there, and
   * `initialize` does nothing but open a session. No other message is ever sent twice.
   */
  #tryOld(request: RemoteRequest, reason: string): void {
    const initialize = this.#initialize;
    if (initialize === undefined) return request.fail('lost', reason);
    request.drop();
    this.#host.outbox.close();
    const trial = new EventsManner(this.#host, {
      opened: () => {
        this.#host.become(trial);
        trial.post(initialize);
        this.#host.outbox.open();
      },
      failed: (why) => {
        this.#trial = undefined;
        this.#host.failed(request.id, 'lost', `${reason}; nor is it a server of the older HTTP+SSE transport: ${why}`);
        this.#host.outbox.open();
      },
    });
    this.#trial = trial;
    trial.open();
  }
}
