import { writeJson } from '../../../wire/write-json.ts';
import { auditLine } from '../audit-line.ts';
import type { AuditDesk } from './audit-desk.ts';
import type { AuditSearch } from './audit-search.ts';
import { findOne, jsonOfOne } from './find-one.ts';
import { readPage } from './read-page.ts';

/** Of one page: what nobody fetches lies in the gateway's memory. */
const MOST_LETTERS = 4 * 1024 * 1024;

/** The desk over a search. */
export function searchDesk(search: Pick<AuditSearch, 'find' | 'linksWith'>): AuditDesk {
  return {
    async page({ filter, before, limit }) {
      const { records, next } = await readPage(search, filter, before, limit, MOST_LETTERS);
      return { records: records.map((record) => writeJson(auditLine(record))), next };
    },
    async one(id) {
      const one = await findOne(search, await search.linksWith(id));
      return one === undefined ? undefined : writeJson(jsonOfOne(one));
    },
  };
}
