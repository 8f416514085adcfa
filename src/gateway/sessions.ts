import type { Gate } from './gate.ts';
import { Session, type SessionOptions } from './session.ts';

/** All open sessions of the gateway, found by id and only by the grant and server that they belong to. */
export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #gate: Gate;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  get size(): number {
    return this.#open.size;
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
    for (const session of [...this.#open.values()]) {
      const standing = this.#gate.standing(session.grant, session.server);
      if (standing === undefined) void session.end(this.#gate.whyNone(session.grant, session.server));
      else if (session.isIdle()) void session.end('the session was not used for a while');
    }
  }

  /** Ends the sessions that are chosen. Resolves when nothing of them is left. */
  async end(reason: string, isChosen: (session: Session) => boolean): Promise<void> {
    const chosen = [...this.#open.values()].filter(isChosen);
    await Promise.all(chosen.map((session) => session.end(reason)));
  }
}
