import { expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';

function problems(path: string, op: string, value: unknown, more: object = {}): readonly string[] {
  const document = {
    version: '1',
    default: 'deny',
    tools: { x: { deny_if: [{ conditions: [{ path, op, value, ...more }] }] } },
  };
  const read = readJson(JSON.stringify(document), STRICT);
  const json: Json = read.kind === 'value' ? read.value : null;
  const result = compilePolicy(json, 'policy');
  return result.kind === 'policy' ? [] : result.problems.map(({ message }) => message);
}

test.each<[string, string, unknown]>([
  ['tool.class', 'eq', 'write'],
  ['tool.class', 'regex', '^w'],
  ['tool.class', 'in', ['read', 'write']],
  ['time.weekday', 'neq', 'monday'],
  ['time.hour', 'in', [0, 23]],
  ['time.hour', 'gte', 24],
  ['time.date', 'eq', '2026-12-24'],
  ['time.date', 'in', ['2026-01-01', '2026-10-31', '2026-02-29']],
  ['grant.labels.team', 'eq', 'whatever'],
  ['grant.labels.team', 'exists', false],
  ['client.name', 'eq', 'whatever'],
  ['args.n', 'lt', 3],
])('%s %s %j can come out', (path, op, value) => {
  expect(problems(path, op, value)).toEqual([]);
});

const TEXT = 'use one of "eq", "in", "regex"';
const NUMBER = 'use one of "lt", "lte", "gt", "gte", "eq", "in"';
test.each<[string, string, unknown, string]>([
  ['tool.class', 'eq', 'wrte', 'tool.class is never "wrte" — did you mean "write"?'],
  ['tool.class', 'not_in', ['read', 5], 'tool.class is never "5"; it is one of "read", "write", "execute"'],
  ['tool.class', 'lt', 5, `tool.class is a text; ${TEXT}`],
  ['time.weekday', 'in', ['funday'], 'time.weekday is never "funday"'],
  ['time.hour', 'eq', 24, 'time.hour is never "24"; it is a whole number from 0 to 23, without quotes'],
  ['time.hour', 'eq', -1, 'time.hour is never "-1"'],
  ['time.hour', 'eq', 9.5, 'time.hour is never "9.5"'],
  ['time.hour', 'in', ['9'], 'time.hour is never "9"'],
  ['time.hour', 'regex', '9', `time.hour is a number; ${NUMBER}`],
  ['time.date', 'eq', '2026-13-01', 'time.date is never "2026-13-01"; it is a text such as "2026-12-24"'],
  ['time.date', 'eq', '2026-12-32', 'time.date is never "2026-12-32"'],
  ['time.date', 'eq', '12026-12-24', 'time.date is never "12026-12-24"'],
  ['time.date', 'eq', '2026-12-24T00:00', 'time.date is never "2026-12-24T00:00"'],
  ['time.date', 'in', ['2026-12-24', 20261224], 'time.date is never "20261224"'],
  ['grant.name', 'gt', 1, `grant.name is a text; ${TEXT}`],
  ['grant.labels.team', 'gt', 1, `grant.labels.team is a text; ${TEXT}`],
])('%s %s %j never can', (path, op, value, message) => {
  expect(problems(path, op, value)).toEqual([expect.stringContaining(message)]);
});

test.each<[unknown, readonly string[]]>([
  [0, []],
  ['1', ['grant.calls is never "1"; it is a whole number, without quotes']],
  [0.5, ['grant.calls is never "0.5"; it is a whole number, without quotes']],
])('a count of calls is compared with %j', (value, said) => {
  expect(problems('grant.calls["x"]', 'eq', value, { within: '1h' })).toEqual(said);
});
