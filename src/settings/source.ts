import type { Json } from '../wire/json.ts';
import type { ReadLimits } from '../wire/read-json.ts';
import type { Place } from './place.ts';

/** Room for a policy of a hundred thousand tools; a text beyond it is refused, not read for minutes. */
export const DOCUMENT: ReadLimits = { depth: 100, nodes: 1_000_000, numbers: 'exact' };

/** What a text says, or the first place where it stops being readable (UTF-16 offset). */
export type Source =
  | { readonly kind: 'value'; readonly value: Json; places(): Place }
  | {
      readonly kind: 'fault';
      readonly at: number;
      readonly reason: string;
      /** There when nothing but numbers is at fault, so that what else is wrong can be told as well. */
      readonly guess?: Guess;
    };

/** What a text would say with other numbers. INVARIANT: nothing of it may come into force. */
export interface Guess {
  readonly value: Json;
  /** The numbers that cannot be read, by their JSON Pointers, and why. */
  readonly numbers: ReadonlyMap<string, string>;
  places(): Place;
}

/** Stands for a number that cannot be read. It is good for most of what numbers are written for. */
export const STAND_IN = 1;
/** More of them in one file are not told apart. */
export const MOST_NUMBERS = 100;
