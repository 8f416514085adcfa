import { isArray, isObject, type Json, type JsonArray, type JsonObject } from './json.ts';
import { DEEPEST } from './plain-sight.ts';

/** So many characters of line breaks and indents are well in any case. */
const SMALL = 8_000;

/**
 * How many levels of JSON are worth lines of their own: as many as do not make it twice as long. Each argument has its own line in any case,
 * so that nothing is hidden in the middle of one.
 */
export function layoutDepth(value: Json): number {
  const room = Math.max(SMALL, JSON.stringify(value).length);
  const costs: number[] = [];
  addCosts(costs, value, 0);
  let used = 0;
  const depth = costs.findIndex((cost) => {
    used += cost;
    return used > room;
  });
  return Math.max(1, depth === -1 ? costs.length : depth);
}

/** What laying out costs at each level: a line for every member, and the one that closes. */
function addCosts(costs: number[], value: Json, level: number): void {
  const members = membersOf(value);
  if (members === undefined || level >= DEEPEST) return;
  const list = isArray(members) ? members : Object.values(members);
  if (list.length === 0) return;
  costs[level] = (costs[level] ?? 0) + list.length * (2 * level + 3) + 2 * level + 1;
  for (const member of list) addCosts(costs, member, level + 1);
}

function membersOf(value: Json): JsonArray | JsonObject | undefined {
  if (isArray(value)) return value;
  return isObject(value) && !JSON.isRawJSON(value) ? value : undefined;
}
