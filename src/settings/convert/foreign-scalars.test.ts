import { expect, test } from 'vitest';
import { foreignScalars } from './foreign-scalars.ts';

test.each(['0777', '1_000', '0b11', '0x1F', '-0o17', '2026-01-01', '2026-1-1 10:00:00', '1_0.5'])(
  'an unquoted %s is a number or a time to Intercept, and something else here',
  (text) => {
    expect(foreignScalars(`a:\n  - x\n  - ${text}\n`)).toEqual([{ text, line: 3, column: 5 }]);
  },
);

test.each(['5', '-5', '+5', '0', '0.5', '.5', '1e3', '1.5E-3', 'yes', '5/hour', '1.2.3', '_1', 'v2026-01-01', '~'])(
  'an unquoted %s is the same to both',
  (text) => {
    expect(foreignScalars(`a: ${text}\n`)).toEqual([]);
  },
);

test('what is quoted, and what is a key, is a text to both', () => {
  expect(foreignScalars('{"0777": "0777", a: \'2026-01-01\', 0x1: b}')).toEqual([]);
});
