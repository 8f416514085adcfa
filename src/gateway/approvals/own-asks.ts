import { isObject, type Json, type JsonObject } from '../../wire/json.ts';
import type { Message, MessageId } from '../../wire/message.ts';

/** How a client answered a question. `nobody`: it could not put it to anybody, or the client itself failed. */
export type ClientAnswer =
  | { readonly kind: 'accept'; readonly content: JsonObject }
  | { readonly kind: 'decline' }
  | { readonly kind: 'nobody' };

/** Questions that the gateway itself asks a client of the legacy era; each answer is taken once. */
export class OwnAsks {
  readonly #open = new Map<MessageId, (answer: ClientAnswer) => void>();
  readonly #key: string;
  #made = 0;

  /** `key`: what nobody can guess, so that no server's question has one of these ids. */
  constructor(key: string) {
    this.#key = key;
  }

  /** A fresh id, under which the client is to answer. */
  open(answered: (answer: ClientAnswer) => void): string {
    const id = `${this.#key}-${++this.#made}`;
    this.#open.set(id, answered);
    return id;
  }

  close(id: string): void {
    this.#open.delete(id);
  }

  /** True when the message answers one of these. */
  take(message: Extract<Message, { kind: 'response' | 'error' }>): boolean {
    const answered = message.id === null ? undefined : this.#open.get(message.id);
    if (message.id === null || answered === undefined) return false;
    this.#open.delete(message.id);
    answered(message.kind === 'response' ? clientAnswer(message.result) : { kind: 'nobody' });
    return true;
  }
}

/** Reads an elicitation's result. What is no clear answer is none: a client without a person in front of it answers `cancel` by itself. */
export function clientAnswer(result: Json | undefined): ClientAnswer {
  const action = isObject(result) ? result['action'] : undefined;
  if (action === 'decline') return { kind: 'decline' };
  if (action !== 'accept' || !isObject(result)) return { kind: 'nobody' };
  const { content } = result;
  return { kind: 'accept', content: isObject(content) ? content : {} };
}
