import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';

/** Keys of lists of rules, whose order has no meaning. */
export const RULES: ReadonlySet<string> = new Set(['hide', 'deny_if', 'require', 'approve_if', 'limits']);
/** Keys of lists of what one rule is made of. */
const PARTS = new Set(['conditions', 'all', 'any', 'when']);

export type Depth = 'rules' | 'rules and their parts';

/** Operators whose value is a list in no order. */
const MEMBERSHIP = new Set(['in', 'not_in', 'url_host_in', 'url_scheme_in', 'path_within', 'ip_in', 'email_domain_in']);

/** Reorders the keys of every object, and the arrays whose order has no meaning, the same way for the same seed. */
export function shuffled(document: JsonObject, seed: number, depth: Depth): JsonObject {
  const random = randomOf(seed);
  return shuffleObject(document);

  function shuffleObject(object: JsonObject): JsonObject {
    const isMembership = MEMBERSHIP.has(String(object['op']));
    return objectOf(
      reordered(Object.entries(object)).map(([key, value]) => [key, shuffleAt(key, value, isMembership)] as const),
    );
  }

  function shuffleAt(key: string, value: Json, isMembership: boolean): Json {
    if (isObject(value)) return shuffleObject(value);
    if (!isArray(value)) return value;
    const free = RULES.has(key) || (depth !== 'rules' && (PARTS.has(key) || (key === 'value' && isMembership)));
    const elements = value.map((element) => shuffleAt('', element, false));
    return free ? reordered(elements) : elements;
  }

  function reordered<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}

/** Mulberry32: numbers in [0, 1) that follow from the seed alone. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
