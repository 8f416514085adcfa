import { maskSecrets } from '../secrets/mask-secrets.ts';
import { lengthOf } from '../typed/measure.ts';
import { friendlyDown, friendlyUp } from './friendly.ts';
import type { Scalar, Seen } from './seen.ts';
import type { Test } from './test.ts';
import { commonPrefix, formOf } from './text-form.ts';
import { mailTests, pathTests, urlTests } from './text-tests.ts';

/** What is to be required of the scalars at one place, and what was seen there. */
export interface Tested {
  readonly tests: readonly Test[];
  readonly says: string;
  readonly examples: readonly string[];
}

/** Longer lists of values nobody reads. */
const MOST_VALUES = 8;
/** Longer values are not written into a policy. */
const MOST_TEXT = 200;
const SHORTEST_PREFIX = 4;

/** What keeps the scalars of one type at a place to what was seen there: values where they are few, else their range or form. */
export function valueTests(seen: Seen): Tested {
  if (holdsSecret(seen)) {
    const tests = [{ op: 'type', value: 'string' }];
    return { tests, says: 'a value looks like a secret, so nothing is said of what they hold', examples: [] };
  }
  const values = [...seen.values.keys()];
  const few = fewValues(seen);
  if (few !== undefined) return few;
  if (seen.types.has('boolean')) return tested(seen, [{ op: 'type', value: 'boolean' }], 'true and false');
  if (seen.numbers !== undefined) return numberTests(seen, seen.numbers);
  return textTests(
    seen,
    values.filter((value) => typeof value === 'string'),
  );
}

/** Values that come again and again, and those of a single call. */
function fewValues(seen: Seen): Tested | undefined {
  const { values, present, types } = seen;
  if (values.size > MOST_VALUES || (values.size > 1 && present < 2 * values.size)) return undefined;
  // Both of two values are no choice.
  return types.has('boolean') && values.size > 1 ? undefined : listed(seen);
}

function listed(seen: Seen): Tested | undefined {
  const values = [...seen.values.keys()].sort(byValue);
  if (values.some((value) => typeof value === 'string' && !mayBeShown(value))) return undefined;
  const [first] = values;
  if (first === undefined) return undefined;
  const says = values.map((value) => `${JSON.stringify(value)} (${seen.values.get(value)?.count ?? 0})`).join(', ');
  const test: Test = values.length === 1 ? { op: 'eq', value: first } : { op: 'in', value: values };
  return { tests: [test], says: `seen ${says}`, examples: idsOf(seen, values) };
}

function byValue(a: Scalar, b: Scalar): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

/** Also a part of a secret, or its form, is too much. */
function holdsSecret({ values, types }: Seen): boolean {
  if (!types.has('string')) return false;
  for (const value of values.keys()) {
    if (typeof value === 'string' && maskSecrets(value, { mask: '', reader: 'log' }) !== value) return true;
  }
  return false;
}

function mayBeShown(text: string): boolean {
  return text.length <= MOST_TEXT && text.isWellFormed();
}

function idsOf({ values }: Seen, of: readonly Scalar[]): readonly string[] {
  return of.slice(0, 3).flatMap((value) => values.get(value)?.id ?? []);
}

function tested(seen: Seen, tests: readonly Test[], says: string): Tested {
  const many = seen.values.size === 1 ? '1 value' : `${seen.values.size} values`;
  return { tests, says: `${many} seen: ${says}`, examples: idsOf(seen, [...seen.values.keys()]) };
}

function numberTests(seen: Seen, { least, most, leastId, mostId }: NonNullable<Seen['numbers']>): Tested {
  const areWhole = [...seen.values.keys()].every((value) => Number.isInteger(value));
  const tests: readonly Test[] = [
    ...(areWhole ? [{ op: 'type', value: 'integer' }] : []),
    { op: 'gte', value: friendlyDown(least) },
    { op: 'lte', value: friendlyUp(most) },
  ];
  return { ...tested(seen, tests, `${least} to ${most}`), examples: [...new Set([leastId, mostId])] };
}

function textTests(seen: Seen, texts: readonly string[]): Tested {
  const typed = urlTests(texts) ?? pathTests(texts) ?? mailTests(texts);
  if (typed !== undefined && isOpen(typed)) return tested(seen, typed, `all of ${typed.map(shownTest).join(', ')}`);
  const form = formOf(texts, 'ids') ?? (texts.length > MOST_VALUES ? formOf(texts, 'words') : undefined);
  if (form !== undefined && mayBeShown(form.prefix)) {
    return tested(seen, [{ op: 'regex', value: form.pattern }], form.says);
  }
  const few = texts.length <= MOST_VALUES ? listed(seen) : undefined;
  return few ?? freeTests(seen, texts);
}

function isOpen(tests: readonly Test[]): boolean {
  return tests.every(({ value }) => mayBeShown(JSON.stringify(value).slice(0, MOST_TEXT)));
}

function shownTest({ value }: Test): string {
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

/** Of texts of no kind only how they begin, and how long they are. */
function freeTests(seen: Seen, texts: readonly string[]): Tested {
  const lengths = texts.map((text) => lengthOf(text) ?? 0);
  const most = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const least = lengths.reduce((shortest, length) => Math.min(shortest, length), most);
  const prefix = beginningOf(texts);
  const tests: readonly Test[] = [
    prefix === undefined ? { op: 'type', value: 'string' } : { op: 'starts_with', value: prefix },
    { op: 'length_lte', value: friendlyUp(most) },
  ];
  const says = `texts of ${least} to ${most} characters${prefix === undefined ? '' : ` that begin with ${JSON.stringify(prefix)}`}; look at what else they may hold`;
  return tested(seen, tests, says);
}

/** As far as the last sign between words. */
function beginningOf(texts: readonly string[]): string | undefined {
  const prefix = /^.*[\s/._:#@=(-]/.exec(commonPrefix(texts))?.[0] ?? '';
  return prefix.length >= SHORTEST_PREFIX && mayBeShown(prefix) ? prefix : undefined;
}

/** The only thing that can be said of values that were not kept. */
export function hiddenTests(seen: Seen): Tested {
  const types = new Set<string | undefined>([...seen.types.keys(), ...seen.hiddenTypes]);
  const [type] = types;
  const tests: readonly Test[] =
    types.size === 1 && type !== undefined && type !== 'null' ? [{ op: 'type', value: type }] : [];
  return {
    tests,
    says: `values were not kept (${seen.hidden} of ${seen.present}), so nothing is said of what they hold`,
    examples: [],
  };
}
