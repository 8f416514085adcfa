import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { ownText } from '../../wire/own-text.ts';
import type { Session } from '../session.ts';
import { NOWHERE } from './ask-member.ts';
import type { Member } from './hub.ts';

const MAX_URIS = 1_000;

/** What a client has settled for its session, so that a server that comes later, or again, is brought to the same point. */
export class Settled {
  #level: Json | undefined;
  /** Servers by the resources on which they were subscribed to. */
  readonly #watched = new Map<string, string>();

  /** Takes note of what a request changed, once it was answered. `owner`: of the resource that it names. */
  note(method: string, { level, uri }: JsonObject, reply: JsonObject | undefined, owner: string | undefined): void {
    if (reply?.['result'] === undefined) return;
    if (method === 'logging/setLevel') this.#level = level;
    if (typeof uri !== 'string') return;
    if (method === 'resources/unsubscribe') this.#watched.delete(uri);
    if (method !== 'resources/subscribe' || owner === undefined || this.#watched.size >= MAX_URIS) return;
    this.#watched.set(ownText(uri), owner);
  }

  async bring({ server, capabilities }: Member, session: Session): Promise<void> {
    if (this.#level !== undefined && capabilities?.['logging'] !== undefined) {
      await send(session, 'logging/setLevel', objectOf([['level', this.#level]]));
    }
    for (const [uri, owner] of this.#watched) {
      if (owner === server) await send(session, 'resources/subscribe', objectOf([['uri', uri]]));
    }
  }
}

async function send(session: Session, method: string, params: JsonObject): Promise<void> {
  const message = { kind: 'request', id: `settled ${method}`, method, params } as const;
  await session.receive({ kind: 'message', message }, NOWHERE);
}
