import type { Json } from '../wire/json.ts';
import type { ReadLimits } from '../wire/read-json.ts';
import type { Place } from './place.ts';

/** Room for a policy of a hundred thousand tools; a text beyond it is refused, not read for minutes. */
export const DOCUMENT: ReadLimits = { depth: 100, nodes: 1_000_000, numbers: 'exact' };

/** What a text says, or the first place where it stops being readable (UTF-16 offset). */
export type Source =
  | { readonly kind: 'value'; readonly value: Json; places(): Place }
  | { readonly kind: 'fault'; readonly at: number; readonly reason: string };
