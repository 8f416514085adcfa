import { type JsonObject, withKeys } from '../wire/json.ts';

/** What a policy filtered may be kept for so long at most, ms: the policy can change at any moment. */
const MAX_TTL_MS = 1_000;

/** A result that was made for one grant: nobody else's cache may give it out, and the client's own not for long. */
export function asPrivate(answer: JsonObject): JsonObject {
  const { ttlMs, cacheScope, resultType } = answer;
  if (ttlMs === undefined && cacheScope === undefined && resultType === undefined) return answer;
  const kept = typeof ttlMs === 'number' ? Math.min(ttlMs, MAX_TTL_MS) : 0;
  return withKeys(answer, { ttlMs: kept, cacheScope: 'private' });
}
