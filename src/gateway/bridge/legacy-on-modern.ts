import { REVISIONS } from '../../wire/era.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Message } from '../../wire/message.ts';
import { SERVER_KEY } from '../../wire/modern/envelope.ts';
import { withoutSubscription } from '../../wire/modern/subscription.ts';
import { METHOD_NOT_FOUND } from '../../wire/read-message.ts';
import { error, request } from '../../wire/replies.ts';
import { passage } from '../passage.ts';
import type { Connection, ConnectionEvents } from '../ports.ts';
import { redress } from '../redress.ts';
import { REFUSED } from '../refusal.ts';
import type { Bridge, BridgeOptions, Pass } from './bridge.ts';
import { legacyResult, withEnvelope } from './dress.ts';
import { FarListen } from './far-listen.ts';
import { NotedHeaders } from './noted-headers.ts';
import { FIRST_ID, OwnAsks } from './own-asks.ts';

const DISCOVER_MS = 30_000;
const EMPTY: JsonObject = objectOf([]);
/** What the modern era knows under these names still. */
const CARRIED: ReadonlySet<string> = new Set([
  ...['tools/list', 'tools/call', 'prompts/list', 'prompts/get', 'completion/complete'],
  ...['resources/list', 'resources/read', 'resources/templates/list'],
]);

/** A legacy session's way to a server that speaks the modern era alone: what belongs to a session is answered here. */
export class LegacyOnModern implements Bridge {
  readonly ears: ConnectionEvents;
  readonly #options: BridgeOptions;
  readonly #far: Connection;
  readonly #near: ConnectionEvents;
  readonly #asks: OwnAsks;
  readonly #listen: FarListen;
  readonly #methods = new Map<number, string>();
  readonly #headers = new NotedHeaders();
  #clientInfo: Json | undefined;
  #logLevel: Json | undefined;

