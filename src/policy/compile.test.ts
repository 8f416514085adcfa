import { describe, expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import { OPERATORS } from './operators.ts';

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function problems(document: unknown): readonly string[] {
  const result = compilePolicy(read(document), 'policy');
  return result.kind === 'policy' ? [] : result.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
}

const withTools = (tools: object, more: object = {}) => ({ version: '1', default: 'deny', tools, ...more });
const withRules = (rules: object) => withTools({ x: rules });
const withCondition = (condition: unknown) => withRules({ deny_if: [{ conditions: [condition] }] });
const withLimit = (limit: object) => withRules({ limits: [{ counter: 'c', window: 'day', max: 1, ...limit }] });

describe('nothing is ignored', () => {
  const at = '/tools/x';
  const condition = `${at}/deny_if/0/conditions/0`;
  test.each<[unknown, string]>([
    [[], ': must be an object such as {"version": "1", "default": "deny", "tools": {}}'],
    [{ default: 'deny' }, ': "version" is missing; write "version": "1"'],
    [{ version: 1, default: 'deny' }, '/version: the version is a text; write it in quotes: "version": "1"'],
    [{ version: '1' }, ': "default" is missing; write "default": "deny"'],
    [{ version: '1', default: 'alow' }, '/default: unknown default "alow" — did you mean "allow"?'],
    [withTools({}, { tool: {} }), '/tool: unknown key "tool" — did you mean "tools"?'],
    [withTools({}, { mode: 'shade' }), '/mode: unknown mode "shade" — did you mean "shadow"?'],
    [
      withTools({}, { classes: { destroy: {} } }),
      '/classes/destroy: unknown risk class "destroy"; it is one of read, write, execute, destructive, financial, unknown',
    ],
    [
      withTools({}, { requests: { samplng: 'deny' } }),
      '/requests/samplng: unknown key "samplng" — did you mean "sampling"?',
    ],
    [
      withTools({}, { approvals: { approvers: {} } }),
      '/approvals/approvers: names nobody; write roles, owners, or both',
    ],
    [
      withTools({}, { resources: { 'file:*': { validate: 'schema' } } }),
      '/resources/file:*/validate: goes with tools only: nothing else has a schema of its arguments',
    ],
    [withTools({}, { list: 'some' }), '/list: unknown list "some"; write one of "reachable", "all"'],
    [withTools({}, { hide: 'x' }), '/hide: must be an array'],
    [withTools({}, { hide: ['x', 1] }), '/hide/1: must be the name of a tool, or a pattern such as "admin_*"'],
    [withTools({ '': {} }), '/tools/: a tool has a name; write "*" for every tool'],
    [withTools({ x: null }), '/tools/x: must be an object; {} allows, {"action": "deny"} refuses'],
    [withRules({ limts: [] }), `${at}/limts: unknown key "limts" — did you mean "limits"?`],
    [withRules({ approve_if: {} }), `${at}/approve_if: must be an array`],
    [withRules({ validate: 'on' }), `${at}/validate: unknown validate "on"; write one of "off", "schema", "strict"`],
    [withRules({ action: 'denny' }), `${at}/action: unknown action "denny" — did you mean "deny"?`],
    [withRules({ require: {} }), `${at}/require: must be an array`],
    [withRules({ require: [{}] }), `${at}/require/0: "conditions" is missing; an empty array holds for every call`],
    [
      withRules({ require: [{ conditions: [], ondeny: 'x' }] }),
      `${at}/require/0/ondeny: unknown key "ondeny" — did you mean "on_deny"?`,
    ],
    [withCondition(1), `${condition}: must be an object such as {"path": "args.x", "op": "eq", "value": 1}`],
    [
      withCondition({ op: 'eq', value: 1 }),
      `${condition}: "path" is missing; write {path, op, value}, {all}, {any} or {not}`,
    ],
    [withCondition({ path: 'args.x', value: 1 }), `${condition}: "op" is missing; write one such as "eq"`],
    [withCondition({ path: 'args.x', op: 'eq' }), `${condition}: "value" is missing; eq needs one`],
    [
      withCondition({ path: 'args.x', op: 'equal', value: 1 }),
      `${condition}/op: unknown operator "equal"; write one of ${OPERATORS.map(({ name }) => `"${name}"`).join(', ')}`,
    ],
    [
      withCondition({ path: 'args.x', op: 'starts_wth', value: 'a' }),
      `${condition}/op: unknown operator "starts_wth" — did you mean "starts_with"?`,
    ],
    [withCondition({ path: 'args.x', op: 'gt', value: '5' }), `${condition}/value: gt needs a number, without quotes`],
    [withCondition({ path: 'args.x', op: 'in', value: 'a' }), `${condition}/value: in needs an array of values`],
    [withCondition({ path: 'args.x', op: 'exists', value: 1 }), `${condition}/value: exists needs true or false`],
    [
      withCondition({ path: 'args.x', op: 'regex', value: '(' }),
      `${condition}/value: not a regular expression in RE2 syntax: missing closing ): \`(\``,
    ],
    [
      withCondition({ path: 'args.x', op: 'eq', value: 'a', ignore_case: true }),
      `${condition}/ignore_case: eq compares exactly; "ignore_case" goes with regex, not_regex, contains, not_contains, starts_with, ends_with`,
    ],
    [
      withCondition({ path: 'args.x', op: 'eq', value: 'a', timezone: 'UTC' }),
      `${condition}/timezone: "timezone" goes with time.hour, time.weekday and time.date only`,
    ],
    [
      withCondition({ path: 'time.hour', op: 'eq', value: 9, timezone: 'Europe/Berln' }),
      `${condition}/timezone: unknown time zone "Europe/Berln"; write one such as "Europe/Berlin"`,
    ],
    [
      withCondition({ path: 'time.hour', op: 'eq', value: 24 }),
      `${condition}/value: time.hour is never "24"; it is a whole number from 0 to 23, without quotes`,
    ],
    [
      withCondition({ path: 'time.weekday', op: 'in', value: ['Monday'] }),
      `${condition}/value: time.weekday is never "Monday" — did you mean "monday"?`,
    ],
    [
      withCondition({ path: 'tool.class', op: 'eq', value: 'destuctive' }),
      `${condition}/value: tool.class is never "destuctive" — did you mean "destructive"?`,
    ],
    [
      withCondition({ path: 'tool.annotations.readOnlyHint', op: 'neq', value: true }),
      `${condition}/path: is what the server says of itself: it may match, but not by its absence; set the class of the tool in the configuration and use tool.class`,
    ],
    [
      withCondition({ path: 'grant.calls["x"]', op: 'gt', value: 1 }),
      `${condition}: "within" is missing: grant.calls counts back for a time, such as "within": "1h"`,
    ],
    [
      withCondition({ path: 'args.x', op: 'gt', value: 1, within: '1h' }),
      `${condition}/within: "within" goes with grant.calls and session.calls only`,
    ],
    [withCondition({ any: [] }), `${condition}/any: must hold at least one condition`],
    [
      withCondition({ all: [{ path: 'arg.x', op: 'eq', value: 1 }] }),
      `${condition}/all/0/path: unknown root in the path "arg.x" — did you mean "args"?`,
    ],
    [
      withCondition({ not: { path: 'args', op: 'eq', value: 1 } }),
      `${condition}/not/value: args is never "1"; it is an object such as {"path": "/tmp"}`,
    ],
    [
      withCondition({ path: 'args', op: 'regex', value: 'x' }),
      `${condition}/op: args holds all arguments; use one of "eq", "neq", "in", "not_in", "exists", "type", "length_lt", "length_lte", "length_gt", "length_gte"`,
    ],
    [
      withCondition({ path: 'time.date', op: 'lte', value: '2026-13-01' }),
      `${condition}/value: time.date is never "2026-13-01"; it is a text such as "2026-12-24"`,
    ],
    [
      withCondition({ any: [], not: {} }),
      `${condition}: a condition is either {path, op, value} or one of {all}, {any}, {not}; split it`,
    ],
    [withLimit({ scope: 'owned' }), `${at}/limits/0/scope: unknown scope "owned" — did you mean "owner"?`],
    [withLimit({ scope: 'grants' }), `${at}/limits/0/scope: unknown scope "grants" — did you mean "grant"?`],
    [withLimit({ per: 'args.x[*]' }), `${at}/limits/0/per: "per" names one value, so [*] has no place here`],
    [
      withLimit({ amount: 'grant.name' }),
      `${at}/limits/0/amount: must be the path of an argument, such as "args.amount"`,
    ],
    [
      withLimit({ window: 90, reset: 'calendar' }),
      `${at}/limits/0/window: a calendar window has a name: second, minute, hour, day, week, month; or leave "reset" out`,
    ],
    [withLimit({ timezone: 'UTC' }), `${at}/limits/0/timezone: "timezone" goes with "reset": "calendar" only`],
    [withLimit({ max: -1 }), `${at}/limits/0/max: must be a number that is not negative`],
    [withLimit({ max: '5' }), `${at}/limits/0/max: must be a number that is not negative`],
    [withLimit({ window: 'minutes' }), `${at}/limits/0/window: unknown window "minutes" — did you mean "minute"?`],
    [
      withRules({ limits: [{ window: 'day', max: 1 }] }),
      `${at}/limits/0: "counter" is missing; write one such as "counter": "sends"`,
    ],
    [withRules({ rate_limit: { max: 1, window: 1, reason: 'x' } }), `${at}/rate_limit/reason: unknown key "reason"`],
  ])('%j', (document, expected) => {
    expect(problems(document)).toEqual([expected]);
  });

  test('all problems are told at once', () => {
    expect(
      problems({ mode: 'shade', tools: { x: { limts: 1, deny_if: [{ conditions: [{ path: 'x', op: 'y' }] }] } } }),
    ).toHaveLength(6);
  });
});

describe('counters', () => {
  const limit = (more: object) => ({ counter: 'c', window: 'minute', max: 1, ...more });
  test('one window and one scope for each name', () => {
    expect(problems(withTools({ x: { limits: [limit({})] }, y: { limits: [limit({ window: 'hour' })] } }))).toEqual([
      '/tools/y/limits/0: the counter "c" has another window at /tools/x/limits/0; give one of them another name, or both one window',
    ]);
    expect(
      problems(withTools({ x: { limits: [limit({})] } }, { all_tools: { limits: [limit({ scope: 'server' })] } })),
    ).toHaveLength(1);
  });

  test('a minute is a minute however it is written', () => {
    expect(
      problems(withTools({ x: { limits: [limit({}), limit({ window: 60, max: 2 }), limit({ window: '1m' })] } })),
    ).toEqual([]);
  });
});

describe('patterns of equal weight', () => {
  const names = (...list: string[]) => withTools(Object.fromEntries(list.map((name) => [name, {}])));
  test.each<[string[]]>([
    [['get_*', 'set_*']],
    [['*_a', '*_b']],
    [['get_*', '*_get', 'get_*_get', 'get_get']],
    [['a*', '*a', 'a*a', 'a']],
    [['ab*', '*bc', 'ab*bc', 'abc']],
  ])('%j can stand side by side', (list) => {
    expect(problems(names(...list))).toEqual([]);
  });

  test.each<[string[], string]>([
    [['get_*', '*_get'], 'get_get'],
    [['get_*', '*_get', 'get_*_get'], 'get_get'],
    [['get_*', '*_get', 'get_get'], 'get__get'],
    [['a*', 'a**'], 'a'],
    [['*ab*', '*bc*'], 'abc'],
  ])('%j cannot, because of %s', (list, example) => {
    const [problem, ...more] = problems(names(...list));
    expect(problem).toContain(`both match "${example}"; add an exact entry or a longer pattern`);
    expect(more).toEqual([]);
  });

  test('an exact entry settles its own name only', () => {
    expect(problems(names('*ab*', '*bc*', 'abc'))[0]).toMatch(/both match "[^"]*"/);
    expect(problems(names('x*', '*x', 'x*x'))[0]).toContain('both match "x"');
  });
});

describe('hostile documents end in an error, soon', () => {
  test('nesting', () => {
    let condition: Json = { path: 'args.x', op: 'eq', value: 1 };
    for (let depth = 0; depth < 100_000; depth++) condition = { not: condition };
    const result = compilePolicy(withCondition(condition) as unknown as Json, 'policy');
    expect(result).toMatchObject({
      kind: 'problems',
      problems: [{ message: 'nested deeper than 100 levels; flatten it' }],
    });
  });

  test('numbers that are none', () => {
    const document = { version: '1', default: 'deny', tools: { x: { rate_limit: { max: Number.NaN, window: 1 } } } };
    expect(compilePolicy(document, 'policy')).toEqual({
      kind: 'problems',
      problems: [{ pointer: '/tools/x/rate_limit/max', message: 'must be a finite number' }],
    });
  });

  test('more patterns than can be compared', () => {
    const tools = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`${index}_*`, {}]));
    expect(problems(withTools(tools))).toEqual([
      '/tools: holds 2001 patterns; at most 2000 are allowed, write exact names instead',
    ]);
  });

  test('patterns that all overlap', () => {
    const tools = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`*${String(index).padStart(4, '0')}*`, {}]),
    );
    expect(problems(withTools(tools))).toHaveLength(100);
  });

  test('a hundred thousand tools compile', () => {
    const tools = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`tool_${index}`, {}]));
    expect(problems(withTools(tools))).toEqual([]);
  });

  test('regular expressions that unfold', () => {
    const condition = { path: 'args.x', op: 'regex', value: '(?:x{900})'.repeat(50) };
    expect(problems(withCondition(condition))[0]).toContain('too large once its repetitions are written out');
    expect(problems(withCondition({ ...condition, value: '('.repeat(2_000) }))[0]).toContain(
      'longer than 1000 characters',
    );
  });

  test('regular expressions without end', () => {
    const conditions = Array.from({ length: 250 }, (_, index) => ({
      path: 'args.x',
      op: 'regex',
      value: `[ab]{900}${index}`,
    }));
    const found = problems(withRules({ deny_if: [{ conditions }] }));
    expect(found[0]).toContain('too many, or too large, regular expressions in one document');
  });
});
