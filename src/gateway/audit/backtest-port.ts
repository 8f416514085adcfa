import type { JsonObject } from '../../wire/json.ts';

/** What somebody asks of a draft. */
export interface BacktestWish {
  readonly policy: JsonObject;
  readonly baseline: JsonObject | undefined;
  /** How long ago, or a time; as `toolgate policy backtest` takes them. */
  readonly since: string;
  readonly until: string | undefined;
  readonly server: string | undefined;
  readonly grant: string | undefined;
}

/** Something in a wish that is not right. */
export interface WishProblem {
  /** Where in the wish it is. */
  readonly pointer: string;
  readonly message: string;
}

export type Backtested =
  | { readonly kind: 'backtest'; readonly found: JsonObject }
  | { readonly kind: 'invalid'; readonly problems: readonly WishProblem[] }
  /** As many run already as may. */
  | { readonly kind: 'busy' }
  /** It took too long, or too much memory, and was given up. */
  | { readonly kind: 'too much' };

/** Runs drafts over the log, beside the gateway's own work. Rejects with `StoreFault`. */
export interface Backtests {
  run(wish: BacktestWish): Promise<Backtested>;
}
