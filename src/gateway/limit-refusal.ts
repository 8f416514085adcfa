import type { Reservation, Scope } from '../policy/decision.ts';
import { toldSpan } from '../policy/window.ts';
import type { Verdict } from './ports.ts';
import type { Refusal } from './refusal.ts';

const WHOSE: { readonly [scope in Scope]: string } = {
  grant: 'for each grant',
  session: 'for each session',
  owner: 'for all grants of one owner together',
  server: 'for all callers of the server together',
  global: 'for all servers and callers together',
};

/** The refusal of a call that a limit stops: which limit, and when a retry can succeed. */
export function limitRefusal(verdict: Extract<Verdict, { kind: 'exceeded' }>): Refusal {
  const { reservation, retryAfterMs, why } = verdict;
  const { rule, counter, onExceed } = reservation;
  // What exceeds a limit by itself will do so at any time.
  const isHopeless = why === 'max' && reservation.add > reservation.max;
  const seconds = isHopeless ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000));
  const what = why === 'values' ? 'it counts as many different values as it can already' : ceiling(reservation);
  // More values than may live are refused, whoever approves.
  const decision = why === 'values' ? 'deny' : onExceed;
  const told = `Limit ${counter}: ${what}.${nextStep(decision, reservation, seconds)}`;
  return {
    decision,
    rule: rule.pointer,
    ruleId: rule.id,
    document: rule.document,
    reason: reservation.reason === undefined ? told : `${reservation.reason} ${told}`,
    retryAfterSeconds: seconds,
    hidden: false,
  };
}

/** Where a person is asked, to wait is not what comes next; the time stands in the note all the same. */
function nextStep(decision: Refusal['decision'], { add }: Reservation, seconds: number | undefined): string {
  if (seconds === undefined) return ` This call adds ${add} by itself.`;
  return decision === 'deny' ? ` Retry after ${seconds} s.` : '';
}

function ceiling(reservation: Reservation): string {
  const { max, unit, scope, family } = reservation;
  const per = family === undefined ? '' : ', for each value that it counts by,';
  return `at most ${max} ${unit === 'calls' ? 'calls' : 'in sum'} ${toldSpan(reservation)}${per} ${WHOSE[scope]}`;
}
