import type { ApprovalStore, DueNotice } from '../gateway/approvals/approval-ports.ts';
import { limitedLog } from '../gateway/limited-log.ts';
import type { Clock, Crypto } from '../gateway/ports.ts';
import { httpPoster, type Poster } from '../post/http-poster.ts';
import { Delivery, reasonOf } from './delivery.ts';
import type { Hook } from './hook.ts';
import { Lanes } from './lanes.ts';
import { LIFE_MS } from './retry.ts';

export type NoticeStore = Pick<ApprovalStore, 'takeNotices' | 'takeOldNotices' | 'settleNotice'>;

export interface CourierOptions {
  readonly store: NoticeStore;
  readonly clock: Pick<Clock, 'now' | 'tick' | 'after'>;
  readonly crypto: Pick<Crypto, 'id'>;
  /** The hooks by their names, as the configuration in force says. */
  hooks(): ReadonlyMap<string, Hook>;
  /** For the operator's eyes: one line, without addresses and secrets. */
  log(line: string): void;
  /** How long a receiver may take to answer, ms; 10 s where not given. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** Longer than an attempt by so much, so that nobody else takes what is still on its way. */
const LEASE_SPARE_MS = 20_000;
const MAX_IN_FLIGHT = 4;
/** How soon it is seen that another process left a notice, or that one is due again. */
const LOOK_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 60_000;
const SWEPT_AT_ONCE = 100;
/** What is under way when the gateway stops has so long to arrive. */
const GRACE_MS = 2_000;
/** In ten seconds. */
const LOG_LINES = 20;

/** Delivers notices from the store to the hooks, each at least once: signed, and tried again until they are three days old. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #log: (line: string) => void;
  readonly #leaseMs: number;
  readonly #poster: Poster;
  readonly #lanes: Lanes;
  readonly #delivery: Delivery;
  /** By the hook's name: one at a time. */
  readonly #underWay: Map<string, Promise<void>> = new Map();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #looking: Promise<void> | undefined;
  #isPoked = false;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #cancelLook: () => void = () => {};

  constructor(options: CourierOptions) {
    this.#options = options;
    const { store, clock, crypto, log, timeoutMs = TIMEOUT_MS } = options;
    this.#leaseMs = timeoutMs + LEASE_SPARE_MS;
    this.#poster = httpPoster(timeoutMs);
    this.#lanes = new Lanes(clock);
    const told = (leftOut: number): string => `notices: ${leftOut} more lines of the last seconds are left out`;
    this.#log = limitedLog({ max: LOG_LINES, now: () => clock.tick(), told }, log);
    const parts = { store, clock, crypto, poster: this.#poster, lanes: this.#lanes };
    this.#delivery = new Delivery({ ...parts, log: this.#log });
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#lookNow();
  }

  /** There is something new: it is looked for at once. */
  poke(): void {
    this.#isPoked = true;
    if (this.#state === 'running' && this.#looking === undefined) this.#lookNow();
  }

  /** Takes nothing more, lets what is under way arrive for a moment, and resolves when nothing is left open. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#cancelLook();
    await this.#looking;
    const arrived = Promise.all(this.#underWay.values());
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GRACE_MS);
    await Promise.race([arrived, late]);
    clearTimeout(timer);
    await this.#poster.close();
    await arrived;
  }

  #lookNow(): void {
    this.#cancelLook();
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#state !== 'running') return;
      if (this.#isPoked) this.#lookNow();
      else this.#cancelLook = this.#options.clock.after(LOOK_EVERY_MS, () => this.#lookNow());
    });
  }

  async #look(): Promise<void> {
    this.#isPoked = false;
    try {
      await this.#takeDue();
      await this.#sweep();
    } catch (error) {
      this.#log(`notices cannot be read now, and wait: ${reasonOf(error)}`);
    }
  }

  async #takeDue(): Promise<void> {
    while (this.#state === 'running' && this.#underWay.size < MAX_IN_FLIGHT) {
      const hooks = this.#options.hooks();
      const free = [...hooks.keys()].filter((name) => !this.#underWay.has(name));
      const notice = await this.#lanes.next(free, (names) => this.#take(names));
      const hook = notice && hooks.get(notice.hook);
      if (notice === undefined || hook === undefined) return;
      this.#underWay.set(hook.name, this.#carry(notice, hook));
    }
  }

  async #take(names: readonly string[]): Promise<DueNotice | undefined> {
    const { store, clock } = this.#options;
    const [notice] = await store.takeNotices(names, clock.now(), this.#leaseMs, 1);
    return notice;
  }

  async #carry(notice: DueNotice, hook: Hook): Promise<void> {
    try {
      await this.#delivery.deliver(notice, hook);
    } catch (error) {
      this.#log(`notice ${notice.id} to "${hook.name}" waits for its lease: ${errorName(error)}`);
    }
    this.#underWay.delete(hook.name);
    this.poke();
  }

  /** Notices that came to be too old, also of hooks that are not configured any more: nobody would take them otherwise. */
  async #sweep(): Promise<void> {
    const { store, clock } = this.#options;
    if (clock.tick() - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = clock.tick();
    while (this.#state === 'running') {
      const old = await store.takeOldNotices(clock.now() - LIFE_MS, clock.now(), this.#leaseMs, SWEPT_AT_ONCE);
      for (const notice of old) await this.#delivery.drop(notice);
      if (old.length < SWEPT_AT_ONCE) return;
    }
  }
}

/** Foreign messages may quote an address. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'fault';
}
