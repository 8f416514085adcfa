import type { ArgumentPrivacy } from '../gateway/gate.ts';
import { isObject } from '../wire/json.ts';
import { type Item, namedItems, type Reading, say, wordAt } from './reading.ts';
import { PRIVACIES } from './words.ts';

/** Stands for all tools that are not named. */
export const ANY_TOOL = '*';

/** Reads `audit` of a server: one word for all of it, or words by the names of tools. */
export function readServerPrivacy(reading: Reading, item: Item | undefined): ReadonlyMap<string, ArgumentPrivacy> {
  const words = new Map<string, ArgumentPrivacy>();
  if (item === undefined) return words;
  const entries = isObject(item.value) ? namedItems(reading, item) : [{ ...item, name: ANY_TOOL }];
  for (const entry of entries) {
    if (entry.name === 'arguments') {
      say(reading, entry.pointer, 'names a tool; for all tools write the word itself, or "*"');
      continue;
    }
    const word = wordAt(reading, entry, PRIVACIES);
    // What cannot be read is a problem, and nothing is in force until it is mended.
    if (word !== undefined) words.set(entry.name, word);
  }
  return words;
}
