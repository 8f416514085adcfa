import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditFilter } from '../../src/gateway/audit/find/audit-filter.ts';
import { readPage } from '../../src/gateway/audit/find/read-page.ts';
import { openSearch } from '../../src/store/sqlite/find/open-search.ts';
import type { SqliteSearch } from '../../src/store/sqlite/find/sqlite-search.ts';
import { SEED } from '../laws/runs.ts';
import { someFilter, someLog } from './arbitrary-find.ts';
import { isFound } from './naive-find.ts';
import { recordLog, type WrittenRecord } from './record-log.ts';

/** Each works on files: `TOOLGATE_RUNS` raises it. */
const RUNS = Number(process.env['TOOLGATE_RUNS'] ?? 60);

/** What may happen between two pages. */
const happening = fc.constantFrom(
  'nothing',
  'nothing',
  'indexed a little',
  'indexed',
  'index deleted',
  'records added',
  'records removed',
);

test('whatever is looked for, in pages of whatever size, the same records are found as by looking at each', async () => {
  await fc.assert(
    fc.asyncProperty(
      someLog,
      someLog,
      fc.array(fc.tuple(someFilter, fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 6 }),
      fc.array(happening, { maxLength: 12 }),
      holds,
    ),
    { numRuns: RUNS, seed: SEED },
  );
});

type Happening = Parameters<typeof happen>[0];

async function holds(
  first: readonly WrittenRecord[],
  later: readonly WrittenRecord[],
  looks: readonly (readonly [AuditFilter, number])[],
  happenings: readonly Happening[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-find-'));
  const log = await recordLog(folder);
  log.add(first);
  const search = openSearch(folder);
  let [removed, length, turn] = [0, first.length, 0];
  try {
    for (const [filter, size] of looks) {
      // Those that stood there when it began, and were there to its end.
      const all = [...first, ...later.slice(0, length - first.length).map(asLater)];
      const found: number[] = [];
      const outcomes = new Map<string, string | undefined>();
      let before: number | undefined;
      do {
        const page = await readPage(search, filter, before, size);
        expect(page.records.length).toBeLessThanOrEqual(size);
        if (page.next !== undefined) expect(page.records).toHaveLength(size);
        for (const { n, id, outcome } of page.records) {
          if (n <= all.length) found.push(n);
          outcomes.set(id, outcome);
        }
        before = page.next;
        const happened = happenings[turn % Math.max(1, happenings.length)] ?? 'nothing';
        turn += 1;
        if (happened === 'records added' && length === first.length && length > 0) {
          log.add(later.map(asLater));
          length += later.length;
        } else if (happened === 'records removed' && removed + 3 < length) {
          removed += 3;
          log.removeUpTo(removed);
        } else happen(happened, search, folder);
      } while (before !== undefined);
      const expected = all.flatMap((one, at) => (at >= removed && isFound(one, filter) ? [at + 1] : []));
      // What was removed meanwhile may have been found before it was.
      expect(found.filter((n) => n > removed)).toEqual(expected.toReversed());
      for (const [id, outcome] of outcomes) {
        const written = all.slice(removed).find((one) => one.id === id && one.kind === 'outcome');
        if (written !== undefined) expect(outcome).toBe(written.body);
      }
    }
    const last = first.at(-1);
    if (last !== undefined && removed < first.length) {
      expect((await search.linksWith(last.id)).at(-1)?.body).toBe(last.body);
    }
  } finally {
    await search.close();
    log.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function asLater(record: WrittenRecord): WrittenRecord {
  return { ...record, id: `later-${record.id}` };
}

function happen(
  what: 'nothing' | 'indexed a little' | 'indexed' | 'index deleted' | 'records added' | 'records removed',
  search: SqliteSearch,
  folder: string,
): void {
  if (what === 'indexed a little') search.indexSome(7);
  if (what === 'indexed') while (search.indexSome(10) === 'more');
  if (what === 'index deleted') rmSync(join(folder, 'toolgate-index.db'), { force: true });
}
