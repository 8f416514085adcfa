import { addDefinitions, type KnownTool } from '../../gateway/definitions.ts';
import type { Definition } from '../../policy/decision.ts';
import { below } from '../../policy/problem.ts';
import { isArray, isObject, type Json, objectOf, withKeys } from '../../wire/json.ts';
import { elements, type Item, namedItems, type Reading, say } from '../reading.ts';
import { onlyKeys } from './fields.ts';

/** What a server lists, by name. */
export type Tools = ReadonlyMap<string, Definition>;

/** Reads `{name: {inputSchema, annotations}}`, or what a server answers to tools/list, or the array of that alone. */
export function listedTools(reading: Reading, item: Item): Tools {
  const known = new Map<string, KnownTool>();
  addDefinitions(known, listOf(reading, item));
  return known;
}

function listOf(reading: Reading, item: Item): readonly Json[] {
  const { value, pointer } = item;
  if (isArray(value)) return namedTools(reading, item);
  const inner = isObject(value) ? value['tools'] : undefined;
  if (isArray(inner)) return namedTools(reading, { value: inner, pointer: below(pointer, 'tools') });
  return namedItems(reading, item).map((tool) => {
    onlyKeys(reading, tool, ['inputSchema', 'annotations', 'description']);
    return isObject(tool.value) ? withKeys(tool.value, { name: tool.name }) : objectOf([]);
  });
}

function namedTools(reading: Reading, list: Item): readonly Json[] {
  return elements(reading, list).map(({ value, pointer }) => {
    if (!isObject(value) || typeof value['name'] !== 'string') say(reading, pointer, 'a tool has a "name"');
    return value;
  });
}
