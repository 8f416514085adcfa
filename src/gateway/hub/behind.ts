import type { Gate } from '../gate.ts';
import type { Upstream } from '../ports.ts';
import type { Sessions } from '../sessions.ts';

/** A server that a grant may use. */
export interface Behind {
  readonly server: string;
  readonly upstream: Upstream;
  readonly timeoutMs: number;
  readonly idleMs: number;
}

/** What all hubs of a gateway share. */
export interface HubWorld {
  readonly gate: Gate;
  readonly sessions: Sessions;
  /** The servers of a grant, in the order of the configuration. */
  servers(grant: string): readonly Behind[];
  /** The server so that it speaks the era that it is asked to, whichever it speaks itself. */
  facing(behind: Behind): Upstream;
  logOnce(line: string): void;
}
