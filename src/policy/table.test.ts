import { describe, expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import type { Policy } from './policy.ts';
import { MAX_PATTERNS, rulesFor } from './table.ts';

function compiled(document: object): ReturnType<typeof compilePolicy> {
  const read = readJson(JSON.stringify({ version: '1', default: 'deny', ...document }), STRICT);
  const json: Json = read.kind === 'value' ? read.value : null;
  return compilePolicy(json, 'policy');
}

function problems(document: object): readonly string[] {
  const result = compiled(document);
  return result.kind === 'policy' ? [] : result.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
}

function policy(document: object): Policy {
  const result = compiled(document);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

describe('which entry speaks for a name', () => {
  const { tools } = policy({
    tools: { 'get_*': {}, 'get_user_*': {}, get_user_x: {}, '*e_all': {}, 'b*': {}, 'a*': {} },
  });

  test.each([
    ['get_user_x', '/tools/get_user_x'],
    ['get_user_y', '/tools/get_user_*'],
    ['get_file', '/tools/get_*'],
    ['delete_all', '/tools/*e_all'],
    ['beta', '/tools/b*'],
    ['alpha', '/tools/a*'],
    ['Get_file', undefined],
    ['x', undefined],
  ])('%s', (name, pointer) => {
    expect(rulesFor(tools, name)?.allowed.rule.pointer).toBe(pointer);
  });

  test('patterns stand from the most particular to the least, and equal ones by their text', () => {
    expect(tools.patterns.map(({ pattern }) => pattern.text)).toEqual(['get_user_*', '*e_all', 'get_*', 'a*', 'b*']);
  });
});

describe('names that no call can have', () => {
  test.each([
    [{ tools: { ['a'.repeat(1025)]: {} } }, 'no tool has a name of more than 1024 characters'],
    [{ resources: { ['a'.repeat(1025)]: {} } }, 'no resource has a name of more than 1024 characters'],
    [{ prompts: { '': {} } }, '/prompts/: a prompt has a name; write "*" for every prompt'],
  ])('are refused', (document, problem) => {
    expect(problems(document)).toEqual([expect.stringContaining(problem)]);
  });

  test('the longest that one can have is good', () => {
    expect(problems({ tools: { ['a'.repeat(1024)]: {} } })).toEqual([]);
  });
});

test('so many patterns as can be compared are taken, and not one more', () => {
  const patterns = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${String(index).padStart(5, '0')}*`, {}]));
  expect(problems({ tools: patterns(MAX_PATTERNS) })).toEqual([]);
  expect(problems({ tools: patterns(MAX_PATTERNS + 1) })).toEqual([
    '/tools: holds 2001 patterns; at most 2000 are allowed, write exact names instead',
  ]);
  expect(problems({ hide: Object.keys(patterns(MAX_PATTERNS)) })).toEqual([]);
  expect(problems({ hide: Object.keys(patterns(MAX_PATTERNS + 1)) })).toEqual([
    '/hide: holds 2001 patterns; at most 2000 are allowed, write exact names instead',
  ]);
});

test('two equally particular patterns are told with a name that both match', () => {
  expect(problems({ tools: { 'ab*': {}, '*cd': {} } })).toEqual([
    '/tools/ab*: "*cd" and "ab*" are equally particular and both match "abcd"; add an exact entry or a longer pattern for every such name',
  ]);
  expect(problems({ tools: { 'ab*': {}, '*b': {} } })).toEqual([]);
});
