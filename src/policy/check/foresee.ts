import { isArray, isObject, type Json } from '../../wire/json.ts';
import { truth } from '../truth.ts';
import { BOUNDLESS } from '../work.ts';
import type { Leaf, Tree } from './clause.ts';
import { ANYTHING, FAILS, greatest, HOLDS, just, least, negated, type Possible, UNSURE } from './possible.ts';
import { charactersOf, type Sample } from './sample.ts';

/** The answers that a condition can give for what a sample stands for. */
export function foresee(tree: Tree, sample: Sample): Possible {
  switch (tree.kind) {
    case 'all':
      return least(tree.parts.map((part) => foresee(part, sample)));
    case 'any':
      return greatest(tree.parts.map((part) => foresee(part, sample)));
    case 'leaf': {
      const plain = sample.kind === 'value' ? ofValue(tree, sample.value) : ofSymbol(tree, sample);
      return tree.isNegated ? negated(plain) : plain;
    }
  }
}

function ofValue({ test }: Leaf, value: Json | undefined): Possible {
  if (test !== undefined) return just(test(value, BOUNDLESS));
  if (value === undefined || value === null) return FAILS;
  return typeof value === 'string' ? ANYTHING : UNSURE;
}

type Kind = Exclude<Sample, { kind: 'value' }>;

function ofSymbol(leaf: Leaf, sample: Kind): Possible {
  const { op, value } = leaf;
  switch (op) {
    case 'exists':
      return just(truth(value === true));
    case 'type':
      return just(truth(value === (sample.kind === 'text' ? 'string' : sample.kind)));
    case 'eq':
      return ofOthers([value], sample);
    case 'neq':
      return negated(ofOthers([value], sample));
    case 'in':
      return ofOthers(isArray(value) ? value : [], sample);
    case 'not_in':
      return negated(ofOthers(isArray(value) ? value : [], sample));
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return sample.kind === 'text' && typeof value === 'string' ? ANYTHING : UNSURE;
    case 'length_lt':
      return just(truth(sample.length < Number(value)));
    case 'length_lte':
      return just(truth(sample.length <= Number(value)));
    case 'length_gt':
      return just(truth(sample.length > Number(value)));
    case 'length_gte':
      return just(truth(sample.length >= Number(value)));
    case 'contains':
      return ofPart(leaf, sample);
    case 'not_contains':
      return negated(ofPart(leaf, sample));
    case 'starts_with':
    case 'ends_with':
      return ofEdge(leaf, sample);
    default:
      return sample.kind === 'text' ? ANYTHING : UNSURE;
  }
}

/** It equals none of the values, but may be spelt like one. */
function ofOthers(values: readonly Json[], { kind }: Kind): Possible {
  const mayBeAlike = values.some((value) => {
    if (kind === 'text') return typeof value !== 'string' && !isArray(value) && !isObject(value);
    return kind === 'array' ? isArray(value) : isObject(value);
  });
  return mayBeAlike ? FAILS | UNSURE : FAILS;
}

function ofPart({ value, letters }: Leaf, sample: Kind): Possible {
  if (sample.kind === 'array') return ANYTHING;
  if (sample.kind !== 'text' || typeof value !== 'string') return UNSURE;
  if (value === '') return HOLDS;
  if (letters === 'any case') return HOLDS | FAILS;
  if (charactersOf(value) > sample.length) return FAILS;
  return sample.head.includes(value) || sample.tail.includes(value) ? HOLDS : HOLDS | FAILS;
}

function ofEdge({ op, value, letters }: Leaf, sample: Kind): Possible {
  if (sample.kind !== 'text') return UNSURE;
  if (typeof value !== 'string' || letters === 'any case') return HOLDS | FAILS;
  return just(truth(op === 'starts_with' ? sample.head.startsWith(value) : sample.tail.endsWith(value)));
}
