import { expect, test } from 'vitest';
import { boundWords, readBound } from './bound-words.ts';
import { boundsFor } from './bounded.ts';

test.each([5, '/srv/data/a', 'https://example.com/', 'INV-1', true])(
  'every bound of %j is read as it is told',
  (value) => {
    for (const bound of boundsFor('a', value)) expect(readBound(boundWords(bound))).toEqual(bound);
  },
);

test('a folder that is not named is the one of the call', () => {
  expect(readBound('within this folder')).toEqual({ kind: 'within folder' });
});

test('other words are none', () => {
  expect(readBound('anything')).toContain('unknown choice "anything"; write one of "exact", "up to this"');
});
