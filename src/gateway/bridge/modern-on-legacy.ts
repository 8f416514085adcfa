import { MODERN, REVISIONS } from '../../wire/era.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Message, Request } from '../../wire/message.ts';
import { LOG_LEVEL_KEY, SERVER_KEY } from '../../wire/modern/envelope.ts';
import { ACKNOWLEDGED, withSubscription } from '../../wire/modern/subscription.ts';
import { ownName } from '../../wire/own-name.ts';
import { METHOD_NOT_FOUND } from '../../wire/read-message.ts';
import { error, notification, request } from '../../wire/replies.ts';
import { servedCapabilities } from '../capabilities.ts';
import { passage } from '../passage.ts';
import type { Connection, ConnectionEvents } from '../ports.ts';
import { redress } from '../redress.ts';
import type { Bridge, BridgeOptions, Pass } from './bridge.ts';
import { modernError, modernResult, withoutEnvelope } from './dress.ts';
import { FIRST_ID, OwnAsks } from './own-asks.ts';
import { TOO_MANY, Waiting } from './waiting.ts';
import { toldOf, Watches } from './watches.ts';

const HANDSHAKE_MS = 60_000;
const SUBSCRIBE_MS = 30_000;
/** News that go to whoever asked for them. */
const NEWS = /^notifications\/((tools|prompts|resources)\/list_changed|resources\/updated)$/;
/** What passes unchanged. */
const PASSING: ReadonlySet<string> = new Set(['notifications/progress']);

/** A modern session's way to a legacy server: one session there, opened when it is first needed, for all that the grant asks. */
export class ModernOnLegacy implements Bridge {
  readonly ears: ConnectionEvents;
  readonly #options: BridgeOptions;
  readonly #far: Connection;
  readonly #near: ConnectionEvents;
  readonly #asks: OwnAsks;
  readonly #watches = new Watches();
  /** Resources for which the server is being asked. */
  readonly #taking = new Map<string, Promise<boolean>>();
  /** Subscriptions that are not acknowledged yet. */
  readonly #beginning = new Set<number>();
  /** Requests that wait for the session to open. */
  readonly #waiting = new Waiting();
  /** Methods of requests in flight, and which log level each asked for. */
  readonly #flying = new Map<number, { readonly method: string; readonly level: Json | undefined }>();
  #state: 'new' | 'opening' | 'open' = 'new';
  #met: JsonObject = objectOf([]);
  #level: Json | undefined;

