import { expect, it } from 'vitest';
import { logSearch } from '../../../../test/kit/log-search.ts';
import type { ListedRecord } from '../../ports.ts';
import { searchDesk } from './search-desk.ts';

const record = (seq: number, letters: number): ListedRecord => ({
  writer: 'w',
  seq,
  id: `call-${seq}`,
  kind: 'call',
  at: seq,
  limits: '[]',
  body: JSON.stringify({ decision: 'allow', args: { text: 'x'.repeat(letters) } }),
  hash: '',
  outcome: undefined,
});

it('a page of large records ends early, and the pages together hold each of them once', async () => {
  const log = Array.from({ length: 300 }, (_, nth) => record(nth + 1, nth % 50 === 0 ? 5_000_000 : 60_000));
  const desk = searchDesk(logSearch(log));
  const seen: string[] = [];
  let before: number | undefined;
  let pages = 0;
  do {
    const page = await desk.page({ filter: { which: 'all' }, before, limit: 1_000 });
    const letters = page.records.reduce((sum, text) => sum + text.length, 0);
    expect(page.records.length === 1 || letters < 4_500_000).toBe(true);
    seen.push(...page.records.map((text) => JSON.parse(text).id));
    before = page.next;
    pages += 1;
  } while (before !== undefined);
  expect(seen).toEqual(log.map(({ id }) => id).toReversed());
  expect(pages).toBeLessThan(20);
});
