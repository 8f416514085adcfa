import type { ListedWhich } from '../gateway/approvals/approval-desk.ts';
import { bad, type Read, read } from './fault.ts';

const WHICH = ['waiting', 'live', 'all'] as const;
const STANDARD = 100;
const MOST = 1_000;

/** The part of a request's URL behind the `?`. */
export function queryOf(url: string | undefined): URLSearchParams {
  const at = url?.indexOf('?') ?? -1;
  return new URLSearchParams(url === undefined || at < 0 ? '' : url.slice(at + 1));
}

/** `which`, `limit` and `before` of a list. */
export function readListed(query: URLSearchParams): Read<ListedWhich> {
  const keys = [...query.keys()];
  const odd = keys.find((key) => !['which', 'limit', 'before'].includes(key));
  if (odd !== undefined)
    return bad(`The query has ${odd.slice(0, 100)}, which is not known here.`, 'Known are which, limit, before.');
  if (new Set(keys).size < keys.length) return bad('The query has a key twice.');
  const word = query.get('which') ?? 'waiting';
  const which = WHICH.find((one) => one === word);
  if (which === undefined) return bad(`which must be one of ${WHICH.join(', ')}.`);
  const written = query.get('limit') ?? String(STANDARD);
  const limit = Number(written);
  if (!/^\d{1,4}$/.test(written) || limit < 1 || limit > MOST)
    return bad(`limit must be a whole number from 1 to ${MOST}.`);
  const before = query.get('before') ?? undefined;
  return read({ which, limit, before });
}
