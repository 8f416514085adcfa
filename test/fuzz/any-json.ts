import { type Json, objectOf } from '../../src/wire/json.ts';
import { KEYS, ODD_KEYS, ODD_VALUES, PATHS, WORDS } from './odd-words.ts';
import type { Random } from './random.ts';

/** Any JSON, with the names that trip careless readers. */
export function anyJson(random: Random, depth = 5): Json {
  if (depth === 0 || random.below(3) === 0) return anyScalar(random);
  const length = random.below(4);
  if (random.isOneIn(2)) return Array.from({ length }, () => anyJson(random, depth - 1));
  return objectOf(Array.from({ length }, () => [anyKey(random), anyJson(random, depth - 1)] as const));
}

export function anyKey(random: Random): string {
  return random.isOneIn(4) ? random.pick(ODD_KEYS) : random.pick(KEYS);
}

export function anyScalar(random: Random): Json {
  switch (random.below(4)) {
    case 0:
      return random.pick(WORDS);
    case 1:
      return random.pick(PATHS);
    case 2:
      return random.pick(ODD_VALUES);
    default:
      return random.below(100);
  }
}

/** Where the language wants an array; elsewhere it wants an object or a scalar. */
const LISTS: ReadonlySet<string> = new Set([
  ...['hide', 'require', 'deny_if', 'approve_if', 'limits', 'conditions', 'when', 'all', 'any', 'redact', 'roles'],
  'owners',
]);
const OBJECTS: ReadonlySet<string> = new Set([
  ...['all_tools', 'classes', 'tools', 'resources', 'prompts', 'requests', 'results', 'approvals', 'rate_limit', 'not'],
  'approvers',
]);
const TABLES: ReadonlySet<string> = new Set(['classes', 'tools', 'resources', 'prompts']);

/** A document made of the words of the language, each where its kind may stand: nearly right. */
export function wordSalad(random: Random): Json {
  const keys = Array.from({ length: 1 + random.below(4) }, () => random.pick(KEYS));
  return objectOf([
    ['version', '1'],
    ['default', random.isOneIn(2) ? 'allow' : 'deny'],
    ...keys.map((key) => [key, saladUnder(random, key, 5)] as const),
  ]);
}

function saladUnder(random: Random, key: string, depth: number): Json {
  if (depth === 0 || random.isOneIn(12)) return anyScalar(random);
  if (LISTS.has(key)) return Array.from({ length: random.below(3) }, () => salad(random, key, depth - 1));
  if (OBJECTS.has(key)) return salad(random, key, depth - 1);
  return key === 'path' ? random.pick(PATHS) : anyScalar(random);
}

function salad(random: Random, under: string, depth: number): Json {
  const isCondition = ['conditions', 'when', 'all', 'any', 'not'].includes(under) && !random.isOneIn(4);
  if (isCondition) {
    return objectOf([
      ['path', random.pick(PATHS)],
      ['op', random.pick(WORDS)],
      ['value', anyJson(random, 2)],
    ]);
  }
  const length = random.below(3);
  const isTable = TABLES.has(under);
  return objectOf(
    Array.from({ length }, () => {
      const key = isTable ? random.pick(['get_a', '*', 'read', ...ODD_KEYS]) : anyKey(random);
      return [key, isTable ? salad(random, 'tool', depth) : saladUnder(random, key, depth)] as const;
    }),
  );
}
