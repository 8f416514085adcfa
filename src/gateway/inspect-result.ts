import { type Inspected, inspect } from '../policy/inspect.ts';
import type { Policy } from '../policy/policy.ts';
import type { ResultRules } from '../policy/results.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { RpcError } from '../wire/message.ts';
import type { Outcome } from './exchanges.ts';
import type { Refusal } from './refusal.ts';
import type { Session } from './session.ts';

/** What came of a call, as far as the client may know it. */
export interface InspectedOutcome {
  readonly outcome: Outcome;
  /** Texts and keys in which something was masked. */
  readonly masked: number;
  /** Why the client gets nothing of the answer, if so. */
  readonly withheld: Refusal | undefined;
}

/** The rules over answers that are in force for the session now; undefined when its grant has no standing, and so hears nothing. */
export function resultRules(session: Session): readonly ResultRules[] | undefined {
  const standing = session.gate.standing(session.grant, session.server);
  if (standing === undefined) return undefined;
  const { baseline, policy } = standing.policies;
  return [...rulesOf(baseline), ...rulesOf(policy)];
}

function rulesOf(policy: Policy | undefined): readonly ResultRules[] {
  return policy?.results === undefined || policy.mode === 'shadow' ? [] : [policy.results];
}

/** What of the server's answer to a call reaches the client. */
export function inspectOutcome(rules: readonly ResultRules[], outcome: Outcome): InspectedOutcome {
  if (rules.length === 0) return { outcome, masked: 0, withheld: undefined };
  switch (outcome.kind) {
    case 'answered': {
      const inspected = inspect(rules, outcome.result);
      if (inspected.kind === 'refused') return withheld(outcome, inspected, 'The call was carried out, and its result');
      return { outcome: { kind: 'answered', result: inspected.value }, masked: inspected.masked, withheld: undefined };
    }
    case 'failed': {
      const inspected = inspect(rules, errorObject(outcome.error));
      if (inspected.kind === 'refused') return withheld(outcome, inspected, 'The server answered with an error, which');
      const error = errorOf(inspected.value, outcome.error);
      return { outcome: { kind: 'failed', error }, masked: inspected.masked, withheld: undefined };
    }
    case 'unsent':
    case 'lost':
    case 'cancelled':
      return inspectReason(rules, outcome);
  }
}

/** A notification's or a request's parameters as the client may hear them; a text says why it may not. */
export function inspectParams(rules: readonly ResultRules[], params: JsonObject): JsonObject | string {
  const inspected = inspect(rules, params);
  if (inspected.kind === 'refused') return inspected.reason;
  return isObject(inspected.value) ? inspected.value : params;
}

/** The reason may quote the server. */
function inspectReason(
  rules: readonly ResultRules[],
  outcome: Extract<Outcome, { readonly reason: string }>,
): InspectedOutcome {
  const inspected = inspect(rules, outcome.reason);
  const isKept = inspected.kind === 'kept' && typeof inspected.value === 'string';
  const reason = isKept ? String(inspected.value) : 'the reason is withheld';
  const masked = inspected.kind === 'kept' ? inspected.masked : 0;
  return { outcome: { kind: outcome.kind, reason }, masked, withheld: undefined };
}

function withheld(
  outcome: Outcome,
  { rule, reason }: Extract<Inspected, { kind: 'refused' }>,
  what: string,
): InspectedOutcome {
  const refusal: Refusal = {
    decision: 'deny',
    rule: rule.pointer,
    ruleId: rule.id,
    document: rule.document,
    reason: `${what} is withheld: ${reason}. Do not repeat the call for it; ask for less at a time.`,
    hidden: false,
  };
  return { outcome, masked: 0, withheld: refusal };
}

function errorObject({ code, message, data }: RpcError): JsonObject {
  const entries: [string, Json][] = [
    ['code', code],
    ['message', message],
  ];
  if (data !== undefined) entries.push(['data', data]);
  return objectOf(entries);
}

function errorOf(value: Json, { code, message, data }: RpcError): RpcError {
  const kept = isObject(value) ? value : objectOf([]);
  const told = typeof kept['message'] === 'string' ? kept['message'] : message;
  return data === undefined ? { code, message: told } : { code, message: told, data: kept['data'] ?? null };
}
