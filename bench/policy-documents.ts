// Documents that are large, deep or hostile: what compiling them costs.
import type { Json } from '../src/wire/json.ts';
import { toolName } from './call.ts';
import { toolgateDocument } from './policy-rules.ts';

/** The goal is set for this one. */
export const GOAL_CASE = '1,000 tools, 5 conditions each';
export const GOAL_MS = 50;

const byNumber = (count: number, make: (n: number) => [string, unknown]): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => make(n)));

const withTools = (tools: unknown): object => ({ version: '1', default: 'deny', tools });

const requiring = (...conditions: readonly object[]): object => ({ require: [{ conditions }] });

const regex = (value: string, more: object = {}): object =>
  withTools({ act: requiring({ path: 'args.x', op: 'regex', value, ...more }) });

const regexes = (count: number, pattern: (n: number) => string): object =>
  withTools(byNumber(count, (n) => [toolName(n), requiring({ path: 'args.x', op: 'regex', value: pattern(n) })]));

const list = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, n) => `${n}`.padStart(length, '0'));

/** Nested `not` of a depth; the condition lies within six levels of the document. */
function deep(levels: number): object {
  let condition: object = { path: 'args.x', op: 'eq', value: 1 };
  for (let level = 6; level < levels; level += 1) condition = { not: condition };
  return withTools({ act: requiring(condition) });
}

function deepValue(levels: number): object {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return withTools({ act: requiring({ path: 'args.x', op: 'eq', value }) });
}

const patterns = (count: number, name: (n: number) => string): object =>
  withTools(byNumber(count, (n) => [name(n), requiring({ path: 'args.x', op: 'eq', value: n })]));

const sixDigits = (n: number): string => `${n}`.padStart(6, '0');
const tangled = (n: number): string => `*${'ab'[n % 2]}*${n}*a*b*`;

const CASES: Readonly<Record<string, () => object>> = {
  [GOAL_CASE]: () => toolgateDocument(1_000),
  '10,000 tools, 5 conditions each': () => toolgateDocument(10_000),
  '100,000 tools, 5 conditions each': () => toolgateDocument(100_000),
  '100,000 tools, 1 condition each': () =>
    withTools(byNumber(100_000, (n) => [toolName(n), requiring({ path: 'args.x', op: 'eq', value: n })])),
  '100,000 tools, a limit each': () => withTools(byNumber(100_000, (n) => [toolName(n), limits(n)])),
  '10 MB, lists of texts': () =>
    withTools(byNumber(100, (n) => [toolName(n), requiring({ path: 'args.x', op: 'in', value: list(2_500, 40) })])),
  '10 MB, one text': () =>
    withTools({ act: requiring({ path: 'args.x', op: 'contains', value: 'x'.repeat(10_000_000) }) }),
  '10 MB, folders': () =>
    withTools({
      act: requiring({ path: 'args.x', op: 'path_within', value: list(250_000, 36).map((name) => `/${name}`) }),
    }),
  '10 MB, hosts': () =>
    withTools({
      act: requiring({
        path: 'args.x',
        op: 'url_host_in',
        value: list(250_000, 24).map((name) => `h${name}.example.com`),
      }),
    }),
  '10 MB, an `any` of many': () =>
    withTools({ act: requiring({ any: list(160_000, 10).map((value) => ({ path: 'args.x', op: 'eq', value })) }) }),
  '2,000 patterns of names, disjoint': () => patterns(2_000, (n) => `${sixDigits(n)}_*`),
  '2,000 patterns of names, tangled': () => patterns(2_000, tangled),
  '2,000 patterns of names, of stars': () =>
    patterns(2_000, (n) => `${sixDigits(n).replaceAll(/./g, '$&*')}${'a*'.repeat(400)}`),
  '100,000 patterns of names': () => patterns(100_000, tangled),
  '100,000 unknown keys': () => withTools({ act: byNumber(100_000, (n) => [`requier_${n}`, []]) }),
  '100,000 unknown operators': () =>
    withTools({
      act: requiring(...list(100_000, 6).map((n) => ({ path: 'args.x', op: `starts_wiht${n}`, value: '' }))),
    }),
  'an unknown key of 10 MB': () => withTools({ act: { ['r'.repeat(10_000_000)]: [] } }),
  '100 deep, `not`': () => deep(100),
  '1,000 deep, `not`': () => deep(1_000),
  '1,000 deep, a value': () => deepValue(1_000),
  '100,000 deep, a value': () => deepValue(100_000),
  'regex (a+)+$': () => regex('(a+)+$'),
  'regex (((a{100}){100}){100})': () => regex('(((a{100}){100}){100})'),
  'regex (a{1,999}){1,999}': () => regex('(a{1,999}){1,999}'),
  'regex a?…a?a…a': () => regex(`${'a?'.repeat(240)}${'a'.repeat(240)}`),
  'regex \\pL{50}, any case': () => regex('\\pL{50}', { ignore_case: true }),
  'regex [^\\x00-\\x{10FFFF}]{900}': () => regex('[^\\x00-\\x{10FFFF}]{900}'),
  'regex 500 open groups': () => regex('('.repeat(500) + ')'.repeat(500)),
  'regex 300 nested stars': () => regex(`${'('.repeat(300)}a${')*'.repeat(300)}`),
  'regex of 1 MB': () => regex('a'.repeat(1_000_000)),
  'regex (a)\\1, a look-behind': () => regex('(?<=a)(a)\\1'),
  '5,000 different regexes': () => regexes(5_000, (n) => `^item-${n}-[0-9]+$`),
  '5,000 regexes, each too large': () => regexes(5_000, (n) => `(x{1,${n % 900}}y{1,999}){1,999}`),
  '5,000 regexes of 1,900 steps': () => regexes(5_000, (n) => `(${n}|[a-z]{600}|[0-9]{600}|x{600})`),
  '100,000 different regexes': () => regexes(100_000, (n) => `^item-${n}-[0-9]+$`),
};

function limits(n: number): object {
  return { limits: [{ counter: `${toolName(n)}_rate`, window: 'minute', max: 10, scope: 'grant' }] };
}

export const CASE_NAMES: readonly string[] = Object.keys(CASES);

export function makeCase(name: string): Json {
  const make = CASES[name];
  if (make === undefined) throw new Error(`there is no case "${name}"`);
  return make() as Json;
}
