import type { ApprovalStore, DueNotice } from '../gateway/approvals/approval-ports.ts';
import type { Clock, Crypto, Entry } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { askedDelay } from '../post/asked-delay.ts';
import type { Posted, Poster } from '../post/http-poster.ts';
import { type Json, objectOf } from '../wire/json.ts';
import type { Hook } from './hook.ts';
import type { Lanes } from './lanes.ts';
import { LIFE_MS, retryDelay } from './retry.ts';
import { signedHeaders } from './signed-headers.ts';
import { slackMessage } from './slack-message.ts';

type Outcome = Parameters<ApprovalStore['settleNotice']>[1];

export interface DeliveryParts {
  readonly store: Pick<ApprovalStore, 'settleNotice'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly crypto: Pick<Crypto, 'id'>;
  readonly poster: Poster;
  readonly lanes: Lanes;
  log(line: string): void;
}

const HEADERS = { 'content-type': 'application/json', 'user-agent': 'toolgate' };
const TOO_OLD = `older than ${LIFE_MS / 3_600_000} hours`;

/** What becomes of one notice that was taken: it is posted once, and then forgotten, or left for later. */
export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  async deliver(notice: DueNotice, hook: Hook): Promise<void> {
    const { clock, poster, lanes, log } = this.#parts;
    if (clock.now() >= notice.at + LIFE_MS) return this.drop(notice);
    const body = hook.form === 'slack' ? slackMessage(notice.body) : notice.body;
    const signed = signedHeaders({ id: notice.id, at: clock.now(), body }, hook.secret?.reveal());
    const posted = await poster.post({ url: hook.url.reveal(), headers: { ...HEADERS, ...signed }, body });
    if (posted.kind === 'failed' || posted.status < 200 || posted.status >= 300) return this.#failed(notice, posted);
    if (lanes.succeeded(hook.name)) log(`notices to "${hook.name}" arrive again`);
    await this.#settle(notice, { record: this.#record('notice delivered', notice, notice.attempts + 1, []) });
  }

  /** Forgets a notice that is too old. */
  drop(notice: DueNotice): Promise<void> {
    return this.#giveUp(notice, notice.attempts, TOO_OLD);
  }

  async #failed(notice: DueNotice, posted: Posted): Promise<void> {
    const { clock, lanes, log } = this.#parts;
    const now = clock.now();
    const tried = notice.attempts + 1;
    const why = posted.kind === 'failed' ? posted.code : `the receiver answered ${posted.status}`;
    if (posted.kind === 'answered' && posted.status === 410) return this.#giveUp(notice, tried, why);
    const asked = posted.kind === 'answered' ? askedDelay(posted.retryAfter, now) : undefined;
    lanes.failed(notice.hook, asked);
    const delay = Math.max(retryDelay(notice.attempts), asked ?? 0);
    if (now + delay >= notice.at + LIFE_MS) return this.#giveUp(notice, tried, why);
    log(`notice ${notice.id} to "${notice.hook}": ${why}; tried again in ${Math.ceil(delay / 1000)} s`);
    await this.#settle(notice, { again: now + delay });
  }

  async #giveUp(notice: DueNotice, attempts: number, why: string): Promise<void> {
    this.#parts.log(`notice ${notice.id} to "${notice.hook}" is given up: ${why}`);
    await this.#settle(notice, { record: this.#record('notice given up', notice, attempts, [['why', why]]) });
  }

  /** What cannot be settled comes again when its lease is over. */
  async #settle(notice: DueNotice, outcome: Outcome): Promise<void> {
    const { store, log } = this.#parts;
    try {
      await store.settleNotice(notice.id, outcome);
    } catch (error) {
      log(`notice ${notice.id} to "${notice.hook}": what came of it cannot be kept: ${reasonOf(error)}`);
    }
  }

  #record(event: string, notice: DueNotice, attempts: number, more: readonly (readonly [string, Json])[]): Entry {
    const { crypto, clock } = this.#parts;
    const told = objectOf([
      ['hook', notice.hook],
      ['notice', notice.id],
      ['of', notice.event],
      ['attempts', attempts],
      ...more,
    ]);
    return { id: crypto.id(), kind: 'event', at: clock.now(), body: eventBody(event, {}, told) };
  }
}

/** In words of ours: what is thrown here is a `StoreFault`. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'fault';
}
