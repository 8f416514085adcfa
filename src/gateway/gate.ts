import type { RiskClass, Subject } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import type { Answer } from './approvals/approval.ts';
import type { ApprovalBook } from './approvals/approval-book.ts';
import type { Person } from './approvals/quorum.ts';
import type { Flight } from './flight.ts';
import type { Limits } from './limits.ts';
import type { PinBook } from './pins/pin-book.ts';
import type { Clock, Crypto, Store } from './ports.ts';
import type { SharedTools } from './shared-tools.ts';

/** How much of the arguments the log keeps: all, sealed and erasable beside the records; all but secrets; their keys and types. */
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
  /** What the rule at a pointer of the policy or the baseline says: canonical JSON; undefined where there is none. */
  ruleText(document: 'policy' | 'baseline', pointer: string): string | undefined;
  /** Classes that the operator set for tools by name. */
  readonly classes: ReadonlyMap<string, RiskClass>;
}

/** How people are asked, at this moment. */
export interface ApprovalSettings {
  /** Where people reach the page, without a slash at its end; undefined where there is none. */
  readonly url: string | undefined;
  /** How long a question stands where the policy is silent, ms. */
  readonly timeoutMs: number;
  /** How long a call is held at most while a person is asked, ms; undefined: as long as its client is known to wait; 0: not at all. */
  readonly holdMs: number | undefined;
  /** Open questions of one grant, and of one grant about one tool. */
  readonly maxOfGrant: number;
  readonly maxOfName: number;
  /** The hooks that are told of an event, by their names. */
  hooksFor(event: string): readonly string[];
  /** Whether who gave this answer is still who the configuration names. */
  countsNow(answer: Answer): boolean;
  /** Whether anybody but the local user could answer at all. */
  readonly hasPeople: boolean;
  /** The person of this name, if the configuration has one. */
  personNamed(name: string): Person | undefined;
  /** The local user, who may be asked by a form in the client; undefined behind HTTP. */
  readonly localUser: string | undefined;
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
  audit(): { readonly holdReply: boolean };
  /** What the log keeps of the arguments of a server's tool; without a tool, of what else the server is asked. */
  privacy(server: string, tool: string | undefined): ArgumentPrivacy;
  /** Questions to people: where they are kept, and who waits for answers. */
  readonly approvals: ApprovalBook;
  approvalSettings(): ApprovalSettings;
  /** How much anybody may send, ask and keep open, at this moment. */
  limits(): Limits;
  /** For the operator's eyes: one line, no secrets. */
  log(line: string): void;
}
