import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Message } from '../../wire/message.ts';
import { Backoff } from '../backoff.ts';
import type { Clock } from '../ports.ts';
import type { Session } from '../session.ts';
import { shortened } from '../shortened.ts';
import { NOWHERE } from './ask-member.ts';
import type { Member } from './hub.ts';
import { type Offer, offerIn } from './merge-offers.ts';

/** What a member needs of its hub. */
export interface LegacyHost {
  readonly clock: Clock;
  /** Opens a session on the server, if the grant has it; `over` is called once, when it has ended. */
  open(member: LegacyMember, over: (reason: string) => void): Session | undefined;
  /** The client's own `initialize` params. */
  offer(): JsonObject;
  /** Whether the grant may use the server still. */
  mayOpen(server: string): boolean;
  /** The server answered `initialize`. */
  opened(member: LegacyMember, session: Session): void;
  gone(member: LegacyMember): void;
}

type State =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'over' };

/** One server in the session of a client that speaks to many: opened with the client's own words, and opened again when it breaks. */
export class LegacyMember implements Member {
  readonly server: string;
  readonly #host: LegacyHost;
  readonly #backoff = new Backoff();
  #state: State = { kind: 'opening' };
  #session: Session | undefined;
  #offer: Offer | undefined;
  #startedAt = 0;
  #cancelRetry: () => void = () => {};

  constructor(server: string, host: LegacyHost) {
    this.server = server;
    this.#host = host;
  }

  /** What the server told of itself; undefined before it was met. */
  get offer(): Offer | undefined {
    return this.#offer;
  }

  get capabilities(): JsonObject | undefined {
    return this.#offer?.capabilities;
  }

  get isOpen(): boolean {
    return this.#state.kind === 'open';
  }

  reach(): Session | string {
    switch (this.#state.kind) {
      case 'open':
        return this.#state.session;
      case 'opening':
        return 'it is being started and has not answered initialize yet';
      case 'broken':
        return `${this.#state.reason}; it is tried again soon`;
      case 'over':
        return 'the session has ended';
    }
  }

  /** Opens the session on the server. Resolves when that has come to an end, good or bad. */
  async start(): Promise<void> {
    if (this.#state.kind === 'over') return;
    const { clock } = this.#host;
    this.#state = { kind: 'opening' };
    this.#startedAt = clock.tick();
    const session: Session | undefined = this.#host.open(this, (reason) => this.#ended(session, reason));
    this.#session = session;
    if (session === undefined) {
      this.#state = { kind: 'broken', reason: 'the grant no longer has this server' };
      return;
    }
    const message: Message = { kind: 'request', id: 'initialize', method: 'initialize', params: this.#host.offer() };
    const reply = await session.receive({ kind: 'message', message }, NOWHERE);
    if (this.#session !== session || this.#state.kind !== 'opening') return;
    const answer = reply?.['result'];
    if (!isObject(answer)) {
      await session.end('it could not be initialized');
      return this.#ended(session, whyNot(reply));
    }
    this.#offer = offerIn(this.server, answer);
    this.#state = { kind: 'open', session };
    this.#host.opened(this, session);
  }

  #ended(session: Session | undefined, reason: string): void {
    if (session === undefined || this.#session !== session || this.#state.kind === 'over') return;
    this.#session = undefined;
    this.#state = { kind: 'broken', reason };
    this.#host.gone(this);
    if (!this.#host.mayOpen(this.server)) return;
    const { clock } = this.#host;
    const delay = this.#backoff.delay(this.#startedAt, clock.tick());
    this.#cancelRetry = clock.after(delay, () => void this.start());
  }

  /** Ends it for good. Resolves when nothing is left. */
  async end(reason: string): Promise<void> {
    this.#cancelRetry();
    this.#state = { kind: 'over' };
    await this.#session?.end(reason);
  }
}

function whyNot(reply: JsonObject | undefined): string {
  const fault = reply?.['error'] ?? objectOf([]);
  return isObject(fault) && typeof fault['message'] === 'string'
    ? shortened(fault['message'])
    : 'it gave no answer to initialize';
}
