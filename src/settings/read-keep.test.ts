import { expect, test } from 'vitest';
import { readAudit } from './read-audit.ts';
import type { Reading } from './reading.ts';

function read(keep: unknown): { readonly keep: unknown; readonly problems: readonly string[] } {
  const reading: Reading = { env: { MOST: '2GiB' }, found: [] };
  const item = { value: { keep } as never, pointer: '/audit' };
  const { keep: found } = readAudit(reading, item, '/etc');
  return { keep: found, problems: reading.found.map(({ pointer, message }) => `${pointer} ${message}`) };
}

test.each([
  [{ days: 90 }, { ms: 90 * 86_400_000, bytes: undefined }],
  [{ size: '2GiB' }, { ms: undefined, bytes: 2 * 1024 ** 3 }],
  [
    { size: '500 MiB', days: 1 },
    { ms: 86_400_000, bytes: 500 * 1024 ** 2 },
  ],
  [{ size: `\${MOST}` }, { ms: undefined, bytes: 2 * 1024 ** 3 }],
])('%j says what is kept', (keep, expected) => {
  expect(read(keep)).toEqual({ keep: expected, problems: [] });
});

test.each([
  [{}, '/audit/keep must say "days", "size", or both; leave it out to keep everything'],
  [90, '/audit/keep must be an object'],
  [{ day: 90 }, '/audit/keep/day unknown key "day" — did you mean "days"?'],
  [{ days: 0 }, '/audit/keep/days must be a whole number from 1 to 36500, not 0'],
  [{ days: '90' }, '/audit/keep/days must be a whole number from 1 to 36500'],
  [{ size: '2GB' }, '/audit/keep/size must be a size such as "500MiB" or "2GiB", from 1MiB to 100000GiB'],
  [{ size: '10KiB' }, '/audit/keep/size must be a size such as "500MiB" or "2GiB", from 1MiB to 100000GiB'],
  [{ size: 5_000_000 }, '/audit/keep/size must be a string'],
])('%j is told where it stands', (keep, problem) => {
  expect(read(keep).problems).toContain(problem);
});

test('whatever is wrong with it removes nothing', () => {
  const nothing = [undefined, { ms: undefined, bytes: undefined }];
  for (const keep of [{}, 90, { day: 90 }, { days: 0 }, { days: -1 }, { size: '0B' }]) {
    expect(nothing).toContainEqual(read(keep).keep);
  }
});
