import type { Reservation, RuleRef, Ruling } from '../policy/decision.ts';
import type { Explanation, LimitTrace, RuleTrace } from '../policy/explain.ts';
import type { Trace } from '../policy/trace.ts';
import { FALSE, TRUE, type Truth } from '../policy/truth.ts';

/** The explanation as plain JSON. */
export function explanationJson({ decision, listed, speakers, rules, limits, counts }: Explanation): object {
  return {
    ...rulingJson(decision),
    listed: listed === 'listed',
    shadow: decision.shadow && rulingJson(decision.shadow),
    speakers: speakers.map(({ document, pointer, mode, isHidden }) => ({ document, pointer, mode, hidden: isHidden })),
    rules: rules.map(ruleJson),
    limits: limits.map(limitJson),
    counts: counts.map(({ key, windowMs, calls }) => ({ key, windowMs, calls })),
  };
}

function rulingJson({ effect, hidden, rule, reason, reservations }: Ruling): object {
  return { effect, hidden, ...refJson(rule), reason, reservations: reservations.map(reservationJson) };
}

function refJson({ document, pointer, id }: RuleRef): object {
  return { document, rule: pointer, id };
}

function reservationJson(reservation: Reservation): object {
  const { counter, window, max, scope, add, unit, period, key, onExceed } = reservation;
  return { counter, window, max, scope, add, unit, period, on_exceed: onExceed, key };
}

function ruleJson({ rule, stage, says, mode, trace, note }: RuleTrace): object {
  return { ...refJson(rule), stage, says, mode, note, trace: trace && traceJson(trace) };
}

function traceJson(trace: Trace): object {
  const truth = truthWord(trace.truth);
  if (trace.kind !== 'comparison') return { [trace.kind]: trace.parts.map(traceJson), truth };
  const { path, op, value, isNegated, saw } = trace;
  return { path, op, value, negated: isNegated, saw, truth };
}

function truthWord(truth: Truth): string {
  if (truth === TRUE) return 'true';
  return truth === FALSE ? 'false' : 'unknown';
}

function limitJson(limit: LimitTrace): object {
  switch (limit.kind) {
    case 'counts':
      return { ...refJson(limit.reservation.rule), mode: limit.mode, reserves: reservationJson(limit.reservation) };
    case 'refuses':
      return { ...refJson(limit.rule), mode: limit.mode, refuses: limit.note };
    case 'leaves out':
      return { ...refJson(limit.rule), mode: limit.mode, when: traceJson(limit.trace) };
  }
}
