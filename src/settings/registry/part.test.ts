import fc from 'fast-check';
import { expect, it } from 'vitest';
import { interpolate } from '../interpolate.ts';
import { configurationText, type Part } from './part.ts';

const ENV = { SECRET: 'hunter2', HOME: '/home/alice' };
const texts = fc.string({ unit: fc.constantFrom('$', '{', '}', 'HOME', 'SECRET', 'a', ' ') });
const part: fc.Arbitrary<Part> = fc.oneof(
  texts.map((text): Part => ({ kind: 'text', text })),
  fc.constant<Part>({ kind: 'variable', name: 'SECRET' }),
);

it('the configuration reads back what was meant: strangers’ texts as they are, variables where there is a place for one', () => {
  let unwritten = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const written = configurationText(parts);
      if (written === undefined) {
        unwritten += 1;
        return;
      }
      const meant = parts.map((one) => (one.kind === 'text' ? one.text : ENV.SECRET)).join('');
      expect(interpolate(written, ENV)).toEqual({ kind: 'text', text: meant });
    }),
    { seed: 7, numRuns: 1000 },
  );
  expect(unwritten).toBeLessThan(400);
});

it('a text that spells a variable, alone or together with its neighbour, is no variable', () => {
  const parts: readonly Part[] = [
    { kind: 'text', text: '$' },
    { kind: 'text', text: `{HOME} $\${HOME} \${HOME}` },
  ];
  const written = configurationText(parts) ?? '';
  expect(interpolate(written, ENV)).toEqual({ kind: 'text', text: `\${HOME} $\${HOME} \${HOME}` });
});
