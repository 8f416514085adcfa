import type { RiskClass, Subject } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import type { Flight } from './flight.ts';
import type { Limits } from './limits.ts';
import type { PinBook } from './pins/pin-book.ts';
import type { Clock, Crypto, Store } from './ports.ts';
import type { SharedTools } from './shared-tools.ts';

/** How much of the arguments the log keeps. */
export type ArgumentPrivacy = 'full' | 'redacted' | 'keys';

/** What one grant may do on one server at this moment: one version of everything, used for a whole pass. */
export interface Standing {
  readonly grant: Subject['grant'];
  readonly policies: Policies;
  /** The policy's name in the configuration, and the SHA-256 of its canonical document. */
  readonly policyName: string;
  readonly policyDigest: string;
  /** The same of the organisation's baseline, where there is one. */
  readonly baselineDigest: string | undefined;
  /** Classes that the operator set for tools by name. */
  readonly classes: ReadonlyMap<string, RiskClass>;
}

/** What the path of a call needs from outside; the same for all sessions of a gateway. */
export interface Gate {
  /** The gateway's own version, which it tells servers of the modern era. */
  readonly version: string;
  readonly flight: Flight;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly store: Store;
  /** Definitions that sessions have alike. */
  readonly shared: SharedTools;
  /** The pins of a server's tools. */
  pins(server: string): PinBook;
  /** The grant's standing on the server now; undefined when it is revoked, expired, or holds no policy there. */
  standing(grant: string, server: string): Standing | undefined;
  /** Why it has none, in one sentence. */
  whyNone(grant: string, server: string): string;
  /** Settings of the log at this moment. */
  audit(): { readonly arguments: ArgumentPrivacy; readonly holdReply: boolean };
  /** How much anybody may send, ask and keep open, at this moment. */
  limits(): Limits;
  /** For the operator's eyes: one line, no secrets. */
  log(line: string): void;
}
