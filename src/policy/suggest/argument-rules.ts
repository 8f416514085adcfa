import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { condition } from '../except/bounded.ts';
import { readPath } from '../path.ts';
import { friendlyUp } from './friendly.ts';
import { isMap, type Seen } from './seen.ts';
import { placeOf, type Spot, stepInto } from './spot.ts';
import { oppositeOf, type Test } from './test.ts';
import { hiddenTests, type Tested, valueTests } from './value-tests.ts';

/** One rule, and why it stands there. */
export interface Part {
  readonly rule: JsonObject;
  readonly says: string;
  /** Ids of records; where there are none, those of the whole entry stand for it. */
  readonly examples: readonly string[];
}

export interface ArgumentRules {
  readonly require: readonly Part[];
  /** Arguments of which nothing is said, and why. */
  readonly unsaid: readonly { readonly path: string; readonly why: string }[];
}

/** More rules of one entry nobody reads. */
const MOST_RULES = 40;

/** What keeps calls to the arguments that were seen; `root` holds all of them together. */
export function argumentRules(root: Seen): ArgumentRules {
  const found: Found = { require: [], unsaid: [] };
  if (root.hidden > 0) {
    const why = `the arguments of ${root.hidden} of ${root.chances} calls were not kept`;
    return { require: [], unsaid: [{ path: 'args', why }] };
  }
  goInto(found, root, { path: 'args', absent: undefined, each: undefined });
  return found;
}

interface Found {
  readonly require: Part[];
  readonly unsaid: { path: string; why: string }[];
}

function goInto(found: Found, seen: Seen, spot: Spot): void {
  const isRoot = spot.path === 'args';
  if (isMap(seen, isRoot ? 'root' : 'inside')) {
    found.unsaid.push({ path: spot.path, why: 'its keys are so many that they seem to be values' });
    return;
  }
  const holders = isRoot ? seen.chances : (seen.types.get('object') ?? 0);
  for (const [key, inner] of [...seen.keys].sort(([a], [b]) => (a < b ? -1 : 1))) {
    judge(found, inner, stepInto(spot, key, inner.present < holders));
  }
  if (seen.each !== undefined) {
    const { each } = seen;
    if (each.present > 0) judge(found, each, placeOf(seen, spot, each.present < each.chances));
  }
}

function judge(found: Found, seen: Seen, spot: Spot | string): void {
  if (seen.present === 0) return;
  if (typeof spot === 'string') return;
  if (typeof readPath(spot.path) === 'string') {
    found.unsaid.push({ path: spot.path, why: 'its name is too long for a path' });
    return;
  }
  if (found.require.length >= MOST_RULES) {
    found.unsaid.push({ path: spot.path, why: `there are ${MOST_RULES} rules on arguments already` });
    return;
  }
  const tested = testsOf(seen);
  if (typeof tested === 'string') {
    found.unsaid.push({ path: spot.path, why: tested });
    return;
  }
  const said = seen.hidden > 0 && tested.tests.length === 0 ? undefined : conditionsAt(spot, tested.tests);
  if (said === undefined) found.unsaid.push({ path: spot.path, why: whyUnsaid(seen, tested) });
  else if (said.length > 0) {
    const rule = objectOf([['conditions', said]]);
    found.require.push({ rule, says: `${spot.path.slice('args.'.length)}: ${tested.says}`, examples: tested.examples });
  }
  if (seen.hidden === 0 && seen.types.size === 1) goInto(found, seen, spot);
}

function whyUnsaid(seen: Seen, tested: Tested): string {
  return seen.hidden > 0 ? tested.says : 'elements differ in whether they have it';
}

function testsOf(seen: Seen): Tested | string {
  if (seen.hidden > 0) return hiddenTests(seen);
  const [type, second] = seen.types.keys();
  if (type === undefined || second !== undefined)
    return `values of several types were seen: ${[...seen.types.keys()].sort().join(', ')}`;
  if (type === 'array' || type === 'object') return sizeTests(type, seen);
  return valueTests(seen);
}

function sizeTests(type: 'array' | 'object', seen: Seen): Tested {
  const { least = 0, most = 0, leastId = '', mostId = '' } = seen.lengths ?? {};
  const what = `${type === 'array' ? 'element' : 'key'}${most === 1 ? '' : 's'}`;
  // Another key is one that was never seen; another element is one more of the same.
  const size: Test = { op: 'length_lte', value: type === 'array' ? friendlyUp(most) : most };
  const tests: readonly Test[] = hasOwnRules(seen) ? [size] : [{ op: 'type', value: type }, size];
  return {
    tests,
    says: `${least === most ? most : `${least} to ${most}`} ${what}`,
    examples: [...new Set([leastId, mostId])],
  };
}

/** Whether a rule on its parts, which are always there, holds for no other type. */
function hasOwnRules({ keys, each, types, lengths }: Seen): boolean {
  if (each !== undefined) return (lengths?.least ?? 0) > 0 && each.present === each.chances && each.hidden === 0;
  const objects = types.get('object') ?? 0;
  return [...keys.values()].some((one) => one.present === objects && one.hidden === 0 && one.types.size === 1);
}

/** The conditions of a rule; undefined where the language cannot say it. */
function conditionsAt(spot: Spot, tests: readonly Test[]): readonly Json[] | undefined {
  const { path, absent, each } = spot;
  if (each === undefined)
    return orAbsent(
      tests.map(({ op, value }) => condition(path, op, value)),
      absent ?? [],
    );
  const said =
    each.elements === 'all have it'
      ? tests.map(({ op, value }) => condition(path, op, value))
      : tests.flatMap((test) => unlessOpposite(path, test));
  if (said.length === 0 && tests.length > 0) return undefined;
  return orAbsent(said, [...(absent ?? []), ...each.empty]);
}

function unlessOpposite(path: string, test: Test): readonly JsonObject[] {
  const opposite = oppositeOf(test);
  return opposite === undefined ? [] : [objectOf([['not', condition(path, opposite.op, opposite.value)]])];
}

/** A rule for what may be left out. */
function orAbsent(conditions: readonly Json[], others: readonly Json[]): readonly Json[] {
  const [only, second] = conditions;
  if (others.length === 0 || only === undefined) return conditions;
  const rule = second === undefined ? only : objectOf([['all', conditions]]);
  return [objectOf([['any', [...others, rule]]])];
}
