interface Stoppable {
  stop(): Promise<void>;
}

export interface Started {
  add<T extends Stoppable>(thing: T): T;
  /** Ends all that was added, newest first, even if one of them fails to end. */
  endAll(): Promise<void>;
}

/** Keeps what a test starts, so that `afterEach(() => kit.endAll())` leaves nothing behind. */
export function started(): Started {
  const things: Stoppable[] = [];
  return {
    add(thing) {
      things.push(thing);
      return thing;
    },
    async endAll() {
      const faults: unknown[] = [];
      for (const thing of things.splice(0).reverse()) await thing.stop().catch((fault: unknown) => faults.push(fault));
      if (faults.length > 0) throw new AggregateError(faults, 'something that a test started did not end');
    },
  };
}
