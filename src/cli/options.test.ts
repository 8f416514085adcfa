import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

const KINDS = { follow: 'flag', limit: 'text' } as const;
const SHORT = { f: 'follow' };

test('a letter stands for an option where the command says so', () => {
  expect(readOptions(['-f', '--limit', '3'], KINDS, SHORT).flags).toEqual(new Set(['follow']));
  expect(readOptions(['--follow'], KINDS, SHORT).flags).toEqual(new Set(['follow']));
});

test.each([
  [['-f'], {}, 'unknown option "-f"'],
  [['-x'], SHORT, 'unknown option "-x"'],
  [['-f', '--follow'], SHORT, '--follow stands twice'],
  [['-f', '-f'], SHORT, '-f stands twice'],
])('%j, where %j are the letters, is refused', (args, short, why) => {
  expect(() => readOptions(args, KINDS, short)).toThrow(why);
});
