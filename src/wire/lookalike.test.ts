import { expect, test } from 'vitest';
import { objectOf } from './json.ts';
import { findLookalike, knownKeys } from './lookalike.ts';

const KNOWN = knownKeys('_meta', 'method', 'name', 'params', 'task', 'taskId', 'uri');

test.each([
  ...['Method', 'NAME', 'na\u200bme', 'name\u0000', 'ｎａｍｅ', 'taſk', 'tas\u212a', ' name'],
  ...['task_id', 'task-id', 'TASK_ID', 'meta', '__meta', 'Meta', 'name\u0000x', 'NAME\u0000x', '\u0000name'],
  ...['urı', 'URİ', 'na\ufe0fme', 'na\u034fme'],
])('%j could be taken for a key of the protocol', (key) => {
  expect(findLookalike(objectOf([[key, 1]]), KNOWN)).toBe(key);
});

test.each(['name', 'names', 'nàme', '', '_meta', 'taskId', 'metadata', '\u0000', 'x\u0000name'])(
  '%j is itself',
  (key) => {
    expect(findLookalike(objectOf([[key, 1]]), KNOWN)).toBeUndefined();
  },
);

test('a key of piled-up accents does not hold up the gateway', () => {
  // To normalise this one would take minutes.
  const key = `name${'\u0316\u0301'.repeat(500_000)}`;
  expect(findLookalike(objectOf([[key, 1]]), KNOWN)).toBeUndefined();
});
