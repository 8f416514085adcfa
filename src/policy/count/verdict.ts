import type { Reservation } from '../decision.ts';

/** Whether all reservations of a call fit. */
export type Verdict =
  | { readonly kind: 'reserved' }
  | {
      readonly kind: 'exceeded';
      /** The first, in the order given, that denies; else the first that asks for approval. */
      readonly reservation: Reservation;
      readonly retryAfterMs: number;
      /** `values`: the limit's counter has as many values of `per` as may live; that denies, also where the limit asks for approval. */
      readonly why: 'max' | 'values';
      /** More limits that ask, where it is not one alone. */
      readonly also?: readonly Reservation[];
    };

/** Where a counter stood after the call: how much of `max` is used within the window. */
export interface LimitAfter {
  readonly counter: string;
  readonly scope: string;
  /** The nearest double of an exact decimal. */
  readonly used: number;
  readonly max: number;
}
