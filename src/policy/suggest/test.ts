import type { Json } from '../../wire/json.ts';

/** A comparison with whatever stands at one place. */
export interface Test {
  readonly op: string;
  readonly value: Json;
}

/** The comparisons that say the same of a value that is there and hold where there is none, under `not`. */
const OPPOSITES: { readonly [op: string]: string } = {
  eq: 'neq',
  in: 'not_in',
  gte: 'lt',
  lte: 'gt',
  length_gte: 'length_lt',
  length_lte: 'length_gt',
  regex: 'not_regex',
};

/** The comparison that, under `not`, holds where the value is absent and else as this one does; undefined where there is none. */
export function oppositeOf({ op, value }: Test): Test | undefined {
  const opposite = OPPOSITES[op];
  return opposite === undefined ? undefined : { op: opposite, value };
}
