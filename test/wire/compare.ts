import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../../src/wire/json.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { canonical } from './canonical.ts';
import { fieldsOf } from './fields.ts';
import { type Passed, passBack, passThrough } from './gate-path.ts';
import type { Reader, Reading } from './readers.ts';

/** Somebody reads a message that was let through otherwise than the gate. */
interface Disagreement {
  readonly text: string;
  readonly law: string;
  readonly told: string;
}

export interface Compared {
  readonly messages: number;
  readonly sent: number;
  readonly calls: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly disagreements: readonly Disagreement[];
}

type Sent = Extract<Passed, { kind: 'sent' }>;

interface Way {
  readonly text: string;
  readonly from: 'a client' | 'a server';
  readonly passed: Sent;
}

/** Lets texts through the gate's pure parts, and asks all readers what they see before and behind it. */
export async function compare(texts: readonly string[], readers: readonly Reader[]): Promise<Compared> {
  const refused: Record<string, number> = {};
  const ways: Way[] = [];
  let count = 0;
  for (const text of texts) {
    const inward = passThrough(text);
    const outward = passBack(text);
    if (inward.kind === 'sent') ways.push({ text, from: 'a client', passed: inward });
    if (outward.kind === 'sent') ways.push({ text, from: 'a server', passed: outward });
    if (inward.kind === 'sent' || outward.kind === 'sent') count++;
    else refused[kindOf(inward.reason)] = (refused[kindOf(inward.reason)] ?? 0) + 1;
  }
  const disagreements = ways.flatMap(({ text, passed }) => lineFaults(text, passed));
  for (const reader of readers) {
    const readings = await reader.read(ways.flatMap(({ text, passed }) => [text, passed.bytes]));
    for (const [at, { text, from, passed }] of ways.entries()) {
      const before = isWhole(text, passed) ? faultOf(passed.message, readings[2 * at]) : undefined;
      const behind = faultOf(judged(passed), readings[2 * at + 1]);
      if (before !== undefined)
        disagreements.push({ text, law: `${reader.name} reads what came from ${from} as the gate did`, told: before });
      if (behind !== undefined)
        disagreements.push({
          text,
          law: `${reader.name} reads what goes on from ${from} as it was judged`,
          told: behind,
        });
    }
  }
  const calls = ways.filter(({ passed }) => passed.call !== undefined).length;
  return { messages: texts.length, sent: count, calls, refused, disagreements };
}

/** Of a server's message some may be left out: what stands beside it, and beside an error's code, message and data. */
function isWhole(text: string, { message }: Sent): boolean {
  const told = readObj(text) ?? {};
  const isKnown = (all: Obj, known: JsonObject): boolean => Object.keys(all).every((key) => Object.hasOwn(known, key));
  const { error } = message;
  return isKnown(told, message) && (!isObject(error) || isKnown(objAt(told, 'error'), error));
}

/** The message that goes out, with the judged name and arguments put where they stand: equal to it, or the judge saw another call. */
function judged({ call, outward }: Sent): JsonObject {
  if (call === undefined) return outward;
  const params = outward['params'];
  if (!isObject(params)) return outward;
  return withKeys(outward, { params: withKeys(params, judgedKeys(call.method, call.name, call.args, params)) });
}

function judgedKeys(
  method: string,
  name: string,
  args: JsonObject,
  params: JsonObject,
): { [key: string]: Json | undefined } {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return { name, ...(params['arguments'] === undefined ? {} : { arguments: args }) };
    case 'resources/read':
    case 'resources/subscribe':
      return { uri: name };
    default:
      return completed(name, args, params);
  }
}

function completed(name: string, args: JsonObject, params: JsonObject): { [key: string]: Json | undefined } {
  const { ref, argument, context } = params;
  if (!isObject(ref) || ref['type'] !== 'ref/prompt') return {};
  const given = isObject(argument) && typeof argument['name'] === 'string' ? argument['name'] : undefined;
  const before = isObject(context) ? context['arguments'] : undefined;
  return {
    ref: withKeys(ref, { name }),
    ...(isObject(argument) && given !== undefined && argument['value'] !== undefined
      ? { argument: withKeys(argument, { value: given in args ? args[given] : null }) }
      : {}),
    ...(isObject(context) && isObject(before)
      ? {
          context: withKeys(context, {
            arguments: objectOf(
              Object.keys(before).map((key) => [key, key === given ? before[key] : args[key]] as [string, Json]),
            ),
          }),
        }
      : {}),
  };
}

function faultOf(message: JsonObject, reading: Reading | undefined): string | undefined {
  if (reading === undefined || reading.kind === 'fault') return `cannot read it: ${reading?.reason}`;
  // An error that answers nothing in particular may leave its id out.
  const isNameless = message['id'] === null && !reading.whole.includes('"id":null');
  const expected = isNameless ? withKeys(message, { id: undefined }) : message;
  const whole = withParams(reading.whole, canonical(expected));
  if (whole !== canonical(expected)) return `reads ${short(reading.whole)}\n  judged ${short(canonical(expected))}`;
  const { params, ...others } = fieldsOf(expected as Record<string, unknown>);
  const fields = canonical(params === undefined ? others : { ...others, params });
  for (const taken of reading.fields) {
    if (taken !== fields && matters(taken, expected) !== matters(fields, expected))
      return `takes ${short(taken)}\n  judged ${short(fields)}`;
  }
  return undefined;
}

/** The fields that the method has: what a list would complete is nobody's affair. */
function matters(fields: string, { method }: JsonObject): string {
  if (method === 'completion/complete') return fields;
  const all = JSON.parse(fields) as Record<string, unknown>;
  const own = Object.entries(all).filter(([path]) => !/^params\.(?:ref|argument|context)(?:\.|$)/.test(path));
  return canonical(Object.fromEntries(own));
}

/** A message without params is read, and sent, as one with none. */
function withParams(whole: string, expected: string): string {
  return `${whole.slice(0, -1)},"params":{}}` === expected ? expected : whole;
}

/** Whatever takes characters besides the line feed for the end of a line, a message is one line. */
function lineFaults(text: string, { bytes }: Sent): readonly Disagreement[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
  const found = /[\x00-\x1f\x85\u2028\u2029]/.exec(bytes);
  if (found === null) return [];
  const told = `U+${found[0].charCodeAt(0).toString(16).padStart(4, '0')} in ${short(bytes)}`;
  return [{ text, law: 'what goes out is one line to everybody', told }];
}

/** The reason without what it quotes and where, so that equal ones can be counted. */
function kindOf(reason: string): string {
  return reason
    .replace(/"(?:[^"\\]|\\.)*"/g, '…')
    .replace(/ \(at character \d+\)/, '')
    .replace(/the number \S+/, 'the number …')
    .slice(0, 120);
}

function short(text: string): string {
  return text.length > 1500 ? `${text.slice(0, 1500)}… (${text.length})` : text;
}
