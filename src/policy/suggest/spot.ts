import type { Json } from '../../wire/json.ts';
import { condition } from '../except/bounded.ts';
import { memberPath } from '../member-path.ts';
import type { Seen } from './seen.ts';

/** Where a rule looks, and when it does not hold. */
export interface Spot {
  /** As conditions write it. */
  readonly path: string;
  /** Conditions that hold where there is nothing to look at. */
  readonly absent: readonly Json[] | undefined;
  /** Set among the elements of an array. */
  readonly each:
    | {
        /** Conditions that hold where there is no element. */
        readonly empty: readonly Json[];
        readonly elements: 'all have it' | 'some have it';
      }
    | undefined;
}

/** A member of an object. */
export function stepInto(spot: Spot, key: string, isOptional: boolean): Spot {
  const path = memberPath(spot.path, key);
  if (spot.each !== undefined) {
    const elements = isOptional ? 'some have it' : spot.each.elements;
    return { path, absent: spot.absent, each: { ...spot.each, elements } };
  }
  return { path, absent: isOptional ? [condition(path, 'exists', false)] : spot.absent, each: undefined };
}

/** The elements of an array; a text says why nothing can be said of them. */
export function placeOf(array: Seen, spot: Spot, isOptional: boolean): Spot | string {
  const path = `${spot.path}[*]`;
  const isEmpty = (array.lengths?.least ?? 0) === 0;
  if (spot.each === undefined) {
    const empty = isEmpty ? [condition(spot.path, 'length_lte', 0)] : [];
    return { path, absent: spot.absent, each: { empty, elements: isOptional ? 'some have it' : 'all have it' } };
  }
  // Each condition ranges over all inner elements by itself, so none could speak for those arrays that are empty.
  if (isEmpty || spot.each.elements === 'some have it') return 'arrays within arrays are empty, or not always there';
  return { path, absent: spot.absent, each: { ...spot.each, elements: isOptional ? 'some have it' : 'all have it' } };
}
