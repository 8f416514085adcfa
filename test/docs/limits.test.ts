import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/gateway/limits.ts';
import { LIMIT_KEYS, type LimitKey } from '../../src/settings/limit-keys.ts';
import { sizeWords } from '../../src/settings/size.ts';

const page = readFileSync(new URL('../../docs/reference/configuration.md', import.meta.url), 'utf8');

function rowOf(key: string, { sets, unit, least, most }: LimitKey): string {
  const shown = (amount: number): string => (unit === 'bytes' ? `\`${sizeWords(amount)}\`` : String(amount));
  const standard = DEFAULT_LIMITS[sets];
  return `| \`${key}\` | ${shown(unit === 'seconds' ? standard / 1000 : standard)} | ${shown(least)} – ${shown(most)} |`;
}

test('the table of limits names every key with the default and the bounds that it has', () => {
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \|[^|]*\|[^|]*– [^|]*\|/gm)].map(([row]) => row);
  expect(rows).toEqual(Object.entries(LIMIT_KEYS).map(([key, bounds]) => rowOf(key, bounds)));
});

test('every limit has one key, and no key sets the limit of another', () => {
  const set = Object.values(LIMIT_KEYS).map(({ sets }) => sets);
  expect(set.sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
});
