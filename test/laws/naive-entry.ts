import { isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { list } from './naive-condition.ts';

/** Whether a name is an instance of a pattern, whose only wildcard is `*`. */
export function isInstance(name: string, pattern: string): boolean {
  if (pattern === '') return name === '';
  const rest = pattern.slice(1);
  if (pattern[0] !== '*') return name[0] === pattern[0] && isInstance(name.slice(1), rest);
  return isInstance(name, rest) || (name !== '' && isInstance(name.slice(1), pattern));
}

/** The key of `tools` that speaks for a tool: the exact name, else the matching pattern with the most literal characters. */
export function speaker(document: JsonObject, name: string): string | undefined {
  const tools = member(document, 'tools');
  if (Object.hasOwn(tools, name)) return name;
  const matching = Object.keys(tools).filter((key) => key.includes('*') && isInstance(name, key));
  return matching.sort((a, b) => literals(b) - literals(a))[0];
}

export function literals(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

export function isInHide(document: JsonObject, name: string): boolean {
  return list(document, 'hide').some((pattern) => isInstance(name, String(pattern)));
}

/** The object under a key; empty where there is none. */
export function member(value: Json | undefined, key: string): JsonObject {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

/** A step of a JSON Pointer. */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
