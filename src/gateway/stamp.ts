import type { Clock, Crypto } from './ports.ts';

/** What a record or notice needs from outside. */
export interface Stamp {
  /** Wall time, ms since the epoch. */
  readonly at: number;
  /** A fresh id. */
  id(): string;
}

/** A stamp of this moment. */
export function stampNow({ clock, crypto }: { clock: Pick<Clock, 'now'>; crypto: Pick<Crypto, 'id'> }): Stamp {
  return { at: clock.now(), id: () => crypto.id() };
}
