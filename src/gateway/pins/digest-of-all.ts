import { objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';

/** One digest for many definitions: that of the canonical JSON object from their names to their digests. */
export function digestOfAll(digests: Iterable<readonly [string, string]>, digest: (text: string) => string): string {
  return digest(canonicalJson(objectOf(digests)));
}
