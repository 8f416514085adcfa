import type { Json, JsonObject } from '../wire/json.ts';
import { checkKeys, type Draft, elementsAt, objectAt, refuse, textAt } from './draft.ts';
import { compileMask, MAX_STEPS, type TextMask } from './mask.ts';
import { below, quoted } from './problem.ts';
import { REDACTION, RESULTS } from './vocabulary.ts';

/** What of a server's answers reaches the client, by one document. */
export interface ResultRules {
  readonly document: 'policy' | 'baseline';
  readonly maxBytes: number | undefined;
  readonly secrets: 'masked' | 'kept';
  /** In an order that does not depend on how the document is written. */
  readonly masks: readonly TextMask[];
}

/** What stands in place of what is masked, where the document says nothing else. */
export const REDACTED = '[redacted]';

const MAX_REPLACEMENT = 200;
/** Each looks at every text of every result. */
const MAX_MASKS = 50;
/** Instructions of all of them together. */
const MAX_PROGRAMS = 10_000;

/** Compiles `results`; undefined where every answer passes as it is. */
export function compileResults(draft: Draft, root: JsonObject): ResultRules | undefined {
  const pointer = '/results';
  if (root['results'] === undefined) return undefined;
  const object = objectAt(draft, root['results'], pointer, ' such as {"redact": [{"secrets": true}]}');
  if (object === undefined) return undefined;
  checkKeys(draft, object, pointer, RESULTS);
  const maxBytes = maxBytesAt(draft, object, pointer);
  const read = elementsAt(draft, object, pointer, 'redact').map(({ value, pointer: place }) => {
    return redactionAt(draft, value, place);
  });
  const masks = read.filter((one) => typeof one === 'object').sort(byText);
  checkMasks(draft, masks, below(pointer, 'redact'));
  const secrets = read.includes('secrets') ? 'masked' : 'kept';
  if (maxBytes === undefined && secrets === 'kept' && masks.length === 0) return undefined;
  return Object.freeze({ document: draft.document, maxBytes, secrets, masks: Object.freeze(masks) });
}

function maxBytesAt(draft: Draft, object: JsonObject, pointer: string): number | undefined {
  const value = object['max_bytes'];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  return refuse(draft, below(pointer, 'max_bytes'), 'must be a whole number of bytes from 1, without quotes');
}

function redactionAt(draft: Draft, value: Json, pointer: string): TextMask | 'secrets' | undefined {
  const object = objectAt(draft, value, pointer, ' such as {"secrets": true} or {"regex": "…"}');
  if (object === undefined) return undefined;
  checkKeys(draft, object, pointer, REDACTION);
  if (object['secrets'] === undefined) return maskAt(draft, object, pointer);
  if (object['secrets'] !== true) {
    return refuse(draft, below(pointer, 'secrets'), 'must be true; leave the whole entry out to keep secrets');
  }
  for (const key of ['regex', 'replace', 'ignore_case']) {
    if (object[key] === undefined) continue;
    refuse(draft, below(pointer, key), `goes with "regex", not with "secrets"; write two entries`);
  }
  return 'secrets';
}

function maskAt(draft: Draft, object: JsonObject, pointer: string): TextMask | undefined {
  const pattern = textAt(draft, object, pointer, 'regex');
  const replace = replacementAt(draft, object, pointer);
  const ignoreCase = object['ignore_case'];
  if (ignoreCase !== undefined && typeof ignoreCase !== 'boolean') {
    return refuse(draft, below(pointer, 'ignore_case'), 'must be true or false');
  }
  if (pattern === undefined || replace === undefined) {
    if (object['regex'] !== undefined || object['replace'] !== undefined) return undefined;
    return refuse(draft, pointer, 'says nothing to mask; write {"secrets": true} or {"regex": "…"}');
  }
  const place = below(pointer, 'regex');
  const mask = compileMask(pattern, ignoreCase === true ? 'any case' : 'as written', replace);
  if (typeof mask === 'string') return refuse(draft, place, `not a regular expression in RE2 syntax: ${mask}`);
  if (mask.matchesNothing) {
    return refuse(draft, place, 'matches a text without characters, of which nothing can be masked; write + for *');
  }
  if (mask.mask(replace, { steps: MAX_STEPS }) === replace) return mask;
  const told = `matches its own replacement ${quoted(replace)}; write a "replace" in which it finds nothing`;
  return refuse(draft, place, told);
}

function replacementAt(draft: Draft, object: JsonObject, pointer: string): string | undefined {
  const value = object['replace'];
  if (value === undefined) return object['regex'] === undefined ? undefined : REDACTED;
  const place = below(pointer, 'replace');
  if (object['regex'] === undefined) return refuse(draft, place, 'goes with "regex", which is missing');
  if (typeof value !== 'string') return refuse(draft, place, 'must be a text; it may be empty');
  if (value.length <= MAX_REPLACEMENT) return value;
  return refuse(draft, place, `longer than ${MAX_REPLACEMENT} characters`);
}

function checkMasks(draft: Draft, masks: readonly TextMask[], pointer: string): void {
  const size = masks.reduce((sum, mask) => sum + mask.size, 0);
  if (masks.length <= MAX_MASKS && size <= MAX_PROGRAMS) return;
  refuse(draft, pointer, 'too many, or too large, regular expressions; use fewer or simpler ones');
}

function byText(a: TextMask, b: TextMask): number {
  if (a.pattern !== b.pattern) return a.pattern < b.pattern ? -1 : 1;
  return a.replace < b.replace ? -1 : Number(a.replace > b.replace);
}
