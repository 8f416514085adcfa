import type { RiskClass } from '../../src/policy/decision.ts';
import type { Call, CallKind } from '../../src/wire/call.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { escaped, list, member } from './naive-list.ts';

/** Whether a name is an instance of a pattern, whose only wildcard is `*`. */
export function isInstance(name: string, pattern: string): boolean {
  if (pattern === '') return name === '';
  const rest = pattern.slice(1);
  if (pattern[0] !== '*') return name[0] === pattern[0] && isInstance(name.slice(1), rest);
  return isInstance(name, rest) || (name !== '' && isInstance(name.slice(1), pattern));
}

/** What a call is aimed at, as far as entries go by it. */
export interface Aim {
  readonly kind: CallKind;
  readonly name: string;
  readonly class: RiskClass;
}

export function aimOf(call: Call, target: { readonly class: RiskClass }): Aim {
  return { kind: call.kind, name: call.name, class: target.class };
}

/** An entry with its place: the table it stands in, and its key there. */
export interface Entry {
  readonly table: 'tools' | 'classes' | 'resources' | 'prompts';
  readonly key: string;
  readonly pointer: string;
  readonly rules: JsonObject;
}

const TABLES = { tool: 'tools', resource: 'resources', prompt: 'prompts' } as const;

/** The entry that speaks: the exact name, else the matching pattern with the most literal characters, else the class. */
export function speakerOf(document: JsonObject, aim: Aim): Entry | undefined {
  if (aim.kind === 'request') return undefined;
  const table = TABLES[aim.kind];
  const key = speaker(document, aim.name, table);
  if (key !== undefined) return entryAt(document, table, key);
  const isOfClass = aim.kind === 'tool' && Object.hasOwn(member(document, 'classes'), aim.class);
  return isOfClass ? entryAt(document, 'classes', aim.class) : undefined;
}

function entryAt(document: JsonObject, table: Entry['table'], key: string): Entry {
  return { table, key, pointer: `/${table}/${escaped(key)}`, rules: member(document[table], key) };
}

/** The key of a table whose entry speaks for a name. */
function speaker(document: JsonObject, name: string, table: Entry['table'] = 'tools'): string | undefined {
  const entries = member(document, table);
  if (Object.hasOwn(entries, name)) return name;
  const matching = Object.keys(entries).filter((key) => key.includes('*') && isInstance(name, key));
  return matching.sort((a, b) => literals(b) - literals(a))[0];
}

export function literals(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

export function isInHide(document: JsonObject, name: string): boolean {
  return list(document, 'hide').some((pattern) => isInstance(name, String(pattern)));
}

const REQUESTS: { readonly [method: string]: string } = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};

/** The key of `requests` that speaks for what a server asks of the client. */
export function requestKey(document: JsonObject, aim: Aim): string | undefined {
  const key = aim.kind === 'request' ? REQUESTS[aim.name] : undefined;
  return key !== undefined && Object.hasOwn(member(document, 'requests'), key) ? key : undefined;
}

/** Whether a URI holds what makes two readers see two things: dot segments, encoded `/ . \`, or control characters. */
export function isDevious(uri: string): boolean {
  const hasDots = uri.split(/[/?#]/).some((segment) => segment === '.' || segment === '..');
  return hasDots || /%2f|%2e|%5c|%[01][0-9a-f]|%7f/i.test(uri) || [...uri].some(isControl);
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 32 || (code > 126 && code < 160);
}
