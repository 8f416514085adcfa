import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { code, type Line } from './page.ts';

/** What a policy's entry does with calls at best. */
export type Manner = 'hidden' | 'refused' | 'asks' | 'bounded' | 'free';

/** What becomes of a call that the entry's conditions do not refuse. */
export function mannerOf(rules: JsonObject): Manner {
  switch (rules['action']) {
    case 'hide':
      return 'hidden';
    case 'deny':
      return 'refused';
    case 'require_approval':
      return 'asks';
    default:
      return limitsIn(rules).length > 0 ? 'bounded' : 'free';
  }
}

/** What the entry refuses, beside what its action says of every call; each one thing. */
export function refusalsIn(rules: JsonObject): readonly Line[] {
  return [
    ...entriesIn(rules, 'deny_if').map((entry) => ['calls with ', ...conditionsIn(entry), ...toldBy(entry)]),
    ...entriesIn(rules, 'require').map((entry) => ['calls without ', ...conditionsIn(entry), ...toldBy(entry)]),
    ...(VALIDATIONS.get(rules['validate']) ?? []),
    ...limitsIn(rules).flatMap((limit) => {
      const line = limitLine(limit);
      return line === undefined ? [] : [line];
    }),
  ];
}

const VALIDATIONS: ReadonlyMap<Json | undefined, readonly Line[]> = new Map<Json, readonly Line[]>([
  ['schema', [['arguments that break the tool’s own schema']]],
  ['strict', [['arguments that break the tool’s own schema, or that it does not name']]],
]);

/** For what a person is asked although the entry lets other calls pass. */
export function questionsIn(rules: JsonObject): readonly Line[] {
  return entriesIn(rules, 'approve_if').map((entry) => ['calls with ', ...conditionsIn(entry)]);
}

/** What the entry says of one argument, in the words of its author where there are some. */
export function rulesOn(rules: JsonObject, parameter: string): readonly string[] {
  const place = `args.${parameter}`;
  return (['deny_if', 'require', 'approve_if'] as const)
    .flatMap((list) => entriesIn(rules, list))
    .filter(({ conditions }) => looksAt(conditions, place))
    .map(({ on_deny: words, conditions }) =>
      typeof words === 'string' ? words : (isArray(conditions) ? conditions : []).map(conditionText).join(' and '),
    );
}

function looksAt(condition: Json | undefined, place: string): boolean {
  if (isArray(condition)) return condition.some((one) => looksAt(one, place));
  if (!isObject(condition)) return false;
  const { path } = condition;
  if (typeof path === 'string' && (path === place || /^[.[]/.test(path.slice(place.length)))) {
    return path.startsWith(place);
  }
  return ['all', 'any', 'not'].some((key) => looksAt(condition[key], place));
}

/** The ceilings of an entry. */
export function limitsIn(rules: JsonObject): readonly JsonObject[] {
  const limits = rules['limits'];
  const rate = rules['rate_limit'];
  return [...(isArray(limits) ? limits.filter(isObject) : []), ...(isObject(rate) ? [rate] : [])];
}

function entriesIn(rules: JsonObject, key: string): readonly JsonObject[] {
  const entries = rules[key];
  return isArray(entries) ? entries.filter(isObject) : [];
}

/** What the agent is told, where the author says it. */
function toldBy(entry: JsonObject): Line {
  const words = entry['on_deny'];
  return typeof words === 'string' ? [` (“${words}”)`] : [];
}

function conditionsIn({ conditions }: JsonObject): Line {
  const all = isArray(conditions) ? conditions : [];
  return all.length === 0 ? ['any arguments'] : all.flatMap((one, index) => joined(index, [code(conditionText(one))]));
}

function joined(index: number, line: Line): Line {
  return index === 0 ? line : [' and ', ...line];
}

/** The condition as it is written, with words for what joins several. */
function conditionText(condition: Json): string {
  if (!isObject(condition)) return JSON.stringify(condition);
  const { path, op, value, all, any, not } = condition;
  if (isArray(all)) return all.map(within).join(' and ');
  if (isArray(any)) return any.map(within).join(' or ');
  if (not !== undefined) return `not ${within(not)}`;
  return `${String(path)} ${String(op)} ${JSON.stringify(value)}`;
}

function within(condition: Json): string {
  const text = conditionText(condition);
  return isObject(condition) && (isArray(condition['all']) || isArray(condition['any'])) ? `(${text})` : text;
}

function limitLine(limit: JsonObject): Line | undefined {
  const { max, window, amount, on_exceed: beyond } = limit;
  if (max === undefined || window === undefined || beyond === 'require_approval') return undefined;
  const time = typeof window === 'number' ? `${window} seconds` : String(window);
  if (typeof amount === 'string') return [`more than ${String(max)} of `, code(amount), ` in any ${time}`];
  return max === 0 ? ['every call'] : [`more than ${String(max)} calls in any ${time}`];
}
