import { resolve } from 'node:path';
import { keysOf } from '../policy/shape.ts';
import { elements, type Item, knownKeys, member, type Reading, say, textAt } from './reading.ts';
import { Secret } from './secret.ts';
import type { KeyPlace, ValueKeySettings } from './settings.ts';
import { VALUE_KEY_RULE, valueKeyIn } from './value-key.ts';
import { KEY_PLACE, VALUES } from './vocabulary.ts';

const OWN: ValueKeySettings = { key: undefined, earlier: [] };

/** Reads `audit.values`. A relative `file` is relative to `folder`, that of the configuration. */
export function readValueKeys(reading: Reading, item: Item | undefined, folder: string): ValueKeySettings {
  if (item === undefined || !knownKeys(reading, item, keysOf(VALUES))) return OWN;
  const key = readPlace(reading, item, folder);
  const earlier = elements(reading, member(item, 'earlier')).flatMap((one) => readEarlier(reading, one, folder) ?? []);
  return { key, earlier };
}

function readEarlier(reading: Reading, item: Item, folder: string): KeyPlace | undefined {
  if (!knownKeys(reading, item, keysOf(KEY_PLACE))) return undefined;
  if (member(item, 'key') === undefined && member(item, 'file') === undefined)
    return say(reading, item.pointer, 'must have "key" or "file"');
  return readPlace(reading, item, folder);
}

function readPlace(reading: Reading, item: Item, folder: string): KeyPlace | undefined {
  const [key, file] = [member(item, 'key'), member(item, 'file')];
  if (key !== undefined && file !== undefined)
    return say(reading, item.pointer, 'has both "key" and "file"; one of them says it all');
  if (file !== undefined) {
    const path = textAt(reading, file);
    return path === undefined ? undefined : { kind: 'file', file: resolve(folder, path) };
  }
  const text = textAt(reading, key);
  if (text === undefined || key === undefined) return undefined;
  return valueKeyIn(text) === undefined
    ? say(reading, key.pointer, VALUE_KEY_RULE)
    : { kind: 'text', text: new Secret(text) };
}
