import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSearch } from '../regex.ts';
import { TRUE } from '../truth.ts';
import { translatePattern } from './ecma-pattern.ts';

function finds(pattern: string, text: string): boolean | string {
  const translated = translatePattern(pattern);
  if (translated.kind === 'problem') return translated.reason;
  const compiled = compileSearch(translated.text, 'as written');
  return typeof compiled === 'string' ? compiled : compiled.search(text) === TRUE;
}

describe('patterns of schemas find what they find in ECMAScript', () => {
  const patterns = [
    '^\\S+@\\S+\\.\\S+$',
    '^[\\s]$',
    '^\\s$',
    '^.$',
    '^a.b$',
    '^[^\\x00-\\x1f]*$',
    '^\\u0061[\\u{62}-\\u{64}]$',
    '^\\ud83d\\ude00$',
    '^[[:alpha:]]$',
    '^[^]$',
    '^[\\b]$',
    '\\bfoo\\b',
    '^(?<year>\\d{4})-(?:\\d\\d)$',
    '^\\/[\\w\\-.]+\\$$',
    '^\\cJ$',
    '^\\0$',
    '^\\p{Lu}\\P{L}$',
    '^$',
  ];
  const characters = [...'aAbBdfo01-_/.@$ :]\n\r\t\b\0', '\u00a0', '\u2028', '\ufeff', '\u00e9', '\u{1f600}', '\u000b'];
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...characters), maxLength: 4 }),
    fc.constantFrom('2024-05', '/a.b$', 'a@b.c', 'a foo b', 'foobar', 'a]', 'ab', 'A1'),
  );

  it.each(patterns)('%s', (pattern) => {
    fc.assert(
      fc.property(text, (any) => {
        let wanted: boolean;
        try {
          wanted = new RegExp(pattern, 'u').test(any);
        } catch {
          wanted = new RegExp(pattern).test(any);
        }
        expect(finds(pattern, any)).toBe(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    '(a)\\1',
    '(?i)a',
    '\\A',
    '\\z',
    '\\Q*\\E',
    '\\01',
    '[]',
    '[\\S]',
    '\\ud800',
    '\\u{110000}',
    '\\k<a>',
    'a\\',
  ])('%s means something else, or nothing, and is refused', (pattern) => {
    expect(finds(pattern, 'a')).toContain('unknown syntax at character');
  });

  it.each(['(a', 'a**', 'x{2,1}'])('%s is refused by the engine', (pattern) => {
    expect(typeof finds(pattern, 'a')).toBe('string');
  });
});
