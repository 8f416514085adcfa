import { describe, expect, it } from 'vitest';
import { type Json, objectOf } from './json.ts';
import { inPlainSight, jsonInPlainSight, jsonTextInPlainSight } from './plain-sight.ts';

describe('what a person decides about is in plain sight', () => {
  it.each([
    ['a zero-width joiner', 'pay\u200dbob', 'pay\\u{200d}bob'],
    ['a turn of direction', 'a\u202eb', 'a\\u{202e}b'],
    ['tag characters', 'ok\u{e0041}', 'ok\\u{e0041}'],
    ['a space that is none', 'a\u00a0b', 'a\\u{a0}b'],
    ['a variation selector', 'a\ufe0f', 'a\\u{fe0f}'],
    ['a letter drawn as nothing', 'a\u3164b', 'a\\u{3164}b'],
    ['a note of music drawn as nothing', 'a\u{1d159}b', 'a\\u{1d159}b'],
    ['the beam of such a note', 'a\u{1d173}b', 'a\\u{1d173}b'],
    ['a filler of the Khitan script', 'a\u{16fe4}b', 'a\\u{16fe4}b'],
    ['a hieroglyph that is blank', 'a\u{13441}b', 'a\\u{13441}b'],
    ['what stands for an object that is not there', 'a\ufffcb', 'a\\u{fffc}b'],
    ['an escape of the terminal', '\u001b[2J', '\\u{1b}[2J'],
    ['half a character', 'a\ud800', 'a\\u{d800}'],
    ['what only looks like an escape', '\\u{41}', '\\\\u{41}'],
  ])('%s', (_, text, shown) => {
    expect(inPlainSight(text)).toBe(shown);
  });

  it('all that Unicode says is not drawn, is a space or turns the direction', () => {
    const missed: string[] = [];
    for (let code = 0x80; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (!/[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Bidi_Control}\p{VS}]/u.test(character)) continue;
      if (inPlainSight(character) === character) missed.push(code.toString(16));
      if (jsonInPlainSight(`a${character}`) === `"a${character}"`) missed.push(`${code.toString(16)} in JSON`);
    }
    expect(missed).toEqual([]);
  });

  it.each([
    'Überweisung an 王小明: 5 €',
    'tiếng Việt, čeština, ελληνικά ἀρχή, йод, ї',
    'हिन्दी में क्षत्रिय, ਪੰਜਾਬੀ, தமிழ் கொ, മലയാളം, ภาษาไทย น้ำ, မြန်မာ, ខ្មែរ, བོད་སྐད',
    'עִבְרִית עם נִקּוּד'.normalize('NFC'),
    'الْعَرَبِيَّة فارسی اردو',
    '한국어 텍스트, 日本語のがぎぐ, ગુજરાતી, বাংলা কো'.normalize('NFC'),
    'x̄ and n̂, m̃, 🙂 👩🏽 🇦🇹',
  ])('plain text of any language stays as it is: %s', (text) => {
    expect(inPlainSight(text)).toBe(text);
    expect(jsonInPlainSight(text)).toBe(`"${text}"`);
  });
});

