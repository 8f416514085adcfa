import type { Json } from '../../wire/json.ts';
import { type Draft, refuse } from '../draft.ts';
import { below } from '../problem.ts';

/** Reads an array of texts, each by `read`, which answers with a text where it finds a problem. */
export function readList<Item extends object>(
  draft: Draft,
  value: Json,
  place: string,
  remedy: string,
  read: (text: string) => Item | string,
): readonly Item[] | undefined {
  // An empty list would refuse everything, or nothing: an author who leaves one empty meant something else.
  if (!Array.isArray(value) || value.length === 0) return refuse(draft, place, `needs an array such as ${remedy}`);
  const items: Item[] = [];
  for (const [index, text] of value.entries()) {
    const item = typeof text === 'string' ? read(text) : `must be a text, as in ${remedy}`;
    if (typeof item === 'string') refuse(draft, below(place, index), item);
    else items.push(item);
  }
  return items.length === value.length ? items : undefined;
}
