import { describe, expect, it } from 'vitest';
import { objectOf } from './json.ts';
import { inPlainSight, jsonInPlainSight } from './plain-sight.ts';

describe('what a person decides about is in plain sight', () => {
  it.each([
    ['a zero-width joiner', 'pay\u200dbob', 'pay\\u{200d}bob'],
    ['a turn of direction', 'a\u202eb', 'a\\u{202e}b'],
    ['tag characters', 'ok\u{e0041}', 'ok\\u{e0041}'],
    ['a space that is none', 'a\u00a0b', 'a\\u{a0}b'],
    ['a variation selector', 'a\ufe0f', 'a\\u{fe0f}'],
    ['a letter drawn as nothing', 'a\u3164b', 'a\\u{3164}b'],
    ['an escape of the terminal', '\u001b[2J', '\\u{1b}[2J'],
    ['half a character', 'a\ud800', 'a\\u{d800}'],
    ['what only looks like an escape', '\\u{41}', '\\\\u{41}'],
  ])('%s', (_, text, shown) => {
    expect(inPlainSight(text)).toBe(shown);
  });

  it('plain text of any language stays as it is', () => {
    expect(inPlainSight('Überweisung an 王小明: 5 €')).toBe('Überweisung an 王小明: 5 €');
  });

  it('arguments are written over several lines', () => {
    const value = objectOf([
      ['to', 'b\u200bob'],
      ['list', [1, 'two\n']],
      ['none', []],
      ['empty', objectOf([])],
    ]);
    expect(jsonInPlainSight(value)).toBe(
      '{\n  "to": "b\\u{200b}ob",\n  "list": [\n    1,\n    "two\\n"\n  ],\n  "none": [],\n  "empty": {}\n}',
    );
  });
});
