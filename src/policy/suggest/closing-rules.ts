import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { KnownTool } from '../check/warning.ts';
import { condition } from '../except/bounded.ts';
import { memberPath } from '../member-path.ts';
import { readPath } from '../path.ts';
import { differInCaseAlone } from '../typed/text.ts';
import type { Part } from './argument-rules.ts';
import type { Seen } from './seen.ts';

/** Longer lists of arguments that were never used nobody reads. */
const MOST_UNUSED = 12;
/** For more arguments that may be left out it takes too many words to say that no other may stand in their place. */
const MOST_OPTIONAL = 2;

/**
 * What keeps out arguments that were never used: by their names, where `tool` names all that there are, or by how many there may be beside
 * those that are there.
 */
export function closingRules(root: Seen, tool: KnownTool | undefined): readonly Part[] {
  if (root.hidden > 0) return [];
  const unused = unusedArguments(root, tool);
  if (unused?.length === 0) return [];
  const names = [...root.keys].filter(([, { present }]) => present > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const optional = names.flatMap(([name, { present }]) => (present < root.chances ? [name] : []));
  if (unused !== undefined && unused.length <= MOST_UNUSED && optional.length > 0) {
    return [
      part(
        unused.map((name) => exists(name, false)),
        `never used: ${unused.join(', ')}`,
      ),
    ];
  }
  const most = root.lengths?.most ?? 0;
  const isExact = canName(root, optional);
  const conditions = [
    atMost(most),
    ...(isExact ? withoutOptional(most, names.length - optional.length, optional) : []),
  ];
  const other = isExact ? 'no call had another argument' : `no call had more than ${most} arguments`;
  return [part(conditions, most === 0 ? 'no call had an argument' : other)];
}

function part(conditions: readonly Json[], says: string): Part {
  return { rule: objectOf([['conditions', conditions]]), says, examples: [] };
}

/** A name with null counts as absent, but not in a number of names; beside one that differs by case alone nobody can tell. */
function canName(root: Seen, optional: readonly string[]): boolean {
  const names = [...root.keys.keys()];
  if (optional.some((name) => names.some((other) => isTwin(other, name)))) return false;
  const hasNull = [...root.keys.values()].some(({ nulls }) => nulls > 0);
  return !hasNull && optional.length <= MOST_OPTIONAL && optional.every((name) => typeof pathOf(name) === 'object');
}

function isTwin(one: string, other: string): boolean {
  return one !== other && one.length === other.length && differInCaseAlone(one, other);
}

/** With one of them less there is one name less: nothing else stands in its place. */
function withoutOptional(most: number, always: number, optional: readonly string[]): readonly JsonObject[] {
  return optional.flatMap((_, missing) => {
    const there = optional.length - missing - 1;
    if (always + there >= most) return [];
    const more = optional.map((name) => exists(name, true));
    const [only, second] = more;
    const enough = missing === 0 && only !== undefined && second !== undefined ? [objectOf([['all', more]])] : more;
    return [objectOf([['any', [...enough, atMost(always + there)]]])];
  });
}

function atMost(count: number): JsonObject {
  return condition('args', 'length_lte', count);
}

function exists(name: string, isThere: boolean): JsonObject {
  return condition(memberPath('args', name), 'exists', isThere);
}

function pathOf(name: string): ReturnType<typeof readPath> {
  return readPath(memberPath('args', name));
}

/** Arguments that the tool's schema names and no call used; undefined where that cannot be told, or not be written. */
function unusedArguments(root: Seen, tool: KnownTool | undefined): readonly string[] | undefined {
  const properties = propertiesOf(tool);
  if (properties === undefined) return undefined;
  const unused = Object.keys(properties)
    .filter((key) => (root.keys.get(key)?.present ?? 0) === 0)
    .sort();
  return unused.every((key) => typeof pathOf(key) === 'object') ? unused : undefined;
}

function propertiesOf(tool: KnownTool | undefined): JsonObject | undefined {
  const schema = tool?.inputSchema;
  if (!isObject(schema)) return undefined;
  const { properties } = schema;
  return isObject(properties) ? properties : undefined;
}