  constructor(options: BridgeOptions) {
    this.#options = options;
    this.#far = options.far;
    this.#near = options.near;
    this.#asks = new OwnAsks(options.clock, FIRST_ID.bridge);
    this.ears = {
      received: (message, via) => this.#received(message, via),
      failed: (id, how, reason) => {
        if (this.#asks.failed(id, reason)) return;
        this.#flying.delete(id);
        this.#near.failed(id, how, reason);
      },
      paused: (via, retryMs) => this.#near.paused(via, retryMs),
      noise: (what) => this.#near.noise(what),
      closed: (reason) => {
        this.#asks.closed(reason);
        this.#near.closed(reason);
      },
    };
  }

  pause(): void {
    this.#far.pause();
  }

  resume(): void {
    this.#far.resume();
  }

  close(): Promise<void> {
    this.#asks.closed('the connection is closed');
    return this.#far.close();
  }

  send(pass: Pass): void {
    const { id, method, params } = pass.message;
    if (typeof method !== 'string') return this.#far.send(pass);
    if (method === 'notifications/cancelled') return this.#cancel(pass, isObject(params) ? params['requestId'] : null);
    if (typeof id !== 'number') return;
    if (this.#state === 'open') return this.#dispatch(pass, id, method);
    if (!this.#waiting.add(pass)) return this.#near.failed(id, 'unsent', TOO_MANY);
    if (this.#state === 'new') void this.#open();
  }

  async #open(): Promise<void> {
    this.#state = 'opening';
    const params = objectOf([
      ['protocolVersion', REVISIONS[0] ?? ''],
      ['capabilities', objectOf([])],
      ['clientInfo', ownName(this.#options.version)],
    ]);
    const reply = await this.#asks.ask(this.#far, 'initialize', params, HANDSHAKE_MS);
    const met = reply.kind === 'response' && isObject(reply.result) ? reply.result : undefined;
    const revision = met?.['protocolVersion'];
    if (met === undefined || typeof revision !== 'string' || !REVISIONS.includes(revision)) {
      this.#state = 'new';
      const why =
        reply.kind === 'failed' ? reply.reason : reply.kind === 'error' ? reply.error.message : 'odd revision';
      this.#options.undone();
      for (const id of this.#waiting.ids()) this.#near.failed(id, 'unsent', `it could not be initialized: ${why}`);
      return;
    }
    this.#met = met;
    this.#state = 'open';
    this.#far.send(passage(notification('notifications/initialized', objectOf([]))));
    for (const pass of this.#waiting.take()) this.send(pass);
  }

  #dispatch(pass: Pass, id: number, method: string): void {
    const params = isObject(pass.message['params']) ? pass.message['params'] : objectOf([]);
    if (method === 'server/discover') return this.#discovered(id);
    if (method === 'subscriptions/listen') return void this.#listen(pass, id, params['notifications']);
    const meta = params['_meta'];
    const level = isObject(meta) && this.#capabilities['logging'] !== undefined ? meta[LOG_LEVEL_KEY] : undefined;
    if (level !== undefined && level !== this.#level) {
      this.#level = level;
      void this.#asks.ask(this.#far, 'logging/setLevel', objectOf([['level', level]]), SUBSCRIBE_MS);
    }
    this.#flying.set(id, { method, level });
    this.#far.send(redress(pass, request(id, method, withoutEnvelope(params))));
  }

  get #capabilities(): JsonObject {
    const { capabilities } = this.#met;
    return isObject(capabilities) ? capabilities : objectOf([]);
  }

  /** Told from what the server answered to `initialize`. */
  #discovered(id: number): void {
    const { serverInfo, instructions } = this.#met;
    const entries: [string, Json][] = [
      ['supportedVersions', [MODERN]],
      // Extensions of the modern era are none of a server that does not speak it.
      ['capabilities', servedCapabilities('legacy', this.#capabilities)],
    ];
    if (typeof instructions === 'string') entries.push(['instructions', instructions]);
    if (serverInfo !== undefined) entries.push(['_meta', objectOf([[SERVER_KEY, serverInfo]])]);
    const result = modernResult('server/discover', objectOf(entries));
    this.#near.received({ kind: 'response', id, result }, undefined);
  }

  async #listen(pass: Pass, id: number, wish: Json | undefined): Promise<void> {
    this.#beginning.add(id);
    const wanted = this.#watches.wanted(wish, this.#capabilities);
    this.#watches.begin(id, wanted.uris);
    const taken = await Promise.all([...wanted.uris].map(async (uri) => [uri, await this.#watch(pass, uri)] as const));
    const uris = new Set(taken.filter(([, isTaken]) => isTaken).map(([uri]) => uri));
    const watch = { lists: wanted.lists, uris };
    this.#watches.open(id, watch);
    // It was cancelled while the server was asked.
    if (!this.#beginning.delete(id)) return this.#unwatch(id);
    const params = withSubscription(objectOf([['notifications', toldOf(watch)]]), id);
    this.#near.received({ kind: 'notification', method: ACKNOWLEDGED, params }, id);
  }

  /** Asks the server for a resource, once for all that ask at the same time; false when it does not take it. */
  #watch(pass: Pass, uri: string): Promise<boolean> {
    const running = this.#taking.get(uri);
    if (running !== undefined) return running;
    if (this.#watches.isWatched(uri)) return Promise.resolve(true);
    const params = objectOf([['uri', uri]]);
    const taken = this.#asks.ask(this.#far, 'resources/subscribe', params, SUBSCRIBE_MS, pass).then((reply) => {
      this.#taking.delete(uri);
      return reply.kind === 'response';
    });
    this.#taking.set(uri, taken);
    return taken;
  }

  #cancel(pass: Pass, id: Json | undefined): void {
    if (typeof id !== 'number') return;
    if (this.#waiting.withdraw(id)) return;
    if (this.#beginning.delete(id)) return;
    if (this.#watches.has(id)) return this.#unwatch(id);
    this.#flying.delete(id);
    this.#far.send(pass);
  }

  #unwatch(id: number): void {
    for (const uri of this.#watches.close(id)) {
      void this.#asks.ask(this.#far, 'resources/unsubscribe', objectOf([['uri', uri]]), SUBSCRIBE_MS);
    }
  }

  #received(message: Message, via: number | undefined): void {
    switch (message.kind) {
      case 'response':
      case 'error':
        return this.#answered(message, via);
      case 'request':
        return this.#asked(message, via);
      case 'notification':
        return this.#told(message, via);
    }
  }

  #answered(message: Extract<Message, { kind: 'response' | 'error' }>, via: number | undefined): void {
    if (this.#asks.answered(message)) return;
    const flying = typeof message.id === 'number' ? this.#flying.get(message.id) : undefined;
    if (typeof message.id === 'number') this.#flying.delete(message.id);
    if (message.kind === 'response') {
      return this.#near.received({ ...message, result: modernResult(flying?.method, message.result) }, via);
    }
    this.#near.received({ ...message, error: modernError(this.#options.server, message.error) }, via);
  }

  /** Nobody can be asked in the middle of a call: the client of the other era does not take questions. */
  #asked(message: Request, via: number | undefined): void {
    const { id, method } = message;
    if (method === 'ping') return this.#near.received(message, via);
    const told = JSON.stringify(method.slice(0, 100));
    const reason = `${told} cannot be asked here: the client speaks ${MODERN}, where a server asks in its answer only`;
    this.#far.send(passage(error(id, { code: METHOD_NOT_FOUND, message: `Method not found: ${reason}.` })));
    this.#near.noise(
      `${reason}; it was declined. At /mcp/${this.#options.server} a client of an older revision can be asked`,
    );
  }

  #told({ method, params }: Extract<Message, { kind: 'notification' }>, via: number | undefined): void {
    if (NEWS.test(method)) {
      for (const id of this.#watches.hearers(method, params)) {
        this.#near.received({ kind: 'notification', method, params: withSubscription(params, id) }, id);
      }
    } else if (method === 'notifications/message') {
      const cause = this.#logReader(via);
      if (cause !== undefined) this.#near.received({ kind: 'notification', method, params }, cause);
    } else if (PASSING.has(method)) this.#near.received({ kind: 'notification', method, params }, via);
  }

  /** The one request that asked for log messages; where more could be meant, none is. */
  #logReader(via: number | undefined): number | undefined {
    if (via !== undefined && this.#flying.get(via)?.level !== undefined) return via;
    const [only, second] = [...this.#flying];
    return second === undefined && only?.[1].level !== undefined ? only[0] : undefined;
  }
}
