import { bareObject, isArray, isObject, type Json, type JsonArray, type JsonObject } from '../wire/json.ts';
import { MAX_STEPS, type TextMask } from './mask.ts';
import { maskBlob } from './mask-blob.ts';
import { REDACTED } from './results.ts';
import { maskSecrets } from './secrets/mask-secrets.ts';
import { namesSecret } from './secrets/names-secret.ts';
import { isSecretKey } from './secrets/secret-key.ts';
import { isSecretValue } from './secrets/secret-value.ts';

/** What is masked in a value. */
export interface Masks {
  readonly secrets: 'masked' | 'kept';
  readonly masks: readonly TextMask[];
}

export interface Masked {
  readonly value: Json;
  /** Texts and keys in which something was masked. */
  readonly masked: number;
  /** Characters by which they got longer. */
  readonly growth: number;
}

/** Where a value stands: an answer or one of its messages, their content, or what a server makes up. */
type Spot = 'answer' | 'content' | 'elsewhere';

/** No reader of ours gives a value as deep. */
const MAX_DEPTH = 200;
/** Words by which the protocol itself tells one thing from another: a message without them is none. */
const PROTOCOL: ReadonlySet<string> = new Set([
  ...['_meta', 'annotations', 'blob', 'completion', 'content', 'contents', 'data', 'description', 'isError', 'level'],
  ...['logger', 'message', 'messages', 'mimeType', 'mode', 'name', 'progress', 'progressToken', 'requestId'],
  ...['requestedSchema', 'resource', 'role', 'structuredContent', 'text', 'total', 'type', 'uri', 'values'],
]);
const NO_KEYS: ReadonlySet<string> = new Set();
const CONSTANTS: ReadonlySet<string> = new Set([
  ...['text', 'image', 'audio', 'resource', 'resource_link', 'user', 'assistant', 'tool_use', 'tool_result'],
]);

/** Masks every text of a value, keys too; numbers stay, and sound and pictures where the protocol has them. Gives the very value back if there is nothing to mask. */
export function maskValue(value: Json, { secrets, masks }: Masks): Masked {
  const purse = { steps: MAX_STEPS };
  let masked = 0;
  let growth = 0;

  const maskAll = (text: string): string => {
    let kept = secrets === 'masked' ? maskSecrets(text, { mask: REDACTED, reader: 'client' }) : text;
    for (const { mask } of masks) kept = mask(kept, purse);
    return kept;
  };

  function told(before: string, after: string): string {
    if (before === after) return before;
    masked++;
    growth += Math.max(0, after.length - before.length);
    return after;
  }

  const maskText = (text: string): string => told(text, maskAll(text));

  function walk(value: Json, depth: number, spot: Spot): Json {
    if (typeof value === 'string') return maskText(value);
    if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
    if (depth === MAX_DEPTH) return told('', REDACTED);
    return isArray(value)
      ? elements(value, (one) => walk(one, depth + 1, spot))
      : isObject(value)
        ? members(value, depth, spot)
        : value;
  }

  function members(object: JsonObject, depth: number, spot: Spot): JsonObject {
    const pairedKey = secrets === 'masked' && namesSecret(object, 'client') ? 'value' : undefined;
    return rebuilt(object, PROTOCOL, (key, value) => {
      if (typeof value === 'string') {
        if ((key === 'type' || key === 'role') && CONSTANTS.has(value)) return value;
        if (key === 'blob') return told(value, maskBlob(value, object['mimeType'], maskAll));
        if (key === 'data' && spot === 'content' && isMedia(object) && /^[A-Za-z0-9+/\s]*={0,2}$/.test(value))
          return value;
      }
      const isSecret = secrets === 'masked' && (key === pairedKey || isSecretKey(key, 'client'));
      return isSecret ? secret(key, value, depth + 1) : walk(value, depth + 1, spotUnder(spot, key));
    });
  }

  /** What stands under the key of a secret: all texts, unless it is the description of a field that will hold one. */
  function secret(key: string, value: Json, depth: number): Json {
    if (typeof value === 'string') {
      return isSecretValue(key, value, 'member', 'client') ? told(value, REDACTED) : maskText(value);
    }
    if (depth >= MAX_DEPTH || (isObject(value) && (isSchema(value) || JSON.isRawJSON(value))))
      return walk(value, depth, 'elsewhere');
    if (isArray(value)) return elements(value, (one) => secret(key, one, depth + 1));
    if (!isObject(value)) return value;
    return rebuilt(value, NO_KEYS, (_name, one) => secret(key, one, depth + 1));
  }

  /** The object with its values and keys masked, but for the fixed keys; the very same one if nothing was masked. */
  function rebuilt(
    object: JsonObject,
    fixed: ReadonlySet<string>,
    mask: (key: string, value: Json) => Json,
  ): JsonObject {
    const copy = bareObject();
    const endings = new Map<string, number>();
    let isSame = true;
    for (const key of Object.keys(object)) {
      const before = object[key] ?? null;
      const after = mask(key, before);
      const name = fixed.has(key) ? key : unused(copy, maskText(key), endings);
      isSame &&= after === before && name === key;
      copy[name] = after;
    }
    return isSame ? object : copy;
  }

  const kept = walk(value, 0, 'answer');
  return { value: kept, masked, growth };
}

function spotUnder(spot: Spot, key: string): Spot {
  if (spot === 'elsewhere') return spot;
  if (key === 'content') return 'content';
  return key === 'messages' && spot === 'answer' ? 'answer' : 'elsewhere';
}

function elements(array: JsonArray, mask: (element: Json) => Json): JsonArray {
  const kept = array.map(mask);
  return kept.every((element, index) => element === array[index]) ? array : kept;
}

/** Two keys may be the same once they are masked; neither value is lost. */
function unused(object: JsonObject, key: string, endings: Map<string, number>): string {
  let name = key;
  let ending = endings.get(key) ?? 1;
  while (object[name] !== undefined) name = `${key} (${++ending})`;
  endings.set(key, ending);
  return name;
}

function isMedia({ type }: JsonObject): boolean {
  return type === 'image' || type === 'audio';
}

const SCHEMA_TYPES: ReadonlySet<Json> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/** `{"password": {"type": "string", "description": …}}` describes a form; it holds no password. */
function isSchema(object: JsonObject): boolean {
  return object['value'] === undefined && SCHEMA_TYPES.has(object['type'] ?? '');
}
