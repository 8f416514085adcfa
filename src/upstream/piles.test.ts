import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytePile } from './byte-pile.ts';
import { textPile } from './text-pile.ts';

it('bytes are given back as they came, however they were cut, time after time', () => {
  const pile = bytePile();
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 20 }), (pieces) => {
      for (const piece of pieces) pile.add(piece);
      const whole = Buffer.concat(pieces);
      expect(pile.size).toBe(whole.length);
      expect(pile.take().equals(whole)).toBe(true);
      expect(pile.take()).toHaveLength(0);
    }),
  );
});

it('a text is given back as it came, however it was cut, time after time', () => {
  const pile = textPile();
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 20 }),
      fc.nat(3000),
      (pieces, times) => {
        const all = Array.from({ length: times }, () => pieces)
          .flat()
          .slice(0, 20_000);
        for (const piece of all) pile.add(piece);
        const whole = all.join('');
        expect(pile.length).toBe(whole.length);
        expect(pile.take() === whole).toBe(true);
        expect(pile.take()).toBe('');
      },
    ),
    { numRuns: 40 },
  );
});

it('a million pieces of one byte cost little more than their bytes', () => {
  const pile = bytePile();
  const slab = new Uint8Array(65_536);
  const before = process.memoryUsage();
  for (let n = 0; n < 1_000_000; n++) pile.add(slab.subarray(n % 65_536, (n % 65_536) + 1));
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8_000_000);
  expect(pile.take()).toHaveLength(1_000_000);
});
