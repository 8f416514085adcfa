import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { ACKNOWLEDGED, subscriptionIn } from '../../wire/modern/subscription.ts';
import { ownText } from '../../wire/own-text.ts';
import { notification, request } from '../../wire/replies.ts';
import { Backoff } from '../backoff.ts';
import { passage } from '../passage.ts';
import type { Clock, Connection } from '../ports.ts';
import { redress } from '../redress.ts';
import type { Pass } from './bridge.ts';

const ACK_MS = 30_000;
const AGAIN_MS = 5_000;
const MAX_URIS = 1_000;
const LISTS = ['tools', 'prompts', 'resources'] as const;

interface FarListenOptions {
  readonly clock: Clock;
  readonly far: Connection;
  nextId(): number;
  dressed(params: JsonObject): JsonObject;
}

interface Round {
  readonly id: number;
  readonly uris: ReadonlySet<string>;
  settle(honoured: ReadonlySet<string> | PromiseLike<ReadonlySet<string>>): void;
}

/** The one subscription that a legacy session has at a modern server. What it watches changes by opening another before the old one ends. */
export class FarListen {
  readonly #options: FarListenOptions;
  readonly #uris = new Set<string>();
  #capabilities: JsonObject = objectOf([]);
  #current: number | undefined;
  #opening: Round | undefined;
  #cancelAgain: () => void = () => {};
  readonly #backoff = new Backoff();
  #startedAt = 0;
  #isStopped = false;

  constructor(options: FarListenOptions) {
    this.#options = options;
  }

  /** Listens for changes of what the server can list. */
  begin(capabilities: JsonObject): void {
    this.#capabilities = capabilities;
    void this.#open();
  }

  /** Watches one resource more. `pass`: the leave for it. False when the server did not take it. */
  async watch(pass: Pass, uri: string): Promise<boolean> {
    if (this.#uris.has(uri)) return true;
    if (this.#uris.size >= MAX_URIS) return false;
    this.#uris.add(ownText(uri));
    const honoured = await this.#open(pass);
    if (!honoured.has(uri)) this.#uris.delete(uri);
    return honoured.has(uri);
  }

  unwatch(uri: Json | undefined): void {
    if (typeof uri === 'string' && this.#uris.delete(uri)) void this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelAgain();
    this.#opening?.settle(new Set());
  }

  /** Opens a subscription for all that is wanted now; gives the resources that the server honours. */
  async #open(pass?: Pass): Promise<ReadonlySet<string>> {
    this.#cancelAgain();
    const filter = this.#filter();
    if (this.#isStopped) return new Set();
    if (Object.keys(filter).length === 0) {
      if (this.#current !== undefined) this.#leave(this.#current);
      this.#current = undefined;
      return new Set();
    }
    const { clock, far, nextId, dressed } = this.#options;
    const { promise, resolve } = Promise.withResolvers<ReadonlySet<string>>();
    const round: Round = { id: nextId(), uris: new Set(this.#uris), settle: resolve };
    // Whoever waits for the one that was on its way waits for this one, which asks for that too.
    this.#opening?.settle(promise);
    if (this.#opening !== undefined) this.#leave(this.#opening.id);
    this.#opening = round;
    this.#startedAt = clock.tick();
    const message = request(round.id, 'subscriptions/listen', dressed(objectOf([['notifications', filter]])));
    const late = clock.after(ACK_MS, () => resolve(new Set()));
    far.send(pass === undefined ? passage(message) : redress(pass, message));
    const honoured = await promise;
    late();
    return honoured;
  }

  #filter(): JsonObject {
    const kept: [string, Json][] = LISTS.flatMap((list) =>
      this.#capabilities[list] === undefined ? [] : [[`${list}ListChanged`, true] as [string, Json]],
    );
    if (this.#uris.size > 0) kept.push(['resourceSubscriptions', [...this.#uris]]);
    return objectOf(kept);
  }

  /** Takes an acknowledgement; false when the notification is none. */
  acknowledged(method: string, params: JsonObject): boolean {
    if (method !== ACKNOWLEDGED) return false;
    const id = subscriptionIn(params);
    const round = this.#opening;
    if (round === undefined || (id !== undefined && id !== round.id)) return true;
    const told = params['notifications'];
    const uris = isObject(told) ? told['resourceSubscriptions'] : undefined;
    const before = this.#current;
    this.#current = round.id;
    this.#opening = undefined;
    if (before !== undefined) this.#leave(before);
    round.settle(new Set(isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : []));
    return true;
  }

  /** Whether this was the end of one of these; the server is asked again after a while. */
  ended(id: number): boolean {
    const isOpening = id === this.#opening?.id;
    if (!isOpening && id !== this.#current) return false;
    if (isOpening) {
      this.#opening?.settle(new Set());
      this.#opening = undefined;
    } else this.#current = undefined;
    if (!this.#isStopped && this.#current === undefined && this.#opening === undefined) {
      const { clock } = this.#options;
      const delay = AGAIN_MS + this.#backoff.delay(this.#startedAt, clock.tick());
      this.#cancelAgain = clock.after(delay, () => void this.#open());
    }
    return true;
  }

  #leave(id: number): void {
    this.#options.far.send(passage(notification('notifications/cancelled', objectOf([['requestId', id]]))));
  }
}
