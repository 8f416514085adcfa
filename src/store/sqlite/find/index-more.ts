import type { Progress } from '../../../gateway/audit/find/audit-search.ts';
import type { IndexFile, Wrote } from './index-file.ts';
import type { IndexWords } from './index-words.ts';
import type { LogRows } from './log-rows.ts';

/** Indexes the next records, at most `limit`; tells how far it is. An index that is not of this log begins anew. */
export function indexMore(index: IndexFile, log: LogRows, words: IndexWords, limit: number): Wrote<Progress> {
  return index.write((tables) => {
    const { first, last } = log.ends();
    const before = tables.state();
    const isOurs = before.upto === 0 || log.has(before);
    if (!isOurs) tables.clear();
    const rows = log.after(isOurs ? before.upto : 0, limit);
    for (const row of rows) tables.add(row.n, row.at, words.of(row));
    const end = rows.at(-1);
    if (end !== undefined) tables.advance({ upto: end.n, mark: end.hash });
    tables.forgetBefore(first);
    const upto = end?.n ?? (isOurs ? before.upto : 0);
    return { done: Math.max(0, upto - first + 1), all: Math.max(0, last - first + 1) };
  });
}