describe('two texts that are drawn alike are told apart', () => {
  it.each([
    ['an accent of its own', 'e\u0301', 'e\\u{301}'],
    ['a Korean syllable in pieces', '\u1112\u1161\u11ab글', '\u1112\\u{1161}\\u{11ab}글'],
    ['a syllable and its last piece', '하\u11ab', '하\\u{11ab}'],
    ['the sign of a unit that is a letter', '5 \u212b \u212a \u2126', '5 \\u{212b} \\u{212a} \\u{2126}'],
    ['another code of a Chinese character', '\uf900', '\\u{f900}'],
    ['marks in another order', 'a\u0301\u0323', 'a\\u{301}\\u{323}'],
    ['a mark of nothing', '\u0301a', '\\u{301}a'],
    ['a mark of what is not seen', 'a\u200b\u0338', 'a\\u{200b}\\u{338}'],
    ['a text covered by marks', `a${'\u0336'.repeat(9)}b`, `a${'\u0336'.repeat(8)}\\u{336}b`],
  ])('%s', (_, text, shown) => {
    expect(inPlainSight(text)).toBe(shown);
    expect(jsonInPlainSight(text)).toBe(`"${shown}"`);
  });

  it('also behind an escape of JSON', () => {
    expect(jsonInPlainSight('a\n\u0301 \\\u0338 \u0000\u0301')).toBe('"a\\n\\u{301} \\\\\\u{338} \\u0000\\u{301}"');
  });

  it('keys too', () => {
    const text = jsonInPlainSight(
      objectOf([
        ['é', 1],
        ['e\u0301', 2],
      ] as const),
    ); // prettier
    expect(text).toBe('{\n  "é": 1,\n  "e\\u{301}": 2\n}');
  });

  it('whatever they are: what is shown has one spelling only, and another for each', () => {
    const pieces =
      'a e \u0301 \u0323 \u0338 é \u1100 \u1161 \u11a8 가 \u212b \u0958 \u09c7 \u09be \u{16d63} \u{16d67} \u{1d15e} \u200d \\ " \n < {'.split(
        ' ',
      );
    const shown = new Map<string, string>();
    let seed = 7;
    for (let round = 0; round < 20_000; round++) {
      let text = '';
      for (let count = round % 6; count >= 0; count--) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += pieces[Math.floor((seed / 2_147_483_648) * pieces.length)] ?? '';
      }
      for (const [kind, written] of [
        ['text', inPlainSight(text)],
        ['json', jsonInPlainSight(text)],
      ] as const) {
        expect(written.normalize('NFC')).toBe(written);
        expect(shown.get(kind + written) ?? text).toBe(text);
        shown.set(kind + written, text);
      }
    }
  });
});

describe('arguments', () => {
  const value = objectOf([
    ['to', 'b\u200bob'],
    ['list', [1, 'two\n']],
    ['none', []],
    ['empty', objectOf([])],
  ]);

  it('are written over several lines', () => {
    expect(jsonInPlainSight(value)).toBe(
      '{\n  "to": "b\\u{200b}ob",\n  "list": [\n    1,\n    "two\\n"\n  ],\n  "none": [],\n  "empty": {}\n}',
    );
  });

  it('on one line, or on lines only as deep as is wanted', () => {
    expect(jsonInPlainSight(value, { depth: 0 })).toBe(
      '{ "to": "b\\u{200b}ob", "list": [1, "two\\n"], "none": [], "empty": {} }',
    );
    expect(jsonInPlainSight(value, { depth: 1 })).toBe(
      '{\n  "to": "b\\u{200b}ob",\n  "list": [1, "two\\n"],\n  "none": [],\n  "empty": {}\n}',
    );
  });

  it('that are nested deeply go on in one line', () => {
    const shown = jsonInPlainSight(nested(60));
    expect(shown.split('\n').length).toBe(41);
    expect(shown).toContain(`\n${' '.repeat(40)}[[[`);
  });

  it('are cut where no more of them is wanted', () => {
    expect(jsonInPlainSight(value, { depth: 0, most: 20 })).toBe('{ "to": "b\\u{200b}ob…');
    expect(jsonInPlainSight(value, { depth: 0, most: 71 })).toBe(jsonInPlainSight(value, { depth: 0 }));
    expect(jsonInPlainSight('x'.repeat(500), { most: 5 })).toBe('"xxxx…');
    for (let most = 1; most < 12; most++) expect(jsonInPlainSight('😀😀😀', { most }).isWellFormed()).toBe(true);
  });

  it('of which little is wanted cost little, however much there is', () => {
    let asked = 0;
    const many = new Proxy(
      Array.from({ length: 100_000 }, () => 1),
      {
        get(target, key) {
          asked += 1;
          return Reflect.get(target, key);
        },
      },
    );
    expect(jsonInPlainSight(many as readonly Json[], { most: 100 }).length).toBeLessThanOrEqual(101);
    expect(asked).toBeLessThan(1_000);
  });

  it('that are JSON already are put in plain sight as they are written', () => {
    expect(jsonTextInPlainSight('{"a\u202e":"e\u0301"')).toBe('{"a\\u{202e}":"e\\u{301}"');
  });
});

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
