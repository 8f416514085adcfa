import { writeJson } from '../../../wire/write-json.ts';
import { auditLine } from '../audit-line.ts';
import type { AuditDesk } from './audit-desk.ts';
import type { AuditSearch } from './audit-search.ts';
import { findOne, jsonOfOne } from './find-one.ts';
import { readPage } from './read-page.ts';

/** The desk over a search. */
export function searchDesk(search: Pick<AuditSearch, 'find' | 'linksWith'>): AuditDesk {
  return {
    async page({ filter, before, limit }) {
      const { records, next } = await readPage(search, filter, before, limit);
      return { records: records.map((record) => writeJson(auditLine(record))), next };
    },
    async one(id) {
      const one = await findOne(search, await search.linksWith(id));
      return one === undefined ? undefined : writeJson(jsonOfOne(one));
    },
  };
}
