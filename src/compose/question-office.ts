import { ApprovalBook } from '../gateway/approvals/approval-book.ts';
import type { ApprovalStore } from '../gateway/approvals/approval-ports.ts';
import { heraldOf } from '../gateway/approvals/herald-of.ts';
import { noticeBody, type PolicyChange } from '../gateway/approvals/notice-body.ts';
import type { Person } from '../gateway/approvals/quorum.ts';
import type { ApprovalSettings, ArgumentPrivacy } from '../gateway/gate.ts';
import type { Clock, Crypto } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { Courier } from '../notices/courier.ts';
import type { AskSettings, HookSettings } from '../settings/settings.ts';
import { objectOf } from '../wire/json.ts';

/** What of the configuration in force bears on questions to people. */
export interface AskingInForce {
  readonly approvals: AskSettings;
  readonly hooks: ReadonlyMap<string, HookSettings>;
  privacy(server: string, tool: string | undefined): ArgumentPrivacy;
}

export interface QuestionOfficeOptions {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly store: ApprovalStore;
  readonly localUser: string | undefined;
  personNamed(name: string): Person | undefined;
  /** Whether the configuration names anybody. */
  hasPeople(): boolean;
  /** Who a person is now, as answers are marked; undefined for nobody. */
  markOf(name: string): string | undefined;
  inForce(): AskingInForce;
  log(line: string): void;
}

const DAY_MS = 86_400_000;
/** What is over is forgotten after so long; the log keeps it. */
const KEPT_MS = 30 * DAY_MS;
const FORGET_EVERY_MS = 3_600_000;

/** All that has to do with asking people, in one process: questions, who waits for them, and who is told outside. */
export class QuestionOffice {
  readonly book: ApprovalBook;
  readonly #options: QuestionOfficeOptions;
  readonly #courier: Courier;
  /** Where this gateway itself shows the page, if it does. */
  #ownUrl: string | undefined;
  #forgotAt = Number.NEGATIVE_INFINITY;

  constructor(options: QuestionOfficeOptions) {
    const { clock, crypto, store, log } = options;
    this.#options = options;
    this.#courier = new Courier({ store, clock, crypto, hooks: () => options.inForce().hooks, log });
    this.book = new ApprovalBook({
      clock,
      crypto,
      store,
      log,
      herald: heraldOf({
        clock,
        settings: () => this.settings(),
        privacy: (server, tool) => options.inForce().privacy(server, tool),
      }),
      onNotices: () => this.#courier.poke(),
    });
  }

  start(): void {
    this.#courier.start();
  }

  /** The gateway listens there now. */
  listensAt(url: string): void {
    this.#ownUrl = url;
  }

  settings(): ApprovalSettings {
    const { approvals, hooks } = this.#options.inForce();
    const { localUser } = this.#options;
    return {
      ...approvals,
      url: approvals.url ?? this.#ownUrl,
      hooksFor: (event) => hooksFor(hooks, event),
      countsNow: ({ by, channel, mark }) =>
        channel === 'form' ? by === localUser : mark !== undefined && mark === this.#options.markOf(by),
      personNamed: (name) => this.#options.personNamed(name),
      hasPeople: this.#options.hasPeople(),
      localUser,
    };
  }

  /** Ends what nobody answered in time, and forgets what is long over. Never rejects. */
  async sweep(): Promise<void> {
    const { clock, store, log } = this.#options;
    await this.book.sweep();
    const now = clock.now();
    if (now - this.#forgotAt < FORGET_EVERY_MS && now >= this.#forgotAt) return;
    this.#forgotAt = now;
    await store
      .forgetApprovals(now - KEPT_MS)
      .catch((fault: Error) => log(`old questions stay for now: ${fault.message}`));
  }

  /** Puts changed policies on record, and tells of them outside. Rejects as the store does. */
  async policiesChanged(changes: readonly PolicyChange[]): Promise<void> {
    if (changes.length === 0) return;
    const { clock, crypto, store } = this.#options;
    const { url, hooksFor } = this.settings();
    const at = clock.now();
    const records = changes.map(({ name, before, after, by }) => {
      const more = objectOf([
        ['policyName', name],
        ['before', before ?? null],
        ['after', after ?? null],
        ['by', by],
      ]);
      return { id: crypto.id(), kind: 'event' as const, at, body: eventBody('policy changed', {}, more) };
    });
    const notices = changes.flatMap((change) =>
      hooksFor('policy.changed').map((hook) => {
        const id = crypto.id();
        const setting = { id, at, tick: clock.tick(), url, privacy: 'keys' as const };
        return { id, hook, event: 'policy.changed', at, body: noticeBody('policy.changed', change, setting) };
      }),
    );
    await store.announce(records, notices);
    this.#courier.poke();
  }

  /** Puts on record that other people may answer now, or by other credentials. Rejects as the store does. */
  async peopleChanged(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const { clock, crypto, store } = this.#options;
    const body = eventBody('people changed', {}, objectOf([['names', names]]));
    await store.announce([{ id: crypto.id(), kind: 'event', at: clock.now(), body }], []);
  }

  /** Resolves when nothing is on its way any more. */
  async close(): Promise<void> {
    this.book.close();
    await this.#courier.stop();
  }
}

/** The hooks that are to hear of an event, by their names. */
export function hooksFor(hooks: ReadonlyMap<string, HookSettings>, event: string): readonly string[] {
  const hears = (events: ReadonlySet<string>): boolean => events.has(event);
  return [...hooks.values()].filter(({ events }) => hears(events)).map(({ name }) => name);
}
