import type { Refusal } from '../gateway/refusal.ts';
import type { Reservation, RuleRef, Ruling } from '../policy/decision.ts';
import type { Explanation, LimitTrace, RuleTrace } from '../policy/explain.ts';
import type { Trace } from '../policy/trace.ts';
import { FALSE, TRUE, type Truth } from '../policy/truth.ts';
import { turningLines } from './explain-turning.ts';

/** The explanation as plain JSON. `refusal`: what the counters say of it, with nothing counted yet. */
export function explanationJson(explained: Explanation, refusal: Refusal | undefined): object {
  const { decision, listed, speakers, rules, limits, counts } = explained;
  return {
    ...rulingJson(decision),
    ...(refusal && refusalJson(refusal)),
    listed: listed === 'listed',
    turning: turningLines(explained, refusal).map((line) => line.trim()),
    shadow: decision.shadow && rulingJson(decision.shadow),
    speakers: speakers.map(({ document, pointer, mode, hiddenBy }) => ({
      document,
      pointer,
      mode,
      hidden_by: hiddenBy,
    })),
    rules: rules.map(ruleJson),
    limits: limits.map(limitJson),
    counts: counts.map(({ key, windowMs, calls }) => ({ key, windowMs, calls })),
  };
}

function refusalJson({ decision, document, rule, ruleId, reason }: Refusal): object {
  return { effect: decision, document, rule, id: ruleId, reason };
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
  const { path, op, value, beside, isNegated, saw } = trace;
  return { path, op, value, ...Object.fromEntries(beside), negated: isNegated, saw, truth };
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
