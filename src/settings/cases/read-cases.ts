import { isArray, isObject, type JsonObject } from '../../wire/json.ts';
import { elements, type Item, member, type Reading, say } from '../reading.ts';
import type { Case } from './case.ts';
import { onlyKeys } from './fields.ts';
import { type Around, readCase } from './read-case.ts';
import { classIn, PLAIN, SURROUNDING_KEYS, surroundingsIn } from './surroundings.ts';

const FILE_KEYS = ['description', 'policy', 'baseline', 'tools', 'classes', ...SURROUNDING_KEYS, 'cases'];

/** What a file of cases says. */
export interface ReadCases {
  readonly cases: readonly Case[];
  /** What it says for all of its cases. */
  readonly around: Around;
}

/** Reads a list of cases, or an object with `cases` and what they share. `otherwise` judges those that name no policy. */
export function readCases(reading: Reading, root: Item, otherwise: Item | undefined): ReadCases {
  const nothing: Around = { surroundings: PLAIN, policy: otherwise, baseline: undefined, tools: undefined };
  if (isArray(root.value)) return casesIn(reading, root, nothing);
  if (!isObject(root.value)) {
    say(reading, '', 'must be a list of cases, or an object with "cases" and what they share');
    return { cases: [], around: nothing };
  }
  if (isPolicy(root.value)) {
    const remedy = 'give it with --policy, and name a file of cases, or write {"policy": …, "cases": […]} into one';
    say(reading, '', `this is a policy; ${remedy}`);
    return { cases: [], around: nothing };
  }
  onlyKeys(reading, root, FILE_KEYS);
  const around: Around = {
    surroundings: {
      ...surroundingsIn(reading, root, PLAIN),
      class: classIn(reading, root) ?? PLAIN.class,
    },
    policy: member(root, 'policy') ?? otherwise,
    baseline: member(root, 'baseline'),
    tools: member(root, 'tools'),
  };
  const cases = member(root, 'cases');
  if (cases !== undefined) return casesIn(reading, cases, around);
  say(reading, '', '"cases" is missing');
  return { cases: [], around };
}

/** A policy has a version, a file of cases has none. */
function isPolicy(value: JsonObject): boolean {
  return value['version'] !== undefined && value['cases'] === undefined;
}

function casesIn(reading: Reading, list: Item, around: Around): ReadCases {
  const items = elements(reading, list);
  if (isArray(list.value) && items.length === 0) say(reading, list.pointer, 'a file without cases proves nothing');
  return { cases: items.flatMap((item) => readCase(reading, item, around) ?? []), around };
}
