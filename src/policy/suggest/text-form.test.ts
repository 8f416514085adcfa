import { expect, test } from 'vitest';
import { compileSearch } from '../regex.ts';
import { TRUE } from '../truth.ts';
import { formOf } from './text-form.ts';

test.each([
  [['7', '12'], '^[0-9]{1,2}$'],
  [['a1', '0f'], '^[0-9a-f]{2}$'],
  [['INV-0017', 'INV-0018'], '^INV-[0-9]{4}$'],
  [['v1.2.3', 'v1.2.14'], '^v1\\.2\\.[0-9]{1,2}$'],
  [['a (1', 'a (2'], '^a \\([0-9]{1}$'],
  [['x9_Y', 'a-1'], '^[A-Za-z0-9_-]{3,4}$'],
])('%j are ids: %s', (texts, pattern) => {
  expect(formOf(texts, 'ids')?.pattern).toBe(pattern);
  const compiled = compileSearch(pattern, 'as written');
  expect(typeof compiled === 'string' ? compiled : texts.every((text) => compiled.search(text) === TRUE)).toBe(true);
});

test('words, commands and what is empty are none', () => {
  expect(formOf(['ls', 'whoami'], 'ids')).toBeUndefined();
  expect(formOf(['cat 1', 'rm 2'], 'ids')).toBeUndefined();
  expect(formOf(['a1', ''], 'ids')).toBeUndefined();
  expect(formOf([], 'ids')).toBeUndefined();
});

test('more texts than a function takes arguments are no trouble', () => {
  const many = Array.from({ length: 300_000 }, (_, n) => `id-${n}`);
  expect(formOf(many, 'ids')?.pattern).toBe('^id-[0-9]{1,6}$');
});
