import { isObject, type Json, type JsonObject, withKeys } from '../../wire/json.ts';
import type { MessageId } from '../../wire/message.ts';
import { ownText } from '../../wire/own-text.ts';
import type { Session } from '../session.ts';

interface Question {
  readonly session: Session;
  /** The id under which the session asked. */
  readonly id: MessageId;
  /** Our token in place of the server's, where it wants to hear of progress. */
  readonly token: string | undefined;
}

/** Questions of one session beyond which its oldest is forgotten, and nobody else's. The session bounds those that wait; this is for what it forgets by itself. */
const MAX_OPEN = 1_000;

/** What the servers of one client ask of it: each question under an id that no other server's has, and each answer back to whom it belongs. */
export class HubQuestions {
  readonly #open = new Map<MessageId, Question>();
  /** Sessions and the servers' own tokens, by ours. */
  readonly #tokens = new Map<string, { readonly session: Session; readonly token: Json }>();
  #made = 0;

  /** A server's message as the client gets it. */
  outward(session: Session, server: string, message: JsonObject): JsonObject {
    const { id, method, params } = message;
    if (typeof method !== 'string') return message;
    if (id !== undefined) return this.#ask(session, server, message);
    if (method !== 'notifications/cancelled' || !isObject(params)) return message;
    const ours = this.#withdraw(session, params['requestId']);
    return ours === undefined ? message : withKeys(message, { params: withKeys(params, { requestId: ours }) });
  }

  #ask(session: Session, server: string, message: JsonObject): JsonObject {
    const { id, params } = message;
    if (typeof id !== 'string' && typeof id !== 'number') return message;
    const earlier = [...this.#open].filter(([, question]) => question.session === session);
    // It did not get through on one stream, and is put on another now.
    const again = earlier.find(([, question]) => question.id === id)?.[0];
    if (again === undefined && earlier.length >= MAX_OPEN) this.#forget(earlier[0]?.[0] ?? '');
    const ours = again ?? `${server}:${++this.#made}`;
    const meta = isObject(params) ? params['_meta'] : undefined;
    const theirs = isObject(meta) ? meta['progressToken'] : undefined;
    const token = theirs === undefined ? undefined : `progress of ${ours}`;
    this.#open.set(ours, { session, id, token });
    if (token === undefined || theirs === undefined || !isObject(params) || !isObject(meta))
      return withKeys(message, { id: ours });
    this.#tokens.set(token, { session, token: typeof theirs === 'string' ? ownText(theirs) : theirs });
    return withKeys(message, {
      id: ours,
      params: withKeys(params, { _meta: withKeys(meta, { progressToken: token }) }),
    });
  }

  /** Whose question the client answers, and its id there; each is given once. */
  take(id: MessageId | null): { readonly session: Session; readonly id: MessageId } | undefined {
    const question = id === null ? undefined : this.#open.get(id);
    if (id !== null) this.#forget(id);
    return question;
  }

  /** Who wants to hear of this progress, and under which token. */
  listener(token: Json | undefined): { readonly session: Session; readonly token: Json } | undefined {
    return typeof token === 'string' ? this.#tokens.get(token) : undefined;
  }

  /** A session is over: its questions are nobody's. */
  drop(session: Session): void {
    for (const [ours, question] of [...this.#open]) if (question.session === session) this.#forget(ours);
  }

  #withdraw(session: Session, id: Json | undefined): MessageId | undefined {
    for (const [ours, question] of this.#open) {
      if (question.session !== session || question.id !== id) continue;
      this.#forget(ours);
      return ours;
    }
    return undefined;
  }

  #forget(ours: MessageId): void {
    const token = this.#open.get(ours)?.token;
    if (token !== undefined) this.#tokens.delete(token);
    this.#open.delete(ours);
  }
}
