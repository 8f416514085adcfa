import type { Json, JsonArray } from '../wire/json.ts';
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

/** What the gateway itself knows of a fact: its type, and the values that it can have. */
interface Domain {
  readonly name: string;
  readonly type: 'number' | 'text';
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
  const fitting = domain.type === 'number' ? [...ANY_TYPE, ...ORDER] : undefined;
  if (fitting === undefined ? ORDER.includes(op) : !fitting.includes(op)) {
    const instead = domain.type === 'number' ? listed([...ORDER, 'eq', 'in']) : listed(['eq', 'in', 'regex']);
    refuse(draft, places.op, `${domain.name} is a ${domain.type}; use one of ${instead}`);
    return false;
  }
  return !COMPARE.includes(op) || holdsAll(draft, domain, value, op, places.value);
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
      return { ...text(fact), told: 'a text such as "2026-12-24"', holds: isDate };
    default:
      return text(fact);
  }
}

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

function isDate(value: Json): boolean {
  return typeof value === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(value);
}
