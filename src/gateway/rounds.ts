import type { Call } from '../wire/call.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { fromBase64, toBase64 } from '../wire/modern/base64.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { Clock, Crypto } from './ports.ts';

/** How long a client may take to answer what a server asks in the middle of a call. */
const ROUND_MS = 3_600_000;
const MAX_OPEN = 10_000;

/** A message of a call that may take several rounds, as it is judged and sent. */
export type Round =
  | {
      readonly kind: 'round';
      /** With the server's own state in place of ours. */
      readonly params: JsonObject;
      /** `continued`: the call was counted in its first round, and this is the one answer to what was asked then. */
      readonly count: 'first' | 'continued';
    }
  | { readonly kind: 'fault'; readonly reason: string };

/**
 * The rounds of calls for which a server needs input (2026-07-28). The server's state goes to the client sealed with ours: for whom it is, for which
 * call, until when. A round that is not the same call as the first is refused; each sealed state continues the count of its call once.
 */
export class Rounds {
  readonly #crypto: Crypto;
  readonly #clock: Clock;
  /** States that were given out and not answered: what they continue is counted already. */
  readonly #open = new Set<string>();

  constructor(crypto: Crypto, clock: Clock) {
    this.#crypto = crypto;
    this.#clock = clock;
  }

  /** The answer with a sealed state in place of the server's. `owner`: who may answer, and where. */
  seal(owner: string, call: Call, answer: JsonObject): JsonObject {
    const nonce = this.#crypto.id();
    if (this.#open.size >= MAX_OPEN) this.#open.delete(this.#open.values().next().value ?? '');
    this.#open.add(nonce);
    const state = answer['requestState'];
    const payload = canonicalJson([nonce, this.#clock.now() + ROUND_MS, this.#about(owner, call), state ?? null]);
    const encoded = toBase64(payload);
    return withKeys(answer, { requestState: `${encoded}.${this.#crypto.digest(sealedText(encoded))}` });
  }

  /**
   * Reads the round that a message is. Without a state it is the first, judged and counted in full like any call, also when answers come with it
   * that nobody asked for: the server gets them without its state, and decides.
   */
  take(owner: string, call: Call): Round {
    const { requestState, inputResponses } = call.params;
    if (inputResponses !== undefined && !isObject(inputResponses))
      return fault('params.inputResponses must be an object');
    if (requestState === undefined) return { kind: 'round', params: call.params, count: 'first' };
    if (typeof requestState !== 'string') return fault('params.requestState must be a string');
    const opened = this.#opened(requestState);
    if (opened === undefined) return fault('params.requestState is not one that was given here');
    const { nonce, until, about, state } = opened;
    if (this.#clock.now() > until) return fault('params.requestState has expired: make the call anew');
    if (about !== this.#about(owner, call)) {
      return fault('params.requestState was given for another call: a later round repeats the first one exactly');
    }
    const count = this.#open.delete(nonce) ? 'continued' : 'first';
    return { kind: 'round', params: withKeys(call.params, { requestState: state ?? undefined }), count };
  }

  #opened(sealed: string): { nonce: string; until: number; about: string; state: Json } | undefined {
    const end = sealed.indexOf('.');
    if (end < 0) return undefined;
    const encoded = sealed.slice(0, end);
    const { digest } = this.#crypto;
    // Before anything of it is read. Compared as digests of digests, so that the time it takes tells nothing.
    if (digest(`=${sealed.slice(end + 1)}`) !== digest(`=${digest(sealedText(encoded))}`)) return undefined;
    const payload = fromBase64(encoded);
    if (payload === undefined) return undefined;
    const read = readJson(payload, STRICT);
    if (read.kind === 'fault' || !isArray(read.value)) return undefined;
    const [nonce, until, about, state = null] = read.value;
    if (typeof nonce !== 'string' || typeof until !== 'number' || typeof about !== 'string') return undefined;
    return { nonce, until, about, state };
  }

  /** What stays the same in all rounds of a call. */
  #about(owner: string, call: Call): string {
    const same = withKeys(call.params, { _meta: undefined, inputResponses: undefined, requestState: undefined });
    return this.#crypto.digest(
      canonicalJson(
        objectOf([
          ['owner', owner],
          ['method', call.method],
          ['params', same],
        ]),
      ),
    );
  }
}

function sealedText(encoded: string): string {
  return `requestState\n${encoded}`;
}

function fault(reason: string): Round {
  return { kind: 'fault', reason };
}
