import type { Call } from '../wire/call.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { fromBase64, toBase64 } from '../wire/modern/base64.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { Approval } from './approvals/approval.ts';
import type { Clock, Crypto } from './ports.ts';
import type { Count } from './reserve.ts';

/** How long a client may take to answer what a server asks in the middle of a call. */
const ROUND_MS = 3_600_000;
const MAX_OPEN = 10_000;

/** How a client answered an elicitation of the gateway's own. */
export interface ApprovalAnswer {
  readonly approval: string;
  /** The client's answer, as it sent it. */
  readonly answer: Json | undefined;
}

/** The key under which the gateway asks a client by itself. */
export const APPROVAL_KEY = 'toolgate.approval';
/** Before a state that is the gateway's own: it holds nothing of the server. */
const OWN = 'approval.';

/** A message of a call that may take several rounds, as it is judged and sent. */
export type Round =
  | {
      readonly kind: 'round';
      /** With the server's own state in place of ours. */
      readonly params: JsonObject;
      /** Continued: the call was counted in its first round, and this is the one answer to what was asked then. */
      readonly count: Count;
      /** What the client answered when it was asked for a person's approval of this call. */
      readonly answered: ApprovalAnswer | undefined;
    }
  | { readonly kind: 'fault'; readonly reason: string };

/**
 * The rounds of calls for which a server needs input (2026-07-28). The server's state goes to the client sealed with ours: for whom it is, for which
 * call, until when. A round that is not the same call as the first is refused; each sealed state continues the count of its call once.
 */
export class Rounds {
  readonly #crypto: Crypto;
  readonly #clock: Clock;
  /** States that were given out and not answered: what they continue is counted already, and approved, where that was needed. */
  readonly #open = new Map<string, Approval | undefined>();

  constructor(crypto: Crypto, clock: Clock) {
    this.#crypto = crypto;
    this.#clock = clock;
  }

  /** The answer with a sealed state in place of the server's. `owner`: who may answer, and where. */
  seal(owner: string, call: Call, answer: JsonObject, approval?: Approval | undefined): JsonObject {
    const nonce = this.#crypto.id();
    if (this.#open.size >= MAX_OPEN) this.#open.delete(this.#open.keys().next().value ?? '');
    this.#open.set(nonce, approval);
    const state = answer['requestState'];
    const payload = canonicalJson([nonce, this.#clock.now() + ROUND_MS, this.#about(owner, call), state ?? null]);
    const encoded = toBase64(payload);
    return withKeys(answer, { requestState: `${encoded}.${this.#crypto.digest(sealedText(encoded))}` });
  }

  /** The state by which the client comes back to a question that a person answers. It outlives the process. */
  stateFor(owner: string, call: Call, approval: string): string {
    const until = this.#clock.now() + ROUND_MS;
    const encoded = toBase64(canonicalJson(['', until, this.#about(owner, call), approval]));
    return `${OWN}${encoded}.${this.#crypto.digest(sealedText(OWN + encoded))}`;
  }

  /**
   * Reads the round that a message is. Without a state it is the first, judged and counted in full like any call, also when answers come with it
   * that nobody asked for: the server gets them without its state, and decides.
   */
  take(owner: string, call: Call): Round {
    const { requestState, inputResponses } = call.params;
    if (inputResponses !== undefined && !isObject(inputResponses))
      return fault('params.inputResponses must be an object');
    if (requestState === undefined) return first(call.params, undefined);
    if (typeof requestState !== 'string') return fault('params.requestState must be a string');
    const isOwn = requestState.startsWith(OWN);
    const opened = this.#opened(isOwn ? requestState.slice(OWN.length) : requestState, isOwn ? OWN : '');
    if (opened === undefined) return fault('params.requestState is not one that was given here');
    const { nonce, until, about, state } = opened;
    if (this.#clock.now() > until) return fault('params.requestState has expired: make the call anew');
    if (about !== this.#about(owner, call)) {
      return fault('params.requestState was given for another call: a later round repeats the first one exactly');
    }
    if (isOwn) {
      const params = withKeys(call.params, { requestState: undefined, inputResponses: undefined });
      const answer = inputResponses?.[APPROVAL_KEY];
      return first(params, { approval: typeof state === 'string' ? state : '', answer });
    }
    const continues = this.#open.get(nonce);
    const count: Count = this.#open.delete(nonce) ? { continues } : 'first';
    const params = withKeys(call.params, { requestState: state ?? undefined });
    return { kind: 'round', params, count, answered: undefined };
  }

  #opened(sealed: string, prefix: string): { nonce: string; until: number; about: string; state: Json } | undefined {
    const end = sealed.indexOf('.');
    if (end < 0) return undefined;
    const encoded = sealed.slice(0, end);
    const { digest } = this.#crypto;
    // Before anything of it is read. Compared as digests of digests, so that the time it takes tells nothing.
    if (digest(`=${sealed.slice(end + 1)}`) !== digest(`=${digest(sealedText(prefix + encoded))}`)) return undefined;
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

function first(params: JsonObject, answered: ApprovalAnswer | undefined): Round {
  return { kind: 'round', params, count: 'first', answered };
}

function fault(reason: string): Round {
  return { kind: 'fault', reason };
}
