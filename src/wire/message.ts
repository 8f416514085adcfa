import type { Json, JsonObject } from './json.ts';

export type MessageId = string | number;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: Json;
}

/** A JSON-RPC message of exactly one shape. `params` is always an object; absent becomes empty. */
export type Message =
  | { readonly kind: 'request'; readonly id: MessageId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'response'; readonly id: MessageId; readonly result: Json }
  | { readonly kind: 'error'; readonly id: MessageId | null; readonly error: RpcError };

export type Request = Extract<Message, { kind: 'request' }>;
