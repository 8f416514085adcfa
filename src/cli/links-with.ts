import type { AuditLog, StoredLink } from '../gateway/audit/audit-ports.ts';
import type { AuditSearch } from '../gateway/audit/find/audit-search.ts';

/** The links with this id, by the index. That there is none is said only by the log itself, read from end to end. */
export async function linksWith(
  id: string,
  search: Pick<AuditSearch, 'linksWith'>,
  log: Pick<AuditLog, 'linksWith'>,
): Promise<readonly StoredLink[]> {
  const found = await search.linksWith(id);
  return found.length > 0 ? found : log.linksWith(id);
}
