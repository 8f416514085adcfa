import type { Effect } from '../../policy/decision.ts';
import { isArray, type Json } from '../../wire/json.ts';
import { elements, type Item, member, type Reading, say } from '../reading.ts';
import type { Want, WantedLimit, WantedRuling } from './case.ts';
import { flagIn, onlyKeys, textIn, wholeIn, wordOf } from './fields.ts';

const EFFECTS: readonly Effect[] = ['allow', 'require_approval', 'deny'];
const DOCUMENTS = ['policy', 'baseline'] as const;
const RULING_KEYS = ['effect', 'rule', 'document', 'id', 'reason'];
const WANT_KEYS = [...RULING_KEYS, 'hidden', 'limits', 'listed', 'would', 'retry_after'];
const LONGEST_WAIT = 100_000_000;

/** Reads what a case expects: an object, or the effect alone. */
export function readWant(reading: Reading, item: Item): Want | undefined {
  const ruling = readRuling(reading, item, WANT_KEYS);
  const limits = member(item, 'limits');
  const would = member(item, 'would');
  const rest = {
    hidden: flagIn(reading, item, 'hidden'),
    limits: limits && elements(reading, limits).flatMap((limit) => limitOf(reading, limit)),
    listed: flagIn(reading, item, 'listed'),
    would: would && wouldOf(reading, would),
    retryAfter: wholeIn(reading, item, 'retry_after', 1, LONGEST_WAIT),
  };
  return ruling && { ...ruling, ...rest };
}

/** `null`: nothing is to stand in shadow. */
function wouldOf(reading: Reading, item: Item): Want['would'] {
  return item.value === null ? 'none' : readRuling(reading, item, RULING_KEYS);
}

function readRuling(reading: Reading, item: Item, keys: readonly string[]): WantedRuling | undefined {
  if (typeof item.value === 'string') {
    const word = wordOf(reading, item, EFFECTS);
    return word && { effect: word, rule: undefined, document: undefined, id: undefined, reason: undefined };
  }
  if (!onlyKeys(reading, item, keys)) return undefined;
  const effect = wordOf(reading, member(item, 'effect'), EFFECTS);
  if (member(item, 'effect') === undefined) {
    return say(reading, item.pointer, `"effect" is missing; it is one of ${EFFECTS.join(', ')}`);
  }
  const ruling = {
    rule: textIn(reading, item, 'rule'),
    document: wordOf(reading, member(item, 'document'), DOCUMENTS),
    id: textIn(reading, item, 'id'),
    reason: textIn(reading, item, 'reason'),
  };
  return effect && { effect, ...ruling };
}

function limitOf(reading: Reading, { value, pointer }: Item): readonly WantedLimit[] {
  const [counter, window, max, scope] = isArray(value) && value.length === 4 ? value : [];
  if (typeof counter === 'string' && isWindow(window) && typeof max === 'number' && typeof scope === 'string') {
    return [[counter, String(window), max, scope]];
  }
  say(reading, pointer, 'must be counter, window, maximum and scope, such as [sends, minute, 10, grant]');
  return [];
}

function isWindow(value: Json | undefined): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
