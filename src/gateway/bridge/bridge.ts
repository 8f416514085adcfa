import type { Passage } from '../passage.ts';
import type { Permit } from '../permit.ts';
import type { Clock, Connection, ConnectionEvents } from '../ports.ts';

export type Pass = Permit | Passage;

/** What a bridge is given. */
export interface BridgeOptions {
  readonly server: string;
  readonly clock: Clock;
  /** The gateway's own. */
  readonly version: string;
  /** The connection to the server, in the server's era. */
  readonly far: Connection;
  /** The session that owns the connection. */
  readonly near: ConnectionEvents;
  /** The server did not take the first word in its era: perhaps it is not of that era. */
  undone(): void;
}

/** A connection that speaks the one era to its session and the other to its server. */
export interface Bridge extends Connection {
  /** What the connection to the server tells. */
  readonly ears: ConnectionEvents;
}
