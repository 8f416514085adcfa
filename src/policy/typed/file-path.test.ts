import { describe, expect, test } from 'vitest';
import { isVariable, readingsOf } from './file-path.ts';

/** Each reading as one text. */
function told(text: string): readonly string[] | undefined {
  return readingsOf(text)?.map(({ drive, segments }) => `${drive}/${segments.join('/')}`);
}

describe('what a path stands for', () => {
  test.each<[string, readonly string[]]>([
    ['/srv/a', ['/srv/a']],
    ['/', ['/']],
    ['/srv//a/./b/../c/', ['/srv/a/c']],
    ['/../..', ['/']],
    ['/srv/%61', ['/srv/%61', '/srv/a']],
    ['/srv/%2561', ['/srv/%2561', '/srv/%61', '/srv/a']],
    ['/srv/a\\b', ['/srv/a\\b', '/srv/a/b']],
    ['C:\\Users/x', ['c/Users/x']],
    ['c:/a/../b', ['c/b']],
    ['/srv/ａ', ['/srv/ａ', '/srv/a']],
    ['/srv/é', ['/srv/é']],
    ['/srv/e\u0301', ['/srv/e\u0301']],
    ['/dev/null', ['/dev/null']],
    ['/dev/random', ['/dev/random']],
    ['/proc/cpuinfo', ['/proc/cpuinfo']],
    ['/proc/root', ['/proc/root']],
    ['/proc/1/status', ['/proc/1/status']],
    ['/home/fd', ['/home/fd']],
    ['/home/1/root', ['/home/1/root']],
    ['/srv/$NAME/x', ['/srv/$NAME/x']],
    ['/srv/{a,b}', ['/srv/{a,b}']],
    ['/srv/...a', ['/srv/...a']],
    ['/srv/.git/a', ['/srv/.git/a']],
    ['/srv/**/*.{ts,tsx}', ['/srv/**/*.{ts,tsx}']],
  ])('%s', (text, readings) => {
    expect(told(text)).toEqual(readings);
  });

  test.each([
    'srv/a',
    '',
    '//host/a',
    '/\\host/a',
    '/C:/a',
    'C:a',
    'C:/a:stream',
    'xC:/a',
    '/srv/\0',
    '/srv/%zz%00',
    '/srv/%ff',
    '/srv/%u002e',
    '/srv/%HOME%',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a shell writes it.
    '/srv/${HOME}',
    '/srv/$(id)',
    '/srv/`id`',
    '/srv/$NAME/..',
    '/srv/{a,../../etc}',
    '/srv/.{.,}/x',
    '/srv/{.,}./x',
    '/srv/.?/x',
    '/srv/.[.]/x',
    '/srv/.*/x',
    '/srv/a/**/../../x',
    '/srv/\\.\\./x',
    '/srv/."."/x',
    '/srv/ . ./a',
    '/srv/.\u200b./a',
    '/srv/..$X/a',
    '/srv/. ',
    '/dev/fd',
    '/dev/fd/3',
    '/dev/stdin',
    '/dev/stdout',
    '/dev/stderr',
    '/proc/1/root/etc',
    '/proc/self/cwd',
    '/proc/self/exe/../fd',
    '/proc/1/task/2/root',
    '/srv/\ud800',
  ])('%j cannot be told', (text) => {
    expect(told(text)).toBeUndefined();
  });

  test('more than any system takes cannot be told', () => {
    const long = (length: number): string => `/${'a/'.repeat(length)}`.slice(0, length);
    expect(told(long(32_768))).toBeDefined();
    expect(told(long(32_769))).toBeUndefined();
    expect(told(`/${'a'.repeat(1024)}`)).toBeDefined();
    expect(told(`/${'a'.repeat(1025)}`)).toBeUndefined();
  });

  test('what is encoded again and again is decoded seven times and no more', () => {
    const encoded = (times: number): string => `/srv/%${'25'.repeat(times - 1)}61`;
    expect(told(encoded(7))?.at(-1)).toBe('/srv/a');
    expect(told(encoded(8))).toBeUndefined();
  });
});

test.each([
  ['Srv', 'SRV'],
  ['srv. .', 'SRV'],
  ['s\u200brv', 'SRV'],
  ['ſrv', 'SRV'],
  ['a.b', 'A.B'],
])('some systems take %j for %j', (segment, folded) => {
  expect(readingsOf(`/${segment}`)?.[0]?.folded).toEqual([folded]);
});

test.each([
  ['$NAME', true],
  ['a$_x', true],
  ['$1', false],
  ['a$', false],
])('whether %s stands for something else: %s', (segment, expected) => {
  expect(isVariable(segment)).toBe(expected);
});
