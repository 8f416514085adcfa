import type { Gate } from '../gate.ts';
import type { Upstream } from '../ports.ts';
import type { Sessions } from '../sessions.ts';

/** A server that a grant may use. */
export interface Behind {
  readonly server: string;
  /** Speaks the era that it is asked to, whichever the server speaks. */
  readonly upstream: Upstream;
  readonly timeoutMs: number;
  readonly idleMs: number;
}

/** What all hubs of a gateway share. */
export interface HubWorld {
  readonly gate: Gate;
  readonly sessions: Sessions;
  /** The gateway's own. */
  readonly version: string;
  /** The servers of a grant, in the order of the configuration. */
  servers(grant: string): readonly Behind[];
  logOnce(line: string): void;
}
