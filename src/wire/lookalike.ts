import type { JsonObject } from './json.ts';

/**
 * Lower case by Unicode's simple folding of the letters that fold into ASCII, without `_`, `-` and characters that do not show.
 * Go's `encoding/json` matches `Method` and `methodſ`-like keys and its second version `progress_token`; others take `ı` and `İ` for `i`:
 * such keys say something else to others.
 */
function fold(key: string): string {
  const shown = key.replace(/[\p{Cc}\p{Cf}\p{DI}_-]/gu, '').trim();
  // No known key is so long, and to normalise a letter under many accents takes time quadratic in their number.
  if (shown.length > MAX_KEY) return shown;
  return shown
    .normalize('NFKC')
    .toLowerCase()
    .replace(/ı|i\u0307/g, 'i')
    .replace(/[_-]/g, '')
    .trim();
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
    if (known.exact.has(key)) continue;
    if (known.folded.has(fold(key)) || known.folded.has(fold(untilNul(key)))) return key;
  }
  return undefined;
}

/** What is left of a key for those whose texts end at the first NUL. */
function untilNul(key: string): string {
  const end = key.indexOf('\0');
  return end < 0 ? key : key.slice(0, end);
}
