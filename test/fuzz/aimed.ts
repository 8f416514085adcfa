import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../../src/wire/json.ts';
import { type Step, stepsOf } from '../laws/naive-path.ts';
import { anyJson } from './any-json.ts';
import { ODD_NUMBERS, ODD_TEXTS, ODD_VALUES } from './odd-words.ts';
import { oneOf, type Random } from './random.ts';
import type { Asked } from './trial.ts';

/** What a document says that a call can be aimed at. */
interface Aims {
  readonly names: readonly { readonly kind: Asked['kind']; readonly name: string }[];
  /** Paths of arguments, with what stands beside them. */
  readonly places: readonly { readonly path: string; readonly value: Json }[];
}

/** A call that goes for what the document speaks of: its names, its paths, its values and their neighbours. */
export function aimed(asked: Asked, document: Json, random: Random): Asked {
  const { names, places } = aimsOf(document);
  const target = random.isOneIn(4) ? undefined : oneOf(random, names);
  const { kind, name } = target ?? asked;
  let args = random.isOneIn(8) ? anyArguments(random) : asked.args;
  for (let rest = random.below(4); rest > 0; rest--) {
    const place = oneOf(random, places);
    if (place !== undefined) args = withValueAt(args, place.path, near(place.value, random), random);
  }
  if (kind === 'resource') args = objectOf([['uri', name]]);
  if (kind === 'request') args = objectOf([]);
  return { ...asked, kind, name, args, at: random.isOneIn(50) ? random.pick([...ODD_NUMBERS]) : asked.at };
}

function anyArguments(random: Random): JsonObject {
  const value = anyJson(random);
  return isObject(value) ? value : objectOf([['a', value]]);
}

const TABLES: readonly (readonly [table: string, kind: Asked['kind']])[] = [
  ['tools', 'tool'],
  ['hide', 'tool'],
  ['resources', 'resource'],
  ['prompts', 'prompt'],
];

function aimsOf(document: Json): Aims {
  const root = isObject(document) ? document : {};
  const names = TABLES.flatMap(([table, kind]) => {
    const found = root[table];
    const texts = isArray(found)
      ? found.filter((one) => typeof one === 'string')
      : Object.keys(isObject(found) ? found : {});
    return texts.map((text) => ({ kind, name: text.replaceAll('*', 'un') }));
  });
  const places: { path: string; value: Json }[] = [];
  const look = (value: Json): void => {
    if (isArray(value)) for (const element of value) look(element);
    if (!isObject(value)) return;
    for (const key of ['path', 'amount', 'per']) {
      const path = value[key];
      if (typeof path === 'string' && path.startsWith('args')) places.push({ path, value: value['value'] ?? 1 });
    }
    for (const member of Object.values(value)) look(member);
  };
  look(document);
  return { names, places };
}

/** The value, one at its boundary, one of another type, or one that has nothing to do with it. */
function near(value: Json, random: Random): Json {
  if (isArray(value) && !random.isOneIn(4)) return near(oneOf(random, value) ?? null, random);
  switch (random.below(8)) {
    case 0:
    case 1:
      return value;
    case 2:
      return [value];
    case 3:
      return random.pick(ODD_VALUES);
    case 4:
      return random.isOneIn(2) ? null : anyJson(random, 2);
    default:
      return beside(value, random);
  }
}

function beside(value: Json, random: Random): Json {
  if (typeof value === 'number') {
    return random.pick([
      value + 1,
      value - 1,
      value + 0.5,
      -value,
      String(value),
      `${value}.0`,
      random.pick(ODD_NUMBERS),
    ]);
  }
  if (typeof value === 'boolean') return random.pick<Json>([!value, String(value), Number(value)]);
  if (typeof value !== 'string') return random.pick(ODD_VALUES);
  const plain = value.replace(/^[\^*.]+|[$*.]+$/g, '');
  return random.pick<Json>([
    plain,
    `x${plain}`,
    `${plain}x`,
    `${plain}/../x`,
    `${plain}${plain}`,
    plain.toUpperCase(),
    `https://${plain}/`,
    `a@${plain}`,
    Number.isNaN(Number(value)) ? plain : Number(value),
    random.pick(ODD_TEXTS),
  ]);
}

/** The arguments with a value at a path; `[*]` stands for an array that holds it among others. */
function withValueAt(args: JsonObject, path: string, value: Json, random: Random): JsonObject {
  let steps: Step[];
  try {
    steps = stepsOf(path);
  } catch {
    return args;
  }
  const changed = withValue(args, steps.slice(1), value, random);
  return isObject(changed) ? changed : args;
}

function withValue(within: Json | undefined, steps: readonly Step[], value: Json, random: Random): Json {
  const [step, ...rest] = steps;
  if (step === undefined || random.isOneIn(20)) return value;
  if (typeof step === 'string') {
    const object = isObject(within) ? within : objectOf([]);
    const own = Object.hasOwn(object, step) ? object[step] : undefined;
    return withKeys(object, objectOf([[step, withValue(own, rest, value, random)]]));
  }
  const array = isArray(within) ? within : [];
  const at = typeof step === 'number' ? Math.min(step, 3) : random.below(Math.min(array.length + 1, 4));
  const filled = Array.from({ length: Math.max(array.length, at + 1) }, (_, index) => array[index] ?? null);
  return filled.with(at, withValue(array[at], rest, value, random));
}
