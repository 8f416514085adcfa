import type { JsonObject } from './json.ts';

/**
 * Lower case by Unicode's simple folding of the letters that fold into ASCII, without characters that do not show.
 * Go's `encoding/json` matches `Method` and `methodſ`-like keys, and one parser stops at NUL: such keys say something else to others.
 */
function fold(key: string): string {
  const shown = key.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  // No known key is so long, and to normalise a letter under many accents takes time quadratic in their number.
  if (shown.length > MAX_KEY) return shown;
  return shown.normalize('NFKC').toLowerCase().replaceAll('ſ', 's').replaceAll('\u212a', 'k').trim();
}

const MAX_KEY = 128;

/** The keys of the protocol's own objects, at the levels where a second reading would change what is called. */
export interface KnownKeys {
  readonly exact: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
}

export function knownKeys(...keys: readonly string[]): KnownKeys {
  return { exact: new Set(keys), folded: new Set(keys.map(fold)) };
}

/** The first key that is not a known one but could be taken for it, or undefined. */
export function findLookalike(object: JsonObject, known: KnownKeys): string | undefined {
  for (const key of Object.keys(object)) {
    if (!known.exact.has(key) && known.folded.has(fold(key))) return key;
  }
  return undefined;
}
