import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import { ownText } from '../../wire/own-text.ts';
import { ownJson } from './own-json.ts';

/** What one server told of itself when it was met. */
export interface Offer {
  readonly server: string;
  readonly capabilities: JsonObject;
  readonly instructions: string | undefined;
}

const MAX_INSTRUCTIONS = 10_000;
const MAX_ALL = 40_000;
/** Characters of one server's capabilities, and how many are named where there are more. */
const MAX_CAPABILITIES = 20_000;
const MAX_NAMES = 20;
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
const LISTED = ['tools', 'resources', 'prompts'] as const;
const CHANGES: JsonObject = objectOf([['listChanged', true]]);

/** Reads a server's own answer to `initialize` or `server/discover`. */
export function offerIn(server: string, answer: JsonObject): Offer {
  const { capabilities, instructions } = answer;
  return {
    server,
    capabilities: keptOf(isObject(capabilities) ? capabilities : objectOf([])),
    instructions: typeof instructions === 'string' ? ownText(instructions.slice(0, MAX_INSTRUCTIONS + 1)) : undefined,
  };
}

/** What is kept of a server's capabilities for as long as its session lives: all, unless there is more than any client would read; then only which there are. */
function keptOf(capabilities: JsonObject): JsonObject {
  const own = ownJson(capabilities, MAX_CAPABILITIES);
  if (isObject(own)) return own;
  const isListed = (name: string): boolean => LISTED.some((one) => one === name);
  const names = Object.keys(capabilities).slice(0, MAX_NAMES);
  return objectOf(names.map((name) => [ownText(name), isListed(name) ? CHANGES : objectOf([])]));
}

/** All that any of the servers can do. `missing`: some server may still come, and nobody can be told of capabilities later. */
export function mergedCapabilities(offers: readonly Offer[], missing: 'some' | 'none'): JsonObject {
  let merged = objectOf(missing === 'some' ? LISTED.map((name) => [name, CHANGES]) : []);
  for (const { capabilities } of offers) merged = union(merged, capabilities);
  return merged;
}

/** Keys of both; of two objects again both, of two values the one that is not false. Takes time linear in both: a server writes as many keys as it likes. */
function union(left: JsonObject, right: JsonObject): JsonObject {
  const all = new Map(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const before = all.get(key);
    all.set(key, isObject(before) && isObject(value) ? union(before, value) : before || value);
  }
  return objectOf(all);
}

/** The servers' own words, quoted, each under its name; cut where they are long. */
export function mergedInstructions(offers: readonly Offer[]): string {
  const parts = ['Tools and prompts of several servers stand here together; each is named <server>__<name>.'];
  let room = MAX_ALL;
  for (const { server, instructions } of offers) {
    if (instructions === undefined || instructions.trim() === '') continue;
    const max = Math.min(MAX_INSTRUCTIONS, room);
    const kept = instructions.length > max ? `${instructions.slice(0, max).toWellFormed()} [cut]` : instructions;
    room -= Math.min(instructions.length, max);
    parts.push(`# Of the server ${server}\n${quoted(kept)}`);
  }
  return parts.join('\n\n');
}

/** Each line marked, so that no server can write the heading of another. */
function quoted(text: string): string {
  return `> ${text.replace(LINE_BREAK, '\n> ')}`;
}
