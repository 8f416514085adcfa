import { didYouMean } from '../policy/nearest.ts';
import { below, quoted } from '../policy/problem.ts';
import { CLASSES } from '../policy/words.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import type { Attack } from './attack.ts';
import { SEVERITIES, type SignalKind } from './classification.ts';

/** A file of `catalogue/attacks` that cannot be understood; the message names the place. */
export class AttackFault extends Error {
  override name = 'AttackFault';
}

const SIGNALS: { readonly [kind in SignalKind]: true } = {
  bulk: true,
  code: true,
  sql: true,
  path: true,
  url: true,
  html: true,
  recipient: true,
  amount: true,
  'credential-in': true,
  'credential-out': true,
  'many-parameters': true,
  'widens-when-absent': true,
  approves: true,
  'lists-tools': true,
  'id-in-path': true,
};
const SEEN = ['product', 'demonstration', 'literature'] as const;

/** Reads one file; unknown keys are refused, and every text must say something. Throws `AttackFault`. */
export function readAttack(value: Json): Attack {
  const whole = objectIn(value, '', [
    'name',
    'title',
    'severity',
    'how',
    'case',
    'abuses',
    'stops',
    'limits',
    'besides',
  ]);
  const seen = objectIn(whole['case'], '/case', ['what', 'reference', 'url', 'seen']);
  const abuses = objectIn(whole['abuses'], '/abuses', ['classes', 'signals', 'tools']);
  const stops = objectIn(whole['stops'], '/stops', ['says', 'policy', 'server', 'by']);
  if (stops['policy'] === undefined && stops['server'] === undefined)
    throw new AttackFault('/stops needs "policy", "server", or both');
  return {
    name: textIn(whole, '', 'name'),
    title: textIn(whole, '', 'title'),
    severity: wordOf(whole['severity'], '/severity', SEVERITIES),
    how: textIn(whole, '', 'how'),
    case: {
      what: textIn(seen, '/case', 'what'),
      reference: textIn(seen, '/case', 'reference'),
      url: urlOf(textIn(seen, '/case', 'url')),
      seen: wordOf(seen['seen'], '/case/seen', SEEN),
    },
    abuses: {
      classes: listIn(abuses, '/abuses', 'classes').map((word, at) => wordOf(word, `/abuses/classes/${at}`, CLASSES)),
      signals: listIn(abuses, '/abuses', 'signals').map((word, at) => wordOf(word, `/abuses/signals/${at}`, KINDS)),
      tools: textsIn(abuses, '/abuses', 'tools'),
    },
    stops: {
      says: textIn(stops, '/stops', 'says'),
      policy: stops['policy'] === undefined ? undefined : objectIn(stops['policy'], '/stops/policy'),
      server: stops['server'] === undefined ? undefined : objectIn(stops['server'], '/stops/server'),
      by: textIn(stops, '/stops', 'by'),
    },
    limits: textIn(whole, '', 'limits'),
    besides: textsIn(whole, '', 'besides'),
  };
}

const KINDS = Object.keys(SIGNALS) as readonly SignalKind[];

function objectIn(value: Json | undefined, pointer: string, known?: readonly string[]): JsonObject {
  if (!isObject(value)) throw new AttackFault(`${pointer === '' ? 'the file' : pointer} must be an object`);
  for (const key of Object.keys(value)) {
    if (known !== undefined && !known.includes(key))
      throw new AttackFault(`${below(pointer, key)}: unknown key ${quoted(key)}${didYouMean(key, known)}`);
  }
  return value;
}

function textIn(object: JsonObject, pointer: string, key: string): string {
  return textOf(object[key], below(pointer, key));
}

function textOf(value: Json | undefined, pointer: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new AttackFault(`${pointer} must be a text that says something`);
}

function listIn(object: JsonObject, pointer: string, key: string): readonly Json[] {
  const value = object[key];
  if (isArray(value)) return value;
  throw new AttackFault(`${below(pointer, key)} must be an array`);
}

function textsIn(object: JsonObject, pointer: string, key: string): readonly string[] {
  return listIn(object, pointer, key).map((one, at) => textOf(one, below(below(pointer, key), at)));
}

function wordOf<T extends string>(value: Json | undefined, pointer: string, words: readonly T[]): T {
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw new AttackFault(`${pointer} must be one of ${words.join(', ')}`);
}

function urlOf(text: string): string {
  if (/^https:\/\/[a-z0-9.-]+\/\S*$/.test(text)) return text;
  throw new AttackFault('/case/url must be an https URL');
}
