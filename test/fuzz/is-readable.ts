import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { DEVIOUS_URIS } from '../laws/arbitrary-document.ts';
import type { Documents } from '../laws/naive.ts';
import { STATEMENTS } from '../laws/statements.ts';
import type { Asked } from './trial.ts';

/** Calendars are searched step by step by the naive engine, so its times must be ordinary ones. */
const LAST = Date.UTC(2100, 0);

/** Whether the naive engine, which knows few words, can read the documents and the call. */
export function isReadable({ policy, baseline }: Documents, { at, args, kind, name }: Asked): boolean {
  if (kind === 'resource' && !isKnownUri(name)) return false;
  if (!Number.isInteger(at) || at <= 0 || at >= LAST) return false;
  return (
    textsOf(args).every(isPlain) && [policy, baseline ?? null].flatMap(leavesOf).every((leaf) => isKnown(leaf, args))
  );
}

/** It knows few ways in which a URI misleads. */
function isKnownUri(uri: string): boolean {
  const isDevious = DEVIOUS_URIS.some((one) => one === uri);
  return isDevious || /^[a-z]+:(?:\/{2,3})?[a-z]+(?:\/\w+)*(?:\.\w+)?$/.test(uri);
}

/** It knows ASCII only, and no words for yes, no and nothing but `true`, `false` and `null`. */
function isPlain(text: string): boolean {
  return (
    /^[ -~]*$/.test(text) &&
    !/^\s*(?:t|yes|y|on|f|no|n|off)\s*$/i.test(text) &&
    !/^\s*null\s*$/i.test(text.replace(/^null$/, '')) &&
    !/\d_/.test(text)
  );
}

/** It takes expressions for JavaScript's, knows SQL by heart, and no folders but plain ones in small letters. */
function isKnown({ path, op, value }: JsonObject, args: JsonObject): boolean {
  if (op === 'sql_only') {
    const { sql } = args;
    return path === 'args.sql' && (typeof sql !== 'string' || STATEMENTS.some(({ text }) => text === sql));
  }
  if (op === 'path_within') {
    const folders = isArray(value) ? value : [value ?? null];
    return (
      path === 'args.path' &&
      (typeof args['path'] !== 'string' || !/[A-Z]|^\\|^\/{2}/.test(args['path'])) &&
      folders.every((folder) => typeof folder === 'string' && /^(?:\/[a-z]+)+$/.test(folder))
    );
  }
  if (op !== 'regex' && op !== 'not_regex') return true;
  return typeof value === 'string' && !/\\[^d.]|\[\[|\(\?/.test(value) && isPlain(value);
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isArray(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
}

/** Every condition, wherever it stands. */
function leavesOf(value: Json): readonly JsonObject[] {
  if (isArray(value)) return value.flatMap(leavesOf);
  if (!isObject(value)) return [];
  return [...(typeof value['op'] === 'string' ? [value] : []), ...Object.values(value).flatMap(leavesOf)];
}
