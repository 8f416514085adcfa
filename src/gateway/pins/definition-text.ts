import type { JsonObject } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';

/**
 * Gives the text that is pinned: the whole tool as the server lists it, keys that nobody knows included, as canonical JSON. What
 * a later revision or an extension lets a client see is then pinned too; the order of keys says nothing.
 */
export function definitionText(tool: JsonObject): string {
  return canonicalJson(tool);
}
