import type { Gate } from './gate.ts';
import type { Judged } from './judge.ts';
import { type Receipt, StoreFault, type Verdict } from './ports.ts';
import { allowedBody, refusedBody } from './record.ts';
import { fixedRefusal, type Refusal } from './refusal.ts';

export type Reserved =
  | { readonly kind: 'reserved'; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** One transaction: all of the call's limits or none, and its record, whatever it says. The store down means refused. */
export async function reserveAndRecord(gate: Gate, id: string, judged: Judged): Promise<Reserved> {
  const { fields, answer } = judged;
  const at = gate.clock.now();
  const { tick, lead } = gate.clock;
  try {
    if (answer.kind === 'refused') {
      const body = refusedBody(fields, answer.refusal);
      await gate.store.commit({ id, at, tick, lead, reservations: [], body: () => body });
      return answer;
    }
    const { decision } = answer;
    const { verdict, receipt } = await gate.store.commit({
      id,
      at,
      tick,
      lead,
      reservations: decision.reservations,
      body: (reached) =>
        reached.kind === 'reserved' ? allowedBody(fields, decision) : refusedBody(fields, limitRefusal(reached)),
    });
    return verdict.kind === 'reserved'
      ? { kind: 'reserved', receipt }
      : { kind: 'refused', refusal: limitRefusal(verdict) };
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    gate.log(`refused ${id}: the store is unavailable: ${fault.message}`);
    if (answer.kind === 'refused') return answer;
    const reason = 'The gateway cannot write its record now, so no call passes. Tell its operator; its log says why.';
    return { kind: 'refused', refusal: fixedRefusal('(store unavailable)', reason) };
  }
}

const WHOSE: Record<string, string> = {
  grant: 'for each grant',
  session: 'for each session',
  server: 'for all callers of the server together',
  global: 'for all servers and callers together',
};

function limitRefusal(verdict: Extract<Verdict, { kind: 'exceeded' }>): Refusal {
  const { reservation, retryAfterMs } = verdict;
  const { rule, counter, max, window, scope } = reservation;
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const told = `Limit ${counter}: at most ${max} calls per ${span(window)} ${WHOSE[scope] ?? ''}. Retry after ${seconds} s.`;
  return {
    decision: 'deny',
    rule: rule.pointer,
    ruleId: rule.id,
    document: rule.document,
    reason: reservation.reason === undefined ? told : `${reservation.reason} ${told}`,
    retryAfterSeconds: seconds,
    hidden: false,
  };
}

function span(window: string): string {
  return /^\d+$/.test(window) ? `${window} s` : window;
}
