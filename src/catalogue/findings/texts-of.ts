import { below } from '../../policy/problem.ts';
import { isArray, isObject, type Json } from '../../wire/json.ts';

/** A text somewhere in a definition: a value, or the name of a key. */
export interface PlacedText {
  readonly place: string;
  readonly text: string;
  readonly kind: 'text' | 'name of a parameter';
}

const MOST_CHARACTERS = 262_144;
const MOST_TEXTS = 20_000;
const DEEPEST = 64;

/** Every text of a value with its JSON Pointer, names of keys among them; up to a bound, beyond which `isWhole` is false. */
export function textsOf(value: Json): { readonly texts: readonly PlacedText[]; readonly isWhole: boolean } {
  const texts: PlacedText[] = [];
  let room = MOST_CHARACTERS;
  let isWhole = true;
  const take = (text: string, place: string, kind: PlacedText['kind'] = 'text'): void => {
    if (text.length > room || texts.length >= MOST_TEXTS) isWhole = false;
    if (room <= 0 || texts.length >= MOST_TEXTS) return;
    texts.push({ place, text: text.slice(0, room), kind });
    room -= text.length;
  };
  const walk = (one: Json, place: string, depth: number, parent: string): void => {
    if (typeof one === 'string') return take(one, place);
    if (depth > DEEPEST || room <= 0) {
      isWhole = false;
      return;
    }
    if (isArray(one)) for (const [index, element] of one.entries()) walk(element, below(place, index), depth + 1, '');
    else if (isObject(one) && !JSON.isRawJSON(one)) {
      for (const key of Object.keys(one)) {
        // Keywords of schemas are short words; what could say something else is longer, or is no plain word.
        if (parent === 'properties') take(key, below(place, key), 'name of a parameter');
        else if (!/^[A-Za-z$_][\w$-]{0,63}$/.test(key)) take(key, below(place, key));
        walk(one[key] ?? null, below(place, key), depth + 1, key);
      }
    }
  };
  walk(value, '', 0, '');
  return { texts, isWhole };
}