  constructor(options: BridgeOptions) {
    this.#options = options;
    this.#far = options.far;
    this.#near = options.near;
    this.#asks = new OwnAsks(options.clock, FIRST_ID.bridge);
    this.#listen = new FarListen({
      clock: options.clock,
      far: options.far,
      nextId: () => this.#asks.nextId(),
      dressed: (params) => this.#dressed(params),
    });
    this.ears = {
      received: (message, via) => this.#received(message, via),
      failed: (id, how, reason) => {
        if (this.#listen.ended(id) || this.#asks.failed(id, reason)) return;
        this.#methods.delete(id);
        this.#near.failed(id, how, reason);
      },
      paused: (via, retryMs) => this.#near.paused(via, retryMs),
      noise: (what) => this.#near.noise(what),
      closed: (reason) => {
        this.#stop(reason);
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
    this.#stop('the connection is closed');
    return this.#far.close();
  }

  #stop(reason: string): void {
    this.#asks.closed(reason);
    this.#listen.stop();
  }

  send(pass: Pass): void {
    const { id, method } = pass.message;
    const params = isObject(pass.message['params']) ? pass.message['params'] : EMPTY;
    if (method === 'notifications/cancelled') return this.#cancel(pass, params['requestId']);
    // Other notifications, and answers, say nothing to a server without sessions.
    if (typeof method !== 'string' || typeof id !== 'number') return;
    switch (method) {
      case 'initialize':
        return void this.#meet(id, params);
      case 'ping':
        return this.#answer(id, EMPTY);
      case 'logging/setLevel':
        this.#logLevel = params['level'];
        return this.#answer(id, EMPTY);
      case 'resources/subscribe':
        return void this.#subscribe(pass, id, params['uri']);
      case 'resources/unsubscribe':
        this.#listen.unwatch(params['uri']);
        return this.#answer(id, EMPTY);
      default:
        return CARRIED.has(method) ? this.#carry(pass, id, method, params) : this.#refuse(id, METHOD_NOT_FOUND, method);
    }
  }

  #carry(pass: Pass, id: number, method: string, params: JsonObject): void {
    const headers = method === 'tools/call' ? this.#headers.headersFor(params) : {};
    if (headers === undefined) {
      const reason = 'the schema of the tool asks for headers that cannot be made';
      return this.#refuse(id, REFUSED, reason);
    }
    this.#methods.set(id, method);
    this.#far.send(redress(pass, request(id, method, this.#dressed(params)), headers));
  }

  #cancel(pass: Pass, id: Json | undefined): void {
    if (typeof id === 'number') this.#methods.delete(id);
    this.#far.send(pass);
  }

  #dressed(params: JsonObject): JsonObject {
    return withEnvelope(params, { clientInfo: this.#clientInfo, logLevel: this.#logLevel });
  }

  async #meet(id: number, params: JsonObject): Promise<void> {
    this.#clientInfo = params['clientInfo'];
    const reply = await this.#asks.ask(this.#far, 'server/discover', this.#dressed(EMPTY), DISCOVER_MS);
    if (reply.kind !== 'response') this.#options.undone();
    if (reply.kind === 'failed') return this.#near.failed(id, 'unsent', reply.reason);
    if (reply.kind === 'error') return this.#near.received({ ...reply, id }, undefined);
    const met = isObject(reply.result) ? reply.result : EMPTY;
    const { capabilities, instructions, _meta: meta } = met;
    const offered = isObject(capabilities) ? capabilities : EMPTY;
    const entries: [string, Json][] = [
      ['protocolVersion', params['protocolVersion'] ?? REVISIONS[0] ?? ''],
      ['capabilities', offered],
      ['serverInfo', this.#nameIn(meta)],
    ];
    if (typeof instructions === 'string') entries.push(['instructions', instructions]);
    this.#answer(id, objectOf(entries));
    this.#listen.begin(offered);
  }

  #nameIn(meta: Json | undefined): Json {
    const told = isObject(meta) ? meta[SERVER_KEY] : undefined;
    if (told !== undefined) return told;
    return objectOf([
      ['name', this.#options.server],
      ['version', ''],
    ]);
  }

  async #subscribe(pass: Pass, id: number, uri: Json | undefined): Promise<void> {
    const isTaken = typeof uri === 'string' && (await this.#listen.watch(pass, uri));
    if (isTaken) return this.#answer(id, EMPTY);
    this.#refuse(id, REFUSED, 'the server did not take the subscription');
  }

  #answer(id: number, result: Json): void {
    this.#near.received({ kind: 'response', id, result }, undefined);
  }

  #refuse(id: number, code: number, what: string): void {
    const message =
      code === METHOD_NOT_FOUND ? `Method not found: ${what}` : `The server ${this.#options.server}: ${what}.`;
    this.#near.received({ kind: 'error', id, error: { code, message } }, undefined);
  }

  #received(message: Message, via: number | undefined): void {
    switch (message.kind) {
      case 'response':
      case 'error':
        return this.#answered(message, via);
      case 'request':
        this.#far.send(
          passage(
            error(message.id, {
              code: METHOD_NOT_FOUND,
              message: 'Method not found: a server asks in its answers only',
            }),
          ),
        );
        return this.#near.noise(
          `a request (${JSON.stringify(message.method.slice(0, 60))}), which a modern server may not send`,
        );
      case 'notification':
        return this.#told(message, via);
    }
  }

  #answered(message: Extract<Message, { kind: 'response' | 'error' }>, via: number | undefined): void {
    if (typeof message.id === 'number' && this.#listen.ended(message.id)) return;
    if (this.#asks.answered(message)) return;
    const method = typeof message.id === 'number' ? this.#methods.get(message.id) : undefined;
    if (typeof message.id === 'number') this.#methods.delete(message.id);
    if (message.kind === 'error') return this.#near.received(message, via);
    if (method === 'tools/list' && isObject(message.result)) this.#headers.note(message.result['tools']);
    const told = legacyResult(this.#options.server, message.result);
    if ('result' in told) return this.#near.received({ ...message, result: told.result }, via);
    this.#near.received({ kind: 'error', id: message.id, error: told.error }, via);
  }

  #told({ method, params }: Extract<Message, { kind: 'notification' }>, via: number | undefined): void {
    if (this.#listen.acknowledged(method, params)) return;
    const from = via !== undefined && this.#asks.isOwn(via) ? undefined : via;
    this.#near.received({ kind: 'notification', method, params: withoutSubscription(params) }, from);
  }
}
