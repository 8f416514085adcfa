import { isObject, type Json, type JsonObject } from './json.ts';
import { findLookalike, knownKeys } from './lookalike.ts';
import type { Message, MessageId } from './message.ts';
import { type ReadLimits, readJson } from './read-json.ts';

export type ReadMessage =
  | { readonly kind: 'message'; readonly message: Message }
  | {
      readonly kind: 'fault';
      /** JSON-RPC error code. */
      readonly code: number;
      readonly reason: string;
      /** The id to answer to, where one could be read. */
      readonly id: MessageId | null;
    };

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

const ENVELOPE = knownKeys('jsonrpc', 'id', 'method', 'params', 'result', 'error');
const PARAMS = knownKeys(
  ...['_meta', 'name', 'arguments', 'uri', 'cursor', 'ref', 'argument', 'context', 'level', 'task', 'taskId'],
  ...['requestId', 'reason', 'progressToken', 'progress', 'total', 'message', 'protocolVersion', 'capabilities'],
  ...['clientInfo', 'inputResponses', 'requestState', 'notifications', 'logger', 'messages', 'requestedSchema'],
);
const MCP = 'io.modelcontextprotocol/';
const META = knownKeys(
  'progressToken',
  ...['protocolVersion', 'clientCapabilities', 'clientInfo', 'logLevel', 'subscriptionId', 'related-task'].map(
    (key) => `${MCP}${key}`,
  ),
);
const CLIENT = knownKeys('name', 'version');
const MAX_ID_LENGTH = 256;

/** Reads one JSON-RPC message of exactly one shape; whatever is ambiguous is a fault. Reads both directions. */
export function readMessage(text: string, limits: ReadLimits): ReadMessage {
  const read = readJson(text, limits);
  if (read.kind === 'fault') return fault(PARSE_ERROR, `not strict JSON: ${read.reason} (at character ${read.at})`);
  const { value } = read;
  if (Array.isArray(value)) return fault(INVALID_REQUEST, 'batches are not accepted: send one message at a time');
  if (!isObject(value)) return fault(INVALID_REQUEST, 'a JSON-RPC message is an object');
  const id = idOf(value['id']);
  const reason = envelopeFault(value, id, limits.numbers === 'exact');
  if (reason !== undefined) return fault(INVALID_REQUEST, reason, id ?? null);
  const message = shape(value, id);
  return typeof message === 'string'
    ? fault(INVALID_REQUEST, message, id ?? null)
    : { kind: 'message', message: message };
}

function fault(code: number, reason: string, id: MessageId | null = null): ReadMessage {
  return { kind: 'fault', code, reason, id };
}

function idOf(value: Json | undefined): MessageId | undefined {
  if (typeof value === 'string') return value.length <= MAX_ID_LENGTH ? value : undefined;
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function envelopeFault(value: JsonObject, id: MessageId | undefined, fromClient: boolean): string | undefined {
  if (value['jsonrpc'] !== '2.0') return 'jsonrpc must be "2.0"';
  const twin = findLookalike(value, ENVELOPE);
  if (twin !== undefined) return `the key ${JSON.stringify(twin)} looks like a key of the protocol but is not one`;
  if (fromClient) {
    const unknown = Object.keys(value).find((key) => !ENVELOPE.exact.has(key));
    if (unknown !== undefined) return `unknown key ${JSON.stringify(unknown.slice(0, 60))} beside jsonrpc`;
  }
  if (value['id'] !== undefined && id === undefined && !(value['id'] === null && value['error'] !== undefined)) {
    return `id must be a string of at most ${MAX_ID_LENGTH} characters or a safe integer`;
  }
  return paramsFault(value['params']);
}

function paramsFault(params: Json | undefined): string | undefined {
  if (params === undefined) return undefined;
  if (!isObject(params) || JSON.isRawJSON(params)) return 'params must be an object';
  const meta = params['_meta'];
  if (meta !== undefined && (!isObject(meta) || JSON.isRawJSON(meta))) return 'params._meta must be an object';
  const twin =
    findLookalike(params, PARAMS) ??
    (meta === undefined ? undefined : (findLookalike(meta, META) ?? twinIn(meta[`${MCP}clientInfo`]))) ??
    twinIn(params['clientInfo']);
  if (twin === undefined) return undefined;
  return `the key ${JSON.stringify(twin)} in params looks like a key of the protocol but is not one`;
}

/** The policy knows a client by name and version. */
function twinIn(client: Json | undefined): string | undefined {
  return isObject(client) ? findLookalike(client, CLIENT) : undefined;
}

/** The message, or why it has no one shape. */
function shape(value: JsonObject, id: MessageId | undefined): Message | string {
  const { method, params, result, error } = value;
  const parts = (method === undefined ? 0 : 1) + (result === undefined ? 0 : 1) + (error === undefined ? 0 : 1);
  if (parts !== 1) return 'a message has exactly one of method, result and error';
  if (method !== undefined) {
    if (typeof method !== 'string') return 'method must be a string';
    const given = isObject(params) ? params : NO_PARAMS;
    return id === undefined
      ? { kind: 'notification', method, params: given }
      : { kind: 'request', id, method, params: given };
  }
  if (params !== undefined) return 'an answer has no params';
  if (result !== undefined) return id === undefined ? 'an answer needs its id' : { kind: 'response', id, result };
  if (!isObject(error) || typeof error['message'] !== 'string' || !Number.isSafeInteger(error['code'])) {
    return 'error must be an object with an integer code and a message';
  }
  const code = error['code'] as number;
  const detail = error['data'];
  const told =
    detail === undefined ? { code, message: error['message'] } : { code, message: error['message'], data: detail };
  return { kind: 'error', id: id ?? null, error: told };
}

const NO_PARAMS: JsonObject = Object.freeze(Object.create(null));
