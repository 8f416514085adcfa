import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fourWays, problemsOf } from '../../../test/kit/four-ways.ts';
import { FALSE, TRUE } from '../truth.ts';
import { judgePath, readFolder } from './folder.ts';

type Row = readonly [text: string, expected: 'true' | 'false' | 'unknown'];

function judgedBy(value: string | readonly string[], rows: readonly Row[]): void {
  test.each(rows)('%j', (text, expected) => {
    expect(fourWays({ op: 'path_within', value }, text)).toBe(expected);
  });
}

describe('path_within "/data"', () => {
  judgedBy('/data', [
    ['/data', 'true'],
    ['/data/', 'true'],
    ['/data/a/b.txt', 'true'],
    ['/data//a/./b/', 'true'],
    ['/data/a/../b', 'true'],
    ['/../data/x', 'true'],
    ['/data/my file (2).txt', 'true'],
    ['/data/my%20file', 'true'],
    ['/data/100%', 'true'],
    ['/data/2026-01-01T10:00', 'true'],
    ['/data/[id]/page.tsx', 'true'],
    ['/data/*.txt', 'true'],
    ['/data/$id.tsx', 'true'],
    ['/data/~backup', 'true'],
    ['/data/e\u0301', 'true'],
    ['/data/a\\b', 'true'],
    ['/data/What is....txt', 'true'],
    ['/', 'false'],
    ['/dat', 'false'],
    ['/database', 'false'],
    ['/data2/x', 'false'],
    ['/etc/passwd', 'false'],
    ['/data/../etc/passwd', 'false'],
    ['/data/../../etc', 'false'],
    ['/data.bak', 'false'],
    // Out of the folder for some readers only.
    ['/data/%2e%2e/etc/passwd', 'unknown'],
    ['/data/%2E%2e%2fetc', 'unknown'],
    ['/data/..%2fetc', 'unknown'],
    ['/data/%252e%252e/etc', 'unknown'],
    ['/data/%25252525252e%2525252e/etc', 'unknown'],
    [`/data/${'%25'.repeat(9)}`, 'true'],
    [`/data/%${'25'.repeat(20)}`, 'unknown'],
    ['/data/..\\..\\etc', 'unknown'],
    ['/data/a\\..\\..\\..\\etc', 'unknown'],
    ['/etc/%2e%2e/data/x', 'unknown'],
    ['/%64ata/x', 'unknown'],
    ['/data%2fx', 'unknown'],
    ['/data\\x', 'unknown'],
    ['/data/\u2025/etc', 'unknown'],
    ['/data/．．/etc', 'unknown'],
    ['/data/..／etc', 'unknown'],
    ['/data/.\u200b./etc', 'unknown'],
    ['/data/.. /etc', 'unknown'],
    ['/data/.../etc', 'unknown'],
    ['/data/{a,../../etc}', 'unknown'],
    ['/data/@(..)/etc', 'unknown'],
    ['/data/$X/../../etc', 'unknown'],
    ['/data/.$X./etc', 'unknown'],
    [`/data/$\{X:-..}/etc`, 'unknown'],
    ['/data/$(pwd)', 'unknown'],
    // A shell or a glob makes .. of it, or puts nothing in the place of what .. would leave.
    ['/data/.{.,}/etc', 'unknown'],
    ['/data/{.,}./etc', 'unknown'],
    ['/data/{.,a/b}./etc', 'unknown'],
    ['/data/@(.).', 'unknown'],
    ['/data/.?/etc', 'unknown'],
    ['/data/.[.]/etc', 'unknown'],
    ['/data/.*/etc', 'unknown'],
    ['/data/.(.)/etc', 'unknown'],
    ['/data/a/.%3f/etc', 'unknown'],
    ['/data/{.,}*/etc', 'unknown'],
    ['/data/a/**/../../etc', 'unknown'],
    ['/data/**/../x', 'unknown'],
    ['/data/\\.\\./etc', 'unknown'],
    ['/data/."."/etc', 'unknown'],
    ["/data/$'\\x2e.'/etc", 'unknown'],
    ["/data/.''./etc", 'unknown'],
    // But hidden files and usual patterns are within.
    ['/data/.git/config', 'true'],
    ['/data/**/*.{ts,tsx}', 'true'],
    ['/data/{.env,.git}/x', 'true'],
    ['/data/a/*/../b', 'true'],
    ["/data/Bob's notes...txt", 'true'],
    ['/data/%TEMP%/x', 'unknown'],
    // Undecodable, or with control characters.
    ['/data/a\u0000.txt', 'unknown'],
    ['/data/a%00.txt', 'unknown'],
    ['/data/a\n/etc/passwd', 'unknown'],
    ['/data/%ff', 'unknown'],
    ['/data/%c0%ae%c0%ae/etc', 'unknown'],
    ['/data/%u002e%u002e/etc', 'unknown'],
    // Another name of the folder on some systems.
    ['/DATA/x', 'unknown'],
    ['/data./x', 'unknown'],
    ['/data /x', 'unknown'],
    ['/ｄata/x', 'unknown'],
    ['/d\u200bata/x', 'unknown'],
    ['/System/Volumes/Data/data/x', 'unknown'],
    ['/d*/x', 'unknown'],
    ['/**/x', 'unknown'],
    ['/{data,etc}/x', 'unknown'],
    ['/$HOME/x', 'unknown'],
    ['/x*/y', 'false'],
    ['/data*.bak/y', 'false'],
    // Not absolute.
    ['data/x', 'unknown'],
    ['./data', 'unknown'],
    ['../data', 'unknown'],
    [' /data', 'unknown'],
    ['%2fdata/x', 'unknown'],
    ['~/data', 'unknown'],
    ['$HOME/data', 'unknown'],
    ['%USERPROFILE%\\data', 'unknown'],
    ['\\data\\x', 'unknown'],
    ['//data/x', 'unknown'],
    ['/%2fserver/data', 'unknown'],
    ['/\\server\\share', 'unknown'],
    ['\\\\server\\share\\data', 'unknown'],
    ['\\\\?\\C:\\data', 'unknown'],
    ['\\\\.\\pipe\\x', 'unknown'],
    ['file:///data/x', 'unknown'],
    ['C:\\data\\x', 'unknown'],
    ['C:data', 'unknown'],
    ['/C:/data', 'unknown'],
    ['/proc/self/root/data/x', 'unknown'],
    ['/proc/self/cwd', 'unknown'],
    ['/proc/1/root/../data', 'unknown'],
    ['/proc/self/fd/3', 'unknown'],
    ['/dev/fd/3', 'unknown'],
    ['/proc/cpuinfo', 'false'],
    ['', 'unknown'],
  ]);
});

