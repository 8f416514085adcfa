import type { KeptValue, ValueOpener } from '../gateway/audit/audit-ports.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';

/** Arguments that are kept beside the record with this id; undefined where they were erased, or cannot be opened. */
export function opened(opener: ValueOpener, id: string, kept: KeptValue | undefined): JsonObject | undefined {
  const found = kept && opener.open(id, kept);
  if (found === undefined || typeof found === 'string') return undefined;
  const read = readJson(found.text, RELAY);
  return read.kind === 'value' && isObject(read.value) ? read.value : undefined;
}
