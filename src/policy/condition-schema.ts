import { ANY_TYPE, COMPARE, ORDER, WHOLE } from './fact-domain.ts';
import { WEEKDAYS } from './moment.ts';
import { OPERATORS, type Operator, type OperatorName } from './operators.ts';
import { given, without } from './shape.ts';
import { CLASSES } from './words.ts';

const COMPARISON = ['path', 'op', 'value', 'ignore_case', 'timezone', 'within'] as const;
const GROUPS = ['all', 'any', 'not'] as const;
const EITHER = 'A condition is either {path, op, value} or one of {all}, {any}, {not}; split it.';
const LETTERED = OPERATORS.flatMap(({ name, mayIgnoreCase }) => (mayIgnoreCase ? [name] : []));
const UNORDERED = OPERATORS.map(({ name }) => name).filter((name) => !ORDER.includes(name));

const TIMES = String.raw`^time[.\[]`;
const CALLS = String.raw`^(?:grant|session)\.calls[.\[]`;
/** Keys in brackets may spell anything; the compiler judges them. */
const MAYBE_CALLS = String.raw`^(?:grant|session)(?:\.calls[.\[]|\[)`;
const NUMBERS = String.raw`^(?:time\.hour$|(?:grant|session)\.calls[.\[])`;
const DATES = String.raw`^time\.date$`;
const DATE = String.raw`^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$`;
const TEXTS = String.raw`^(?:tool\.(?:name|class)$|grant\.(?:name|owner)$|grant\.labels[.\[]|client\.(?:name|version)$|time\.weekday$)`;
const ALL_ARGUMENTS = '^args$';

/** What holds between the keys of a condition. Editors complete by it: what they shall not propose says so. */
export const BETWEEN_CONDITION: readonly object[] = [
  given({ not: { anyOf: GROUPS.map((key) => ({ required: [key] })) } }, { required: ['path', 'op', 'value'] }),
  ...GROUPS.map(alone),
  ...OPERATORS.map(valueFor),
  given(
    where('path', { type: 'string', not: { pattern: TIMES } }),
    without(['timezone'], '"timezone" goes with time.hour, time.weekday and time.date only.'),
  ),
  given(
    where('path', { type: 'string', not: { pattern: MAYBE_CALLS } }),
    without(['within'], '"within" goes with grant.calls and session.calls only.'),
  ),
  given(where('path', { type: 'string', pattern: CALLS }), { required: ['within'] }),
  fitting(NUMBERS, [...ANY_TYPE, ...ORDER], 'This is a number; use one of lt, lte, gt, gte, eq, in.'),
  fitting(TEXTS, UNORDERED, 'This is a text; use one of eq, in, regex.'),
  fitting(ALL_ARGUMENTS, WHOLE, `These are all arguments; use one of ${WHOLE.join(', ')}.`),
  ...fact(String.raw`^tool\.class$`, { enum: CLASSES }),
  ...fact(String.raw`^time\.weekday$`, { enum: WEEKDAYS }),
  ...fact(String.raw`^time\.hour$`, { type: 'integer', minimum: 0, maximum: 23 }),
  ...fact(DATES, { type: 'string', pattern: DATE, examples: ['2026-12-24'] }),
  ...fact(CALLS, { type: 'integer', minimum: 0 }),
  ...fact(ALL_ARGUMENTS, { type: 'object' }),
  ordered({ type: 'string', pattern: DATES }, { type: 'string', pattern: DATE }),
  ordered({ type: 'string', not: { pattern: DATES } }, { type: 'number' }),
];

function alone(group: (typeof GROUPS)[number]): object {
  const others = [...COMPARISON, ...GROUPS].filter((key) => key !== group);
  return given({ type: 'object', required: [group] }, without(others, EITHER));
}

function valueFor({ name, says, mayIgnoreCase, schema }: Operator): object {
  const value = { ...schema, description: says };
  const exact = `${name} compares exactly; "ignore_case" goes with ${LETTERED.join(', ')}.`;
  const properties = mayIgnoreCase ? { value } : { value, ignore_case: false };
  return given(where('op', { const: name }), { errorMessage: exact, properties });
}

function fitting(paths: string, operators: readonly OperatorName[], why: string): object {
  const op = { enum: operators, errorMessage: why, doNotSuggest: true };
  return given(where('path', { type: 'string', pattern: paths }), { properties: { op } });
}

/** What a fact is compared with: one value, or each of several. */
function fact(paths: string, schema: object): readonly object[] {
  const path = { type: 'string', pattern: paths, doNotSuggest: true };
  const compared = (isMember: (op: string) => boolean, value: object): object => {
    const op = { enum: COMPARE.filter(isMember), doNotSuggest: true };
    return given({ type: 'object', properties: { path, op }, required: ['path', 'op'] }, { properties: { value } });
  };
  return [compared((op) => !op.endsWith('in'), schema), compared((op) => op.endsWith('in'), { items: schema })];
}

/** What an ordering compares with. */
function ordered(path: object, value: object): object {
  const properties = { path: { ...path, doNotSuggest: true }, op: { enum: ORDER, doNotSuggest: true } };
  return given({ type: 'object', properties, required: ['path', 'op'] }, { properties: { value } });
}

function where(key: string, schema: object): object {
  return { type: 'object', properties: { [key]: { ...schema, doNotSuggest: true } }, required: [key] };
}
