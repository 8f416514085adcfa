import { EraBook } from './era-book.ts';
import type { Gate } from './gate.ts';
import { tellListsChanged } from './news.ts';
import { Session, type SessionOptions } from './session.ts';

/** All open sessions of the gateway, found by id and only by the grant and server that they belong to. */
export class Sessions {
  readonly #open = new Map<string, Session>();
  /** The modern ones: one for each grant on each server. */
  readonly #lanes = new Map<string, Session>();
  /** Those that are part of a greater one. */
  readonly #inner = new Set<Session>();
  /** What servers told modern clients at their own routes. */
  readonly #eras: EraBook;
  readonly #gate: Gate;

  constructor(gate: Gate) {
    this.#gate = gate;
    this.#eras = new EraBook(gate.clock);
  }

  get size(): number {
    return this.#open.size + this.#lanes.size + this.#inner.size;
  }

  open(options: SessionOptions): Session {
    const session = new Session(this.#gate, {
      ...options,
      onEnd: (ended, reason) => {
        this.#open.delete(ended.id);
        options.onEnd(ended, reason);
      },
    });
    this.#open.set(session.id, session);
    return session;
  }

  /** The one modern session of a grant on a server: made when it is first needed. */
  lane(options: SessionOptions): Session {
    const key = laneKey(options);
    const known = this.#lanes.get(key);
    if (known !== undefined && known.phase !== 'ended') return known;
    const lane = new Session(this.#gate, {
      ...options,
      onEnd: (ended, reason) => {
        if (this.#lanes.get(key) === ended) this.#lanes.delete(key);
        // Not put off by every client that asks: what is believed is asked again in time.
        if (ended.isModern === false && !this.#isLegacy(options.server))
          this.#eras.note(options.server, 'modern', 'not spoken');
        options.onEnd(ended, reason);
      },
    });
    // So that not every modern client of a server that knows none starts it anew to hear so.
    if (this.#isLegacy(options.server)) lane.probe = Promise.resolve('legacy');
    this.#lanes.set(key, lane);
    return lane;
  }

  /** A session that is part of a greater one: no client can name it, and it is not counted beside the whole. */
  inner(options: SessionOptions): Session {
    const session = new Session(this.#gate, {
      ...options,
      onEnd: (ended, reason) => {
        this.#inner.delete(ended);
        options.onEnd(ended, reason);
      },
    });
    this.#inner.add(session);
    return session;
  }

  /** The server is another now: what it spoke is asked again. */
  forgetEra(server: string): void {
    this.#eras.forget(server);
  }

  /** Whether the server told lately that it does not speak the modern era. */
  #isLegacy(server: string): boolean {
    return this.#eras.speaks(server, 'modern') === false;
  }

  *all(): Iterable<Session> {
    yield* this.#open.values();
    yield* this.#lanes.values();
    yield* this.#inner;
  }

  /** A foreign session is as unknown as none. */
  find(id: string, grant: string, server: string): Session | undefined {
    const session = this.#open.get(id);
    return session?.grant === grant && session.server === server ? session : undefined;
  }

  /** How many sessions the grant has open. */
  countOf(grant: string): number {
    let count = 0;
    for (const session of this.#open.values()) if (session.grant === grant) count++;
    return count;
  }

  /** Ends the sessions whose grant lost its standing and those that lie idle. Called every half second and on every change. */
  sweep(): void {
    for (const session of [...this.all()]) {
      const standing = this.#gate.standing(session.grant, session.server);
      if (standing === undefined) void session.end(this.#gate.whyNone(session.grant, session.server));
      else if (session.isIdle()) void session.end('the session was not used for a while');
    }
  }

  /** Other tools of the server are accepted now: whoever knows its list asks for it anew. */
  toolsChanged(server: string): void {
    for (const session of this.all()) {
      if (session.server !== server) continue;
      session.tools.forget();
      tellListsChanged(session, ['tools']);
    }
  }

  /** Ends the sessions that are chosen. Resolves when nothing of them is left. */
  async end(reason: string, isChosen: (session: Session) => boolean): Promise<void> {
    const chosen = [...this.all()].filter(isChosen);
    await Promise.all(chosen.map((session) => session.end(reason)));
  }
}

function laneKey({ grant, server }: SessionOptions): string {
  return `${grant}\n${server}`;
}
