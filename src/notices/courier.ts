import { limitedLog } from '../gateway/limited-log.ts';
import type { ApprovalStore, Clock, Crypto, DueNotice, Entry } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { type Json, objectOf } from '../wire/json.ts';
import type { Hook } from './hook.ts';
import { Lanes } from './lanes.ts';
import { httpPoster, type Posted, type Poster } from './post.ts';
import { askedDelay, LIFE_MS, retryDelay } from './retry.ts';
import { signedHeaders } from './signed-headers.ts';
import { slackMessage } from './slack-message.ts';

export interface NoticeStore extends Pick<ApprovalStore, 'takeNotices' | 'settleNotice'> {
  /** As `takeNotices`, of any hook, those that were made before this wall time. */
  takeOldNotices?(before: number, now: number, leaseMs: number, limit: number): Promise<readonly DueNotice[]>;
}

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
/** Longer than the longest attempt, so that nobody else takes what is still on its way. */
const LEASE_SPARE_MS = 20_000;
const MAX_IN_FLIGHT = 4;
/** How soon it is seen that another process left a notice, or that one is due again. */
const LOOK_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 60_000;
const SWEPT_AT_ONCE = 100;
/** What is under way when the gateway stops has so long to arrive. */
const GRACE_MS = 2_000;
const LOG_LINES = 20;

/** Delivers notices from the store to the hooks, each at least once: signed, and tried again until they are three days old. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #log: (line: string) => void;
  readonly #poster: Poster;
  readonly #leaseMs: number;
  readonly #lanes: Lanes;
  readonly #underWay: Map<string, Promise<void>> = new Map();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #looking: Promise<void> | undefined;
  #isPoked = false;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #cancelLook: () => void = () => {};

  constructor(options: CourierOptions) {
    this.#options = options;
    const { clock, log, timeoutMs = TIMEOUT_MS } = options;
    this.#leaseMs = timeoutMs + LEASE_SPARE_MS;
    this.#poster = httpPoster(timeoutMs);
    this.#lanes = new Lanes(clock);
    const told = (leftOut: number): string => `notices: ${leftOut} more lines of the last seconds are left out`;
    this.#log = limitedLog({ max: LOG_LINES, now: clock.tick, told }, log);
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
      const taken = await this.#lanes.next(free, (names) => this.#takeOne(names));
      if (taken === undefined) return;
      const hook = hooks.get(taken.hook);
      // Nothing that was asked for; its lease ends by itself.
      if (hook === undefined || this.#underWay.has(taken.hook)) return;
      const done = this.#deliver(taken, hook).finally(() => {
        this.#underWay.delete(taken.hook);
        this.poke();
      });
      this.#underWay.set(taken.hook, done);
    }
  }

  async #takeOne(names: readonly string[]): Promise<DueNotice | undefined> {
    const { store, clock } = this.#options;
    const [notice] = await store.takeNotices(names, clock.now(), this.#leaseMs, 1);
    return notice;
  }

  /** Never rejects. */
  async #deliver(notice: DueNotice, hook: Hook): Promise<void> {
    const { clock } = this.#options;
    if (clock.now() >= notice.at + LIFE_MS) return this.#giveUp(notice, `older than ${LIFE_MS / 3_600_000} hours`);
    const body = hook.form === 'slack' ? slackMessage(notice.body) : notice.body;
    const posted = await this.#poster.post({
      url: hook.url.reveal(),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'toolgate',
        ...signedHeaders({ id: notice.id, at: clock.now(), body }, hook.secret?.reveal()),
      },
      body,
    });
    if (posted.kind === 'answered' && posted.status >= 200 && posted.status < 300) {
      if (this.#lanes.succeeded(hook.name)) this.#log(`notices to "${hook.name}" arrive again`);
      return this.#settle(notice, { record: this.#record('notice delivered', notice, []) });
    }
    if (posted.kind === 'answered' && posted.status === 410) {
      return this.#giveUp(notice, 'the receiver answered 410 (gone)');
    }
    await this.#tryLater(notice, posted);
  }

  async #tryLater(notice: DueNotice, posted: Posted): Promise<void> {
    const now = this.#options.clock.now();
    const why = posted.kind === 'failed' ? posted.code : `the receiver answered ${posted.status}`;
    const asked = posted.kind === 'answered' ? askedDelay(posted.retryAfter, now) : undefined;
    const delay = Math.max(retryDelay(notice.attempts), asked ?? 0);
    this.#lanes.failed(notice.hook, asked);
    if (now + delay >= notice.at + LIFE_MS) return this.#giveUp(notice, why);
    this.#log(`notice ${notice.id} to "${notice.hook}": ${why}; tried again in ${Math.ceil(delay / 1000)} s`);
    await this.#settle(notice, { again: now + delay });
  }

  async #giveUp(notice: DueNotice, why: string): Promise<void> {
    this.#log(`notice ${notice.id} to "${notice.hook}" is given up: ${why}`);
    await this.#settle(notice, { record: this.#record('notice given up', notice, [['why', why]]) });
  }

  /** What cannot be settled comes again when its lease is over. */
  async #settle(notice: DueNotice, outcome: Parameters<NoticeStore['settleNotice']>[1]): Promise<void> {
    try {
      await this.#options.store.settleNotice(notice.id, outcome);
    } catch (error) {
      this.#log(`notice ${notice.id} to "${notice.hook}": what came of it cannot be kept: ${reasonOf(error)}`);
    }
  }

  /** Notices that came to be too old, also of hooks that are not configured any more: nobody would take them otherwise. */
  async #sweep(): Promise<void> {
    const { store, clock } = this.#options;
    if (store.takeOldNotices === undefined) return;
    if (clock.tick() - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = clock.tick();
    while (this.#state === 'running') {
      const old = await store.takeOldNotices(clock.now() - LIFE_MS, clock.now(), this.#leaseMs, SWEPT_AT_ONCE);
      for (const notice of old) await this.#giveUp(notice, `older than ${LIFE_MS / 3_600_000} hours`);
      if (old.length < SWEPT_AT_ONCE) return;
    }
  }

  #record(
    event: string,
    { id, hook, event: of, attempts }: DueNotice,
    more: readonly (readonly [string, Json])[],
  ): Entry {
    const { crypto, clock } = this.#options;
    const told = objectOf([['hook', hook], ['notice', id], ['of', of], ['attempts', attempts + 1], ...more]);
    return { id: crypto.id(), kind: 'event', at: clock.now(), body: eventBody(event, {}, told) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'fault';
}
