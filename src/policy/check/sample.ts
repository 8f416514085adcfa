import { isArray, isObject, type Json, objectOf } from '../../wire/json.ts';
import { COMPARE, isDate, ORDER } from '../fact-domain.ts';
import { nearDay } from '../near-day.ts';
import { isScalar, spelling } from '../spelling.ts';
import { lengthOf } from '../typed/measure.ts';
import type { Leaf } from './clause.ts';

/**
 * Stands for all values that a few comparisons cannot tell apart: one value, or the texts, arrays or objects of a length that
 * equal none of the values that are compared with. A text is told by the longest edges that it begins and ends with.
 */
export type Sample =
  | { readonly kind: 'value'; readonly value: Json | undefined }
  | { readonly kind: 'text'; readonly length: number; readonly head: string; readonly tail: string }
  | { readonly kind: 'array' | 'object'; readonly length: number };

const MOST_VALUES = 400;
const MOST_SAMPLES = 5_000;
/** Longer than any edge, and as long as no bound. */
const LONG = 1_009;

/** Samples that stand for every value there is; undefined where they would be too many. */
export function samplesFor(leaves: readonly Leaf[], more: readonly Json[]): readonly Sample[] | undefined {
  const days = leaves.some(({ op, value }) => ORDER.includes(op) && typeof value === 'string');
  const named = [...more, ...leaves.flatMap(valuesOf)].flatMap((value) => (days ? withDaysBeside(value) : [value]));
  if (named.length > MOST_VALUES) return undefined;
  const spelt = named.flatMap((value): readonly Json[] =>
    isScalar(value) ? [value, spelling(value), String(value)] : [value],
  );
  const values: Json[] = [true, false, '', [], objectOf([]), ...spelt, ...numbersAround(spelt, leaves)];
  const symbols = symbolsFor(leaves);
  if (values.length + symbols.length > MOST_SAMPLES) return undefined;
  return [undefined, null, ...values].map((value): Sample => ({ kind: 'value', value })).concat(symbols);
}

/** What a comparison names: values, edges and parts of texts. */
function valuesOf({ op, value }: Leaf): readonly Json[] {
  switch (op) {
    case 'in':
    case 'not_in':
      return isArray(value) ? value : [];
    case 'eq':
    case 'neq':
      return [value];
    case 'contains':
    case 'not_contains':
      return typeof value === 'string' ? [value, [value]] : [[value]];
    case 'starts_with':
    case 'ends_with':
      return [value];
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return typeof value === 'string' ? [value] : [];
    default:
      return [];
  }
}

/** Between two days that are named there may be one more. */
function withDaysBeside(value: Json): readonly Json[] {
  return isDate(value) ? [nearDay(value, -1), value, nearDay(value, 1)] : [value];
}

/** Every number that is named, and one whole and one broken one in each gap between them. */
function numbersAround(values: readonly Json[], leaves: readonly Leaf[]): readonly number[] {
  const bounds = leaves.flatMap(({ op, value }) => (/^[lg]te?$/.test(op) && typeof value === 'number' ? [value] : []));
  const spelt = values.flatMap((value) => (isScalar(value) ? [numberIn(value)] : []));
  const named = [...new Set([0, ...bounds, ...spelt].filter(Number.isFinite))].sort((a, b) => a - b);
  const last = named.at(-1) ?? 0;
  const first = named[0] ?? 0;
  const between = named.flatMap((number, index) => {
    const next = named[index + 1];
    if (next === undefined) return [];
    const middle = number / 2 + next / 2;
    return [middle, Math.floor(number) + 1, Math.ceil(next) - 1].filter((one) => one > number && one < next);
  });
  const beyond = [first - 1, first - 0.5, first * 2 - 1.5, last + 1, last + 0.5, last * 2 + 1.5];
  return [...named, ...between, ...beyond].filter(Number.isFinite);
}

function numberIn(value: Json): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
}

function symbolsFor(leaves: readonly Leaf[]): readonly Sample[] {
  const heads = edgesOf(leaves, 'starts_with');
  const tails = edgesOf(leaves, 'ends_with');
  const bounds = leaves.flatMap(({ op, value }) =>
    op.startsWith('length_') && typeof value === 'number' ? [value] : [],
  );
  const lengths = [...new Set([1, LONG, ...bounds.flatMap((bound) => [bound - 1, bound, bound + 1, bound + LONG])])];
  const real = lengths.filter((length) => length >= 1);
  const texts = heads.flatMap((head) =>
    tails.flatMap((tail) => {
      const least = Math.max(charactersOf(head), charactersOf(tail)) + 1;
      const fitting = [...new Set([least, least + LONG, ...real.filter((length) => length >= least)])];
      return fitting.map((length): Sample => ({ kind: 'text', length, head, tail }));
    }),
  );
  return [
    ...(isAboutDays(leaves) ? [] : texts),
    ...real.flatMap((length): readonly Sample[] => [
      { kind: 'array', length },
      { kind: 'object', length },
    ]),
  ];
}

/** Where days alone are compared, those that are named, and those beside them, stand for all there are. */
function isAboutDays(leaves: readonly Leaf[]): boolean {
  const isBound = ({ op, value }: Leaf): boolean => ORDER.includes(op) && typeof value === 'string';
  return leaves.some(isBound) && leaves.every((leaf) => isBound(leaf) || COMPARE.includes(leaf.op));
}

function edgesOf(leaves: readonly Leaf[], op: 'starts_with' | 'ends_with'): readonly string[] {
  const edges = leaves.flatMap((leaf) =>
    leaf.op === op && leaf.letters === 'as written' && typeof leaf.value === 'string' ? [leaf.value] : [],
  );
  return [...new Set(['', ...edges])];
}

export function charactersOf(text: string): number {
  return lengthOf(text) ?? 0;
}

/** Whether there is a value at all. */
export function isPresent(sample: Sample): boolean {
  return sample.kind !== 'value' || (sample.value !== undefined && sample.value !== null);
}

/** The JSON type of what a sample stands for; undefined for what is absent. */
export function typeOfSample(
  sample: Sample,
): 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | undefined {
  if (sample.kind === 'text') return 'string';
  if (sample.kind !== 'value') return sample.kind;
  const { value } = sample;
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'boolean';
}
