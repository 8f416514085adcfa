import type { AuditSearch } from '../gateway/audit/find/audit-search.ts';
import type { World } from './world.ts';

/** What is indexed faster than this is nobody's concern. */
const QUIET_MS = 1_000;
const EVERY_MS = 2_000;

/** Brings the index up to date; tells of it where that takes its time. */
export async function tellIndexing(search: AuditSearch, world: Pick<World, 'stderr' | 'now'>): Promise<void> {
  const began = world.now();
  let told = Number.NEGATIVE_INFINITY;
  await search.catchUp(({ done, all }) => {
    const now = world.now();
    if (now - began < QUIET_MS || now - told < EVERY_MS) return;
    told = now;
    world.stderr.write(`Indexing the log for searches: ${done} of ${all} records\n`);
  });
  if (told !== Number.NEGATIVE_INFINITY) world.stderr.write('Indexed; the next search is fast.\n');
}
