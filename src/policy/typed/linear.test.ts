import { describe, expect, test } from 'vitest';
import { cpuMs } from '../../../test/kit/cpu-time.ts';
import { fourWays, type Leaf } from '../../../test/kit/four-ways.ts';
import { compilePolicy } from '../compile.ts';

const LENGTH = 999_990;

const hostile: readonly (readonly [name: string, text: string])[] = [
  ['a', 'a'.repeat(LENGTH)],
  ['/', '/'.repeat(LENGTH)],
  ['/a', '/a'.repeat(LENGTH / 2)],
  ['/..', `/${'../'.repeat(LENGTH / 3)}`],
  ['/%2525…', `/%${'25'.repeat(LENGTH / 2 - 1)}`],
  ['/%%%', `/${'%'.repeat(LENGTH - 1)}`],
  ['/%a%a', `/${'%a'.repeat(LENGTH / 2 - 1)}`],
  ['/$$$', `/${'$'.repeat(LENGTH - 1)}`],
  ['/. . .', `/${'. '.repeat(LENGTH / 2 - 1)}`],
  ['/ﷺ', `/${'\ufdfa'.repeat(LENGTH - 1)}`],
  ['/{{{..', `/${'{'.repeat(LENGTH - 3)}..`],
  ['http://a.a.a', `http://${'a.'.repeat(LENGTH / 2 - 4)}`],
  ['http://@@@', `http://${'@'.repeat(LENGTH - 8)}`],
  ['http://[:::', `http://[${':'.repeat(LENGTH - 9)}`],
  ['http://host/aaa', `http://example.com/${'a'.repeat(LENGTH - 20)}`],
  ['http://host/%%%', `http://example.com/${'%'.repeat(LENGTH - 20)}`],
  ['http://host?@@@', `http://example.com?${'@'.repeat(LENGTH - 20)}`],
  ['data:…', `data:${'é'.repeat(LENGTH - 5)}`],
  ['a:a:a', 'a:'.repeat(LENGTH / 2)],
  ['1.1.1', '1.'.repeat(LENGTH / 2)],
  ['::::', ':'.repeat(LENGTH)],
  ['a@a@a', 'a@'.repeat(LENGTH / 2)],
  ['a.a.a@', `${'a.'.repeat(LENGTH / 2 - 1)}@`],
  ['👍', '👍'.repeat(LENGTH / 2)],
  ['a\u0301', 'a\u0301\u0323'.repeat(LENGTH / 3)],
  ['accents on one letter', `a${'\u0301\u0323'.repeat(LENGTH / 2 - 1)}`],
  ['/accents on one letter', `/${'\u0301\u0323'.repeat(16_000)}`],
  ['accents in disguise', `a${'\u0301\uff9e'.repeat(LENGTH / 2 - 1)}`],
];

const leaves: readonly Leaf[] = [
  { op: 'url_host_in', value: ['example.com', '*.example.com'] },
  { op: 'url_scheme_in', value: ['https', 'data'] },
  { op: 'path_within', value: ['/data', 'C:\\data'] },
  { op: 'ip_in', value: ['10.0.0.0/8'] },
  { op: 'email_domain_in', value: ['example.com'] },
  { op: 'length_lt', value: 5 },
  { op: 'eq', value: 5 },
  { op: 'in', value: [true, 'x'] },
  { op: 'not_contains', value: 'needle', ignore_case: true },
  { op: 'ends_with', value: 'needle', ignore_case: true },
];

describe.each(leaves)('$op is judged in time linear in the text', (leaf) => {
  test.each(hostile)('%s', (_, text) => {
    expect(cpuMs(() => fourWays(leaf, text))).toBeLessThan(4_000);
  });
});

test('a long path is judged quickly against many folders', () => {
  const value = Array.from({ length: 2_000 }, (_, index) => `/data/${index}`);
  const text = `/data/${'%25x*/'.repeat(5_000)}`;
  expect(cpuMs(() => expect(fourWays({ op: 'path_within', value }, text)).toBe('false'))).toBeLessThan(4_000);
});

test('a policy of many addresses compiles', () => {
  const value = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
  const conditions = [{ path: 'args.x', op: 'ip_in', value }];
  const tools = { act: { require: [{ conditions }] } };
  expect(compilePolicy({ version: '1', default: 'deny', tools }, 'policy').kind).toBe('policy');
});
