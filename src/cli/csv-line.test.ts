import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['say "no"', '"say ""no"""'],
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+49 30', "'+49 30"],
  ['-1', "'-1"],
  ['\t=1', "'\\u{9}=1"],
  ['\r=1', "'\\u{d}=1"],
  ['two\nlines', 'two\\u{a}lines'],
  ['\u001b[2J\u202e', '\\u{1b}[2J\\u{202e}'],
  [-1, '-1'],
  [undefined, ''],
])('%j becomes %j', (value, cell) => {
  expect(csvLine([value, 'end'])).toBe(`${cell},end\r\n`);
});
