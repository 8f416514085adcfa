import type { ExceptionWish, GivenAnswer } from '../gateway/approvals/approval-desk.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { bad, type Read, read } from './fault.ts';
import { readNote } from './note.ts';

/** Reads a text that must be a JSON object; `what`: how a sentence about it begins. */
export function readObject(text: string, what: string = 'The body'): Read<JsonObject> {
  const found = readJson(text, STRICT);
  if (found.kind === 'fault') return bad(`${what} cannot be read as JSON, at character ${found.at}: ${found.reason}.`);
  return isObject(found.value) ? read(found.value) : bad(`${what} must be a JSON object, such as {}.`);
}

/** `{"note"?, "arguments"?}` */
export function readApproval(body: JsonObject): Read<GivenAnswer> {
  const odd = oddKey(body, '', ['note', 'arguments']);
  if (odd !== undefined) return odd;
  const note = noteAt(body, 'note');
  if (note.kind === 'fault') return note;
  const { arguments: given } = body;
  if (given !== undefined && !isObject(given)) return bad('/arguments must be an object.');
  return read({ said: 'approve', note: note.value, arguments: given });
}

/** `{"note"?}` or `{"reason"?}` */
export function readDenial(body: JsonObject): Read<GivenAnswer> {
  const odd = oddKey(body, '', ['note', 'reason']);
  if (odd !== undefined) return odd;
  if (body['note'] !== undefined && body['reason'] !== undefined)
    return bad('/note and /reason say the same; send one.');
  const note = noteAt(body, body['reason'] === undefined ? 'note' : 'reason');
  return note.kind === 'fault' ? note : read({ said: 'deny', note: note.value, arguments: undefined });
}

/** `{"until"?, "widen"?, "limit"?}` and whatever other keys may stand there. */
export function readWish(body: JsonObject, others: readonly string[] = []): Read<ExceptionWish> {
  const odd = oddKey(body, '', ['until', 'widen', 'limit', ...others]);
  if (odd !== undefined) return odd;
  const { until, widen, limit } = body;
  if (until !== undefined && (typeof until !== 'string' || !isDay(until))) {
    return bad('/until must be a day, written YYYY-MM-DD.');
  }
  const choices = readWiden(widen);
  if (choices.kind === 'fault') return choices;
  const bound = readLimit(limit);
  if (bound.kind === 'fault') return bound;
  return read({ until, widen: choices.value, limit: bound.value });
}

/** A wish and the digest of the proposal that was shown. */
export function readAdoption(body: JsonObject): Read<{ readonly wish: ExceptionWish; readonly digest: string }> {
  const wish = readWish(body, ['digest']);
  if (wish.kind === 'fault') return wish;
  const { digest } = body;
  if (typeof digest !== 'string') {
    return bad('/digest must be the digest of the proposal that was shown.', 'Ask for it with POST …/always.');
  }
  return read({ wish: wish.value, digest });
}

/** Whether a text is a day as `YYYY-MM-DD`; that it exists is for others to say. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

function readWiden(value: Json | undefined): Read<ExceptionWish['widen']> {
  if (value === undefined) return read({});
  if (!isObject(value)) return bad('/widen must be an object from names of arguments to choices.');
  const choices: [string, string][] = [];
  for (const [name, choice] of Object.entries(value)) {
    if (typeof choice !== 'string') return bad(`/widen/${name} must be one of the choices that the proposal tells.`);
    choices.push([name, choice]);
  }
  return read(bareRecord(choices));
}

/** Names of arguments are a stranger's: `__proto__` is a name like any other. */
export function bareRecord(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const record: Record<string, string> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}

function readLimit(value: Json | undefined): Read<ExceptionWish['limit']> {
  if (value === undefined) return read(undefined);
  if (!isObject(value)) return bad('/limit must be an object with max and window.');
  const odd = oddKey(value, '/limit', ['max', 'window']);
  if (odd !== undefined) return odd;
  const { max, window } = value;
  if (typeof max !== 'number' || !Number.isSafeInteger(max) || max < 1)
    return bad('/limit/max must be a whole number from 1.');
  if (typeof window !== 'string' || window === '') return bad('/limit/window must be a window such as "1h" or "day".');
  return read({ max, window });
}

function noteAt(body: JsonObject, key: 'note' | 'reason'): Read<string | undefined> {
  const value = body[key];
  if (value !== undefined && typeof value !== 'string') return bad(`/${key} must be a text.`);
  return readNote(value, `/${key}`);
}

function oddKey(object: JsonObject, place: string, known: readonly string[]): ReturnType<typeof bad> | undefined {
  const odd = Object.keys(object).find((key) => !known.includes(key));
  if (odd === undefined) return undefined;
  return bad(`${place}/${odd.slice(0, 100)} is not known here.`, `Known are ${known.join(', ')}.`);
}