describe('path_within ["/etc", "/home/zoé/.ssh"], which a deny list would name', () => {
  judgedBy(
    ['/etc', '/home/zoé/.ssh'],
    [
      ['/etc/passwd', 'true'],
      ['/usr/../etc/passwd', 'true'],
      ['/home/zoé/.ssh/id_ed25519', 'true'],
      ['/home/zoé/notes', 'false'],
      ['/home/zoé', 'false'],
      ['/private/etc/passwd', 'unknown'],
      ['/PRIVATE/ETC/passwd', 'unknown'],
      ['/System/Volumes/Data/private/etc/passwd', 'unknown'],
      ['/private/home', 'false'],
      ['/ETC/passwd', 'unknown'],
      ['/e%74c/passwd', 'unknown'],
      ['/home/zoe\u0301/.ssh/id_ed25519', 'unknown'],
      ['/home/zoe\u0301/notes', 'false'],
      ['/home/zoé/.s?h/id', 'unknown'],
      ['/home/zoé/[id].tsx', 'false'],
    ],
  );
});

describe('path_within "C:\\\\data"', () => {
  judgedBy('C:\\data', [
    ['C:\\data\\x', 'true'],
    ['c:/data/x', 'true'],
    ['C:\\data\\a/..\\b', 'true'],
    ['C:\\data\\LONGNA~1\\x', 'true'],
    ['D:\\data\\x', 'false'],
    ['C:\\', 'false'],
    ['C:\\data\\..\\Windows', 'false'],
    ['C:\\database', 'false'],
    ['C:\\DATA\\x', 'unknown'],
    ['C:\\data.\\x', 'unknown'],
    ['C:\\data \\x', 'unknown'],
    ['C:\\DATA~1\\x', 'unknown'],
    ['C:\\data\\x:stream', 'unknown'],
    ['C:\\data::$INDEX_ALLOCATION\\x', 'unknown'],
    ['C:\\data\\.. \\Windows', 'unknown'],
    ['C:\\data\\...\\Windows', 'unknown'],
    ['C:\\data\\%2e%2e\\Windows', 'unknown'],
    ['C:data\\x', 'unknown'],
    ['\\data\\x', 'unknown'],
    ['/data/x', 'unknown'],
    ['\\\\localhost\\c$\\data', 'unknown'],
    ['\\\\?\\C:\\data\\x', 'unknown'],
    ['//?/C:/data/x', 'unknown'],
  ]);
});

