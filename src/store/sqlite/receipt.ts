import { type Receipt, StoreFault } from '../../gateway/ports.ts';
import type { Counters, Taken } from './counters.ts';

/** Holds what a pass took by itself, so that nothing is kept once the call is forgotten. */
export class HeldReceipt implements Receipt {
  readonly id: string;
  readonly #counters: Counters;
  #taken: readonly Taken[];

  constructor(id: string, counters: Counters, taken: readonly Taken[]) {
    this.id = id;
    this.#counters = counters;
    this.#taken = taken;
  }

  /** Gives back inside a transaction, the first time only; the answer makes it usable again should the transaction fail. */
  giveBack(): () => void {
    const taken = this.#taken;
    this.#taken = [];
    for (const one of taken) this.#counters.giveBack(one);
    return () => {
      if (taken.length > 0) this.#taken = taken;
    };
  }

  isOf(counters: Counters): boolean {
    return this.#counters === counters;
  }
}

/** Throws for a receipt that another store made: it cannot be honoured here. */
export function heldBy(counters: Counters, receipt: Receipt): HeldReceipt {
  if (receipt instanceof HeldReceipt && receipt.isOf(counters)) return receipt;
  throw new StoreFault(`receipt ${receipt.id} was made by another store; hand it to the store whose commit gave it`);
}
