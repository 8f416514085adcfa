import { describe, expect, test } from 'vitest';
import { foundBy, holds, inOneCase, soughtIn, wordsIn } from './record-words.ts';

const holdsPart = (body: string, part: string): boolean =>
  holds(foundBy({ body: JSON.stringify(body), limits: '[]' }), inOneCase(part));

describe('a part of a text is found', () => {
  test.each([
    ['Invoice 4711', 'invoice'],
    ['Invoice 4711', 'INVO'],
    ['to cfo@example.com', 'cfo@example'],
    ['to cfo@example.com', '@example.com'],
    ['first\nsecond', 'second'],
    ['a "quoted" word', '"quoted"'],
    ['C:\\new\\table', 'c:\\new'],
    ['ΟΔΟΣ', 'οδός'.normalize('NFD').replace(/\u0301/g, '')],
    ['发票已付', '票已'],
    ['naïve', 'naï'],
  ])('%j holds %j', (text, part) => {
    expect(holdsPart(text, part)).toBe(true);
  });

  test.each([
    ['Invoice', 'voice'],
    ['naïve', 'ive'],
    ['\u{1d400}bold', 'bold'],
    ['first\nsecond', 'nsecond'],
    ['to cfo@example.com', 'cfo.example'],
  ])('%j does not hold %j', (text, part) => {
    expect(holdsPart(text, part)).toBe(false);
  });
});

describe('what is looked up', () => {
  test('are words, and pairs of those that are joined', () => {
    expect(wordsIn('to cfo@example.com, 2')).toBe('to cfo@example.com, 2 cfo\uE001example example\uE001com');
    expect(wordsIn('é@x 发票')).toBe('é x 发 票 é\uE001x');
    expect(soughtIn('cfo@exam')).toEqual([{ word: 'cfo\uE001exam', isBeginning: true }]);
    expect(soughtIn('invo')).toEqual([{ word: 'invo', isBeginning: true }]);
    expect(soughtIn('invoice,')).toEqual([{ word: 'invoice', isBeginning: false }]);
  });

  test('of long words only the beginning, and nothing of what is no word', () => {
    const long = 'x'.repeat(30);
    expect(wordsIn(long)).toBe('x'.repeat(20));
    expect(wordsIn(`${long}é`)).toBe('x'.repeat(20));
    expect(soughtIn(long)).toEqual([{ word: 'x'.repeat(20), isBeginning: false }]);
    expect(wordsIn('\uE000gabc \uE001 \ud800 é')).toBe('gabc é');
    expect(soughtIn('"-"')).toEqual([]);
  });
});
