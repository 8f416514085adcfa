import { expect, it } from 'vitest';
import type { AuditSettings } from '../settings/settings.ts';
import { lowestExported } from './lowest-exported.ts';

const places = {
  all: async () =>
    new Map([
      ['a', 70],
      ['b', 30],
      ['gone', 1],
    ]),
};

function configured(...names: readonly string[]): AuditSettings['exports'] {
  return new Map(names.map((name) => [name, { name, from: 'start', to: 'file', file: '/x' } as const]));
}

it('what every configured export has is given up to the slowest; one that never began wants everything', async () => {
  expect(await lowestExported(places, configured('a', 'b'))).toBe(30);
  expect(await lowestExported(places, configured('a'))).toBe(70);
  expect(await lowestExported(places, configured('a', 'new'))).toBe(0);
  expect(await lowestExported(places, configured())).toBeUndefined();
});
