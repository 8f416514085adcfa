import type { JsonObject } from '../../wire/json.ts';
import { NOBODY } from '../nobody.ts';
import type { Session } from '../session.ts';
import type { Behind, HubWorld } from './behind.ts';
import type { Member } from './hub.ts';
import type { HubFlow } from './hub-flow.ts';
import { type Offer, offerIn } from './merge-offers.ts';

/** One server for the modern clients of a grant: its session is made when it is needed, and made again after it ended. */
export class ModernMember implements Member {
  readonly server: string;
  readonly #world: HubWorld;
  readonly #grant: string;
  readonly #flow: HubFlow;
  #behind: Behind;
  #session: Session | undefined;
  #offer: Offer | undefined;

  constructor(world: HubWorld, grant: string, behind: Behind, flow: HubFlow) {
    this.#world = world;
    this.#grant = grant;
    this.#behind = behind;
    this.#flow = flow;
    this.server = behind.server;
  }

  get capabilities(): JsonObject | undefined {
    return this.#offer?.capabilities;
  }

  /** The server as the configuration has it now. */
  use(behind: Behind): void {
    this.#behind = behind;
  }

  /** Takes note of what the server answered to `server/discover`. */
  met(answer: JsonObject): Offer {
    this.#offer = offerIn(this.server, answer);
    return this.#offer;
  }

  reach(): Session {
    if (this.#session !== undefined && this.#session.phase !== 'ended') return this.#session;
    const session = this.#world.sessions.inner({
      ...this.#behind,
      upstream: this.#world.facing(this.#behind),
      grant: this.#grant,
      front: NOBODY,
      era: 'modern',
      onEnd: (ended) => {
        this.#flow.remove(ended.flow);
        if (this.#session === ended) this.#offer = undefined;
      },
    });
    // Whatever it speaks itself, it faces us as one that does: nobody needs to ask.
    session.isModern = true;
    this.#session = session;
    this.#flow.add(session.flow);
    return session;
  }
}
