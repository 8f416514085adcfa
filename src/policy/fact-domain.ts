import { isObject, type Json, type JsonArray } from '../wire/json.ts';
import { type Draft, listed, refuse } from './draft.ts';
import { WEEKDAYS } from './moment.ts';
import { didYouMean } from './nearest.ts';
import type { OperatorName } from './operators.ts';
import type { Path } from './path.ts';
import { quoted } from './problem.ts';
import { CLASSES } from './words.ts';

/** They compare with values that the fact must be able to have. */
export const COMPARE: readonly OperatorName[] = ['eq', 'neq', 'in', 'not_in'];
/** They go with numbers only. */
export const ORDER: readonly OperatorName[] = ['lt', 'lte', 'gt', 'gte'];
/** They go with every fact. */
export const ANY_TYPE: readonly OperatorName[] = [...COMPARE, 'exists', 'type'];

/** They go with what has a length. */
const LENGTHS: readonly OperatorName[] = ['length_lt', 'length_lte', 'length_gt', 'length_gte'];
/** They go with all arguments together. */
export const WHOLE: readonly OperatorName[] = [...ANY_TYPE, ...LENGTHS];

/** What the gateway itself knows of a fact, or of all arguments together: its type, and the values that it can have. */
interface Domain {
  readonly name: string;
  readonly type: 'number' | 'text' | 'date' | 'object';
  readonly words: readonly string[];
  readonly told: string;
  holds(value: Json): boolean;
}

/** Refuses a comparison that can never come out: the rule would silently never work, or refuse every call. */
export function isPossible(
  draft: Draft,
  op: OperatorName,
  value: Json,
  places: { readonly op: string; readonly value: string },
  path: Path,
): boolean {
  const domain = domainOf(path);
  if (domain === undefined) return true;
  if (!fits(domain, op)) {
    const what = domain.type === 'object' ? 'holds all arguments' : `is a ${domain.type}`;
    refuse(draft, places.op, `${domain.name} ${what}; use one of ${listed(INSTEAD[domain.type])}`);
    return false;
  }
  const isCompared = COMPARE.includes(op) || (domain.type === 'date' && ORDER.includes(op));
  return !isCompared || holdsAll(draft, domain, value, op, places.value);
}

const INSTEAD: { readonly [type in Domain['type']]: readonly string[] } = {
  number: [...ORDER, 'eq', 'in'],
  text: ['eq', 'in', 'regex'],
  date: [...ORDER, 'eq', 'in'],
  object: WHOLE,
};

function fits({ type }: Domain, op: OperatorName): boolean {
  switch (type) {
    case 'number':
      return ANY_TYPE.includes(op) || ORDER.includes(op);
    case 'text':
      return !ORDER.includes(op);
    case 'date':
      return true;
    case 'object':
      return WHOLE.includes(op);
  }
}

function holdsAll(draft: Draft, domain: Domain, value: Json, op: OperatorName, place: string): boolean {
  const values: JsonArray = Array.isArray(value) && (op === 'in' || op === 'not_in') ? value : [value];
  for (const one of values) {
    if (domain.holds(one)) continue;
    const guess = typeof one === 'string' ? didYouMean(one, domain.words) : '';
    refuse(
      draft,
      place,
      `${domain.name} is never ${quoted(typeof one === 'string' ? one : JSON.stringify(one))}${guess || `; it is ${domain.told}`}`,
    );
    return false;
  }
  return true;
}

function domainOf(path: Path): Domain | undefined {
  switch (path.root) {
    case 'args':
      return path.steps.length === 0 ? ALL_ARGUMENTS : undefined;
    case 'annotations':
      return undefined;
    case 'label':
      return text(`grant.labels.${path.label}`);
    case 'calls':
      return number(`${path.of}.calls`, 'a whole number, without quotes', isCount);
    case 'fact':
      return factDomain(path.fact);
  }
}

function factDomain(fact: string): Domain {
  switch (fact) {
    case 'tool.class':
      return words(fact, CLASSES);
    case 'time.weekday':
      return words(fact, WEEKDAYS);
    case 'time.hour':
      return number(fact, 'a whole number from 0 to 23, without quotes', (value) => isCount(value) && value <= 23);
    case 'time.date':
      return { ...text(fact), type: 'date', told: 'a text such as "2026-12-24"', holds: isDate };
    default:
      return text(fact);
  }
}

const ALL_ARGUMENTS: Domain = {
  name: 'args',
  type: 'object',
  words: [],
  told: 'an object such as {"path": "/tmp"}',
  holds: isObject,
};

function text(name: string): Domain {
  return { name, type: 'text', words: [], told: 'a text', holds: () => true };
}

function words(name: string, known: readonly string[]): Domain {
  const holds = (value: Json): boolean => typeof value === 'string' && known.includes(value);
  return { name, type: 'text', words: known, told: `one of ${listed(known)}`, holds };
}

function number(name: string, told: string, holds: (value: Json) => boolean): Domain {
  return { name, type: 'number', words: [], told, holds };
}

function isCount(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** A day as `time.date` shows it. */
export function isDate(value: Json): value is string {
  return typeof value === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(value);
}
