import fc from 'fast-check';
import { expect, test } from 'vitest';
import { friendlyDown, friendlyUp } from './friendly.ts';

test.each([
  [0, 0, 0],
  [7, 7, 7],
  [47, 40, 50],
  [412, 400, 500],
  [1_234, 1_200, 1_500],
  [0.37, 0.3, 0.4],
  [-47, -50, -40],
  [11, 10, 12],
])('%d lies between %d and %d', (value, down, up) => {
  expect([friendlyDown(value), friendlyUp(value)]).toEqual([down, up]);
});

test('rounding goes outwards, never far, and keeps whole numbers whole', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), (value) => {
      const [down, up] = [friendlyDown(value), friendlyUp(value)];
      expect(down <= value && value <= up).toBe(true);
      expect(Math.abs(up) <= Math.abs(value) * 1.5 && Math.abs(down) <= Math.abs(value) * 1.5).toBe(true);
      if (Number.isInteger(value)) expect([down, up].every(Number.isInteger)).toBe(true);
      expect(Number.isFinite(up) && Number.isFinite(down)).toBe(true);
    }),
  );
});
