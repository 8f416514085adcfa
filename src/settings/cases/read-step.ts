import { quoted } from '../../policy/problem.ts';
import type { CallKind } from '../../wire/call.ts';
import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import { type ReadCall, readCall } from '../../wire/read-call.ts';
import { type Item, member, type Reading, say } from '../reading.ts';
import type { Earlier, Step } from './case.ts';
import { onlyKeys, textIn, wholeIn, wordOf } from './fields.ts';
import { classIn, SURROUNDING_KEYS, type Surroundings, surroundingsIn } from './surroundings.ts';

const KINDS: readonly CallKind[] = ['tool', 'resource', 'prompt', 'request'];
const CALL_KEYS = ['kind', ...KINDS, 'args'];
const MOST_TIMES = 100_000;
const REQUESTS: { readonly [word: string]: string } = {
  sampling: 'sampling/createMessage',
  elicitation: 'elicitation/create',
  roots: 'roots/list',
};

/** Reads the call of a case; `classed` holds the case's own `class`, if it says one. */
export function readAsked(reading: Reading, item: Item, around: Surroundings, classed: Item): Step | undefined {
  if (!onlyKeys(reading, item, CALL_KEYS)) return undefined;
  return stepOf(reading, item, around, classed);
}

/** Reads a call that was made before; it stands in the same surroundings, but for what it says itself. */
export function readEarlier(reading: Reading, item: Item, around: Surroundings, until: number): Earlier | undefined {
  if (!onlyKeys(reading, item, [...CALL_KEYS, ...SURROUNDING_KEYS, 'times'])) return undefined;
  const step = stepOf(reading, item, surroundingsIn(reading, item, around), item);
  const times = wholeIn(reading, item, 'times', 1, MOST_TIMES) ?? 1;
  if (step === undefined) return undefined;
  if (step.at > until)
    say(reading, item.pointer, 'an earlier call cannot come after the call: give it an earlier "at"');
  return { ...step, times };
}

function stepOf(reading: Reading, item: Item, around: Surroundings, classed: Item): Step | undefined {
  const own = classIn(reading, classed);
  const read = readCallIn(reading, item);
  if (read === undefined) return undefined;
  const known = read.kind === 'call' ? around.classes.get(read.call.name) : undefined;
  return { read, subject: around.subject, class: own ?? known ?? around.class, at: around.at };
}

function readCallIn(reading: Reading, item: Item): ReadCall | undefined {
  const args = argsIn(reading, item);
  const [key, second] = KINDS.filter((kind) => member(item, kind) !== undefined);
  if (key === undefined) return say(reading, item.pointer, 'names no "tool" (nor "resource", "prompt", "request")');
  if (second !== undefined) return say(reading, item.pointer, `names both a ${key} and a ${second}; one call is one`);
  const name = textIn(reading, item, key);
  const kind = key === 'tool' ? (wordOf(reading, member(item, 'kind'), KINDS) ?? 'tool') : key;
  if (name === undefined) return undefined;
  switch (kind) {
    case 'tool':
      return readCall('tools/call', named(name, args));
    case 'prompt':
      return readCall('prompts/get', named(name, args));
    case 'resource':
      return resourceOf(reading, item, name, args);
    case 'request':
      return requestOf(reading, item, name, args);
  }
}

/** Of a resource there is nothing but its URI, which rules see as args.uri. */
function resourceOf(reading: Reading, item: Item, uri: string, args: JsonObject): ReadCall | undefined {
  const others = Object.entries(args).filter(([key, value]) => key !== 'uri' || value !== uri);
  if (others.length === 0) return readCall('resources/read', objectOf([['uri', uri]]));
  return say(reading, item.pointer, 'a resource has no "args": rules see its URI as args.uri');
}

function requestOf(reading: Reading, item: Item, word: string, args: JsonObject): ReadCall | undefined {
  const methods = Object.values(REQUESTS);
  const method = Object.hasOwn(REQUESTS, word) ? REQUESTS[word] : methods.find((known) => known === word);
  if (method !== undefined) {
    return { kind: 'call', call: { kind: 'request', method, name: method, args, params: args } };
  }
  return say(reading, item.pointer, `a request is one of ${methods.join(', ')}, not ${quoted(word)}`);
}

function named(name: string, args: JsonObject): JsonObject {
  return objectOf([
    ['name', name],
    ['arguments', args],
  ]);
}

function argsIn(reading: Reading, item: Item): JsonObject {
  const args = member(item, 'args');
  if (args === undefined) return objectOf([]);
  if (isObject(args.value)) return args.value;
  say(reading, args.pointer, 'must be an object');
  return objectOf([]);
}