describe('other folders', () => {
  judgedBy('/', [
    ['/etc', 'true'],
    ['etc', 'unknown'],
  ]);
  judgedBy(
    ['/data', 'C:\\data'],
    [
      ['/data/x', 'true'],
      ['C:\\data\\x', 'true'],
      ['/etc', 'unknown'],
    ],
  );
  judgedBy('/private/var/app/', [
    ['/private/var/app/x', 'true'],
    ['/var/app/x', 'unknown'],
    ['/var/log', 'false'],
  ]);
  judgedBy('/srv/100% mine', [['/srv/100% mine/x', 'true']]);
});

test('what is no text cannot be judged; what is absent is not within', () => {
  expect(fourWays({ op: 'path_within', value: '/data' }, ['/data/x'])).toBe('unknown');
  expect(fourWays({ op: 'path_within', value: '/data' }, null)).toBe('false');
});

test.each([
  ['data', '"data" is no absolute path; write an absolute path such as "/data"'],
  ['', 'is no absolute path'],
  ['/da\u0000ta', 'is no absolute path'],
  ['C:data', 'is no absolute path'],
  ['file:///data', 'is no absolute path'],
  ['~/data', 'holds ~ or a variable, which is not looked up'],
  ['$HOME/data', 'holds ~ or a variable'],
  ['%USERPROFILE%\\data', 'holds ~ or a variable'],
  ['\\\\server\\share', 'is a network or device path'],
  ['//server/share', 'is a network or device path'],
  ['/data/*', 'holds a wildcard; name the folder alone'],
  ['/data/../etc', 'holds . or ..; write "/etc"'],
  ['C:/data/./x', 'holds . or ..; write "C:\\\\data\\\\x"'],
  ['/my%20data', 'can be read in several ways'],
  ['/a\\b', 'can be read in several ways'],
  ['/proc/self/root', 'is no absolute path'],
  [[], '/value needs an array such as ["/data", "C:\\\\data"]'],
  [['/data', 5], '/value/1 must be a text'],
  [5, '/value needs an array'],
])('%j is refused at load', (value, problem) => {
  expect(problemsOf({ op: 'path_within', value }).join('\n')).toContain(problem);
});

const segment = fc.constantFrom(
  '..',
  '.',
  '',
  'a',
  'data',
  'DATA',
  '%2e%2e',
  '%2e',
  '..%2f',
  '..\\',
  '%5c..',
  '\\data',
  '%252e%252e',
  '$X',
  '{',
  '．．',
);
const path = fc.array(segment, { maxLength: 8 }).map((segments) => `/${segments.join('/')}`);

/** A naive reader: decodes so many times, perhaps takes \ for /, and follows the dots. */
function isInside(text: string, decodings: number, separator: RegExp): boolean {
  let decoded = text;
  for (let count = 0; count < decodings; count++) decoded = decodeURIComponent(decoded);
  const segments: string[] = [];
  for (const part of decoded.split(separator)) {
    if (part === '..') segments.pop();
    else if (part !== '' && part !== '.') segments.push(part);
  }
  return segments[0] === 'data';
}

test('whatever is judged, no reader judges otherwise', () => {
  const folder = readFolder('/data');
  if (typeof folder === 'string') throw new Error(folder);
  fc.assert(
    fc.property(path, fc.integer({ min: 0, max: 3 }), fc.constantFrom(/\//, /[\\/]/), (text, decodings, separator) => {
      const judged = judgePath([folder], text);
      if (judged === TRUE) expect(isInside(text, decodings, separator)).toBe(true);
      if (judged === FALSE) expect(isInside(text, decodings, separator)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
