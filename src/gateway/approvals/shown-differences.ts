import { below } from '../../policy/problem.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { inPlainSight, jsonInPlainSight } from '../../wire/plain-sight.ts';
import { eachDifference, type Way } from './each-difference.ts';

/** One place where two calls differ. */
interface ShownDifference {
  /** Whether it is within the arguments, or in what stands beside them. */
  readonly in: 'arguments' | 'extra';
  /** A JSON Pointer into that; a very long one is shortened in its middle. */
  readonly pointer: string;
  /** What was there and what is, in plain sight; long values from a little before the first character that differs. */
  readonly text: string;
}

/** Where two calls differ. */
export interface ShownChanges {
  /** The first of them. */
  readonly changes: readonly ShownDifference[];
  /** How many there are beside those. */
  readonly moreChanges: number;
}

/** What of a call's params a person sees beside its name. */
export interface ShownParams {
  readonly args: JsonObject;
  readonly extra?: JsonObject | null;
}

/** Nobody reads more; the arguments stand there whole. */
const MOST_CHANGES = 200;
const MOST_TEXT = 32_000;
/** Characters of a value that are shown where it fits. */
const MOST_VALUE = 400;
/** Of a longer one: before the first difference, and from it on. */
const [BEFORE, FROM] = [60, 240];
const MOST_POINTER = 400;

/** Where two calls differ, in arguments and beside them: in time and length linear in both, however they differ. */
export function shownDifferences(before: ShownParams, after: ShownParams): ShownChanges {
  const changes: ShownDifference[] = [];
  let [count, length] = [0, 0];
  const tell = (part: ShownDifference['in'], way: Way, was: Json | undefined, is: Json | undefined): void => {
    count++;
    if (changes.length >= MOST_CHANGES || length > MOST_TEXT) return;
    const pointer = shortPointer(way);
    const place = inPlainSight(pointer === '' ? '(all)' : pointer);
    const text = `${part === 'extra' ? 'beside the arguments, ' : ''}${place}: ${shownChange(was, is)}`;
    length += text.length;
    changes.push({ in: part, pointer, text });
  };
  eachDifference(before.args, after.args, (...difference) => tell('arguments', ...difference));
  eachDifference(before.extra ?? objectOf([]), after.extra ?? objectOf([]), (...difference) =>
    tell('extra', ...difference),
  );
  return { changes, moreChanges: count - changes.length };
}

function shortPointer(way: Way): string {
  const whole = way.map((key) => (typeof key === 'string' ? shortened(key) : key)).reduce<string>(below, '');
  return shortened(whole);
}

function shortened(text: string): string {
  if (text.length <= MOST_POINTER) return text;
  const half = MOST_POINTER / 2;
  return `${text.slice(0, half).toWellFormed()}…${text.slice(-half).toWellFormed()}`;
}

function shownChange(before: Json | undefined, after: Json | undefined): string {
  const [was, is] = [shownWhole(before), shownWhole(after)];
  if (was !== undefined && is !== undefined) return `${was} → ${is}`;
  const [first, second] = [charactersOf(before), charactersOf(after)];
  if (first === undefined || second === undefined || typeof before !== typeof after) {
    return `${was ?? beginning(before)} → ${is ?? beginning(after)}`;
  }
  const at = firstDifference(first, second);
  const show = typeof before === 'string' ? jsonInPlainSight : String;
  return `${around(first, at, show)} → ${around(second, at, show)} (from character ${at + 1} on; ${first.length} and ${second.length} characters)`;
}

/** What can be long without having parts: a text, and a number whose text is kept. */
function charactersOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return isObject(value) && JSON.isRawJSON(value) ? JSON.stringify(value) : undefined;
}

/** On one line; undefined where it is too long for that. */
function shownWhole(value: Json | undefined): string | undefined {
  if (value === undefined) return '(absent)';
  const text = jsonInPlainSight(value, { depth: 0, most: MOST_VALUE });
  return text.length <= MOST_VALUE ? text : undefined;
}

/** Of what differs from its first character on: a text and a list, or a text and nothing. */
function beginning(value: Json | undefined): string {
  if (value === undefined) return '(absent)';
  return `${jsonInPlainSight(value, { depth: 0, most: MOST_VALUE })} (${JSON.stringify(value).length} characters)`;
}

function firstDifference(before: string, after: string): number {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before.charCodeAt(at) === after.charCodeAt(at)) at++;
  return at;
}

/** The text around a place, with `…` outside its quotes where it is cut. */
function around(text: string, at: number, show: (piece: string) => string): string {
  const start = whole(text, Math.max(0, at - BEFORE));
  const end = whole(text, Math.min(text.length, at + FROM));
  return `${start === 0 ? '' : '…'}${show(text.slice(start, end))}${end === text.length ? '' : '…'}`;
}

/** The same place, or the one before it, where it is in the middle of a character. */
function whole(text: string, at: number): number {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
}
