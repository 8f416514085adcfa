import type { ApprovalDesk } from '../gateway/approvals/approval-desk.ts';
import type { Backtests } from '../gateway/audit/backtest-port.ts';
import type { AuditDesk } from '../gateway/audit/find/audit-desk.ts';
import type { Clock, Crypto } from '../gateway/ports.ts';
import type { Strangers } from '../gateway/strangers.ts';
import type { People } from './people.ts';

/** What the API and the pages need from outside. */
export interface AdminOptions {
  readonly desk: ApprovalDesk;
  readonly backtests: Backtests;
  readonly audit: AuditDesk;
  readonly people: People;
  readonly strangers: Pick<Strangers, 'refused'>;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly crypto: Pick<Crypto, 'id'>;
  /** Whether browsers reach this through TLS, the gateway's own or a proxy's. */
  readonly isSecure: boolean;
  /** Where the configuration says that people reach the page. */
  url(): string | undefined;
  /** A day, a time with its zone, or an age, as milliseconds since the epoch; undefined for what is none. */
  readTime(text: string): number | undefined;
  /** For the operator's eyes: one line, no secrets. */
  log(line: string): void;
}
