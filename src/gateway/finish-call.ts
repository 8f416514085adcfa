import type { RiskClass } from '../policy/decision.ts';
import type { ResultRules } from '../policy/results.ts';
import type { Call } from '../wire/call.ts';
import { isObject, type Json, type JsonObject, withKeys } from '../wire/json.ts';
import { INTERNAL_ERROR } from '../wire/read-message.ts';
import type { Approval } from './approvals/approval.ts';
import { isApprovalId } from './approvals/approval-tasks.ts';
import { askThrough, askThroughError } from './ask-through.ts';
import type { Outcome } from './exchanges.ts';
import { type InspectedOutcome, inspectOutcome } from './inspect-result.ts';
import { ownerOf } from './round-of.ts';
import type { Session } from './session.ts';

/** What of the server's answer to a call the client gets: masked, with questions judged, with what the gateway must find again noted. */
export async function finishCall(
  session: Session,
  { call, class: riskClass }: { readonly call: Call; readonly class: RiskClass },
  outcome: Outcome,
  rules: readonly ResultRules[],
  approval: Approval | undefined,
): Promise<InspectedOutcome> {
  if (outcome.kind === 'failed') {
    const refused = await askThroughError(session, outcome.error, call.params);
    const inspected = inspectOutcome(rules, outcome);
    return refused === undefined ? inspected : { ...inspected, withheld: refused };
  }
  const answer = outcome.kind === 'answered' && isObject(outcome.result) ? outcome.result : undefined;
  if (answer === undefined) return inspectOutcome(rules, outcome);
  if (session.era === 'modern' && isApprovalId(taskIdIn(answer, 'modern'))) return inspectOutcome(rules, OWN_ID);
  noteTask(session, call, riskClass, answer);
  const type = session.era === 'modern' ? answer['resultType'] : undefined;
  switch (type) {
    case undefined:
    case 'complete':
      return inspectOutcome(rules, outcome);
    case 'task': {
      // Not here but in later looks at the task is where questions belong; a client may take them here all the same.
      const refused = await askThrough(session, answer['inputRequests'], call.params);
      const inspected = inspectOutcome(rules, outcome);
      return refused === undefined ? inspected : { ...inspected, withheld: refused };
    }
    case 'input_required':
      return askForInput(session, call, answer, rules, approval);
    default:
      return inspectOutcome(rules, unknownType(type));
  }
}

function noteTask({ tasks, era }: Session, call: Call, riskClass: RiskClass, answer: JsonObject): void {
  const id = call.kind === 'tool' ? taskIdIn(answer, era) : undefined;
  if (typeof id === 'string') tasks.begin(id, call.name, riskClass);
}

function taskIdIn(answer: JsonObject, era: Session['era']): Json | undefined {
  if (era === 'modern') return answer['resultType'] === 'task' ? answer['taskId'] : undefined;
  const { task } = answer;
  return isObject(task) ? task['taskId'] : undefined;
}

/** The server needs input: each of its questions is judged and recorded like any, and the state that comes back is sealed. */
async function askForInput(
  session: Session,
  call: Call,
  answer: JsonObject,
  rules: readonly ResultRules[],
  approval: Approval | undefined,
): Promise<InspectedOutcome> {
  const refused = await askThrough(session, answer['inputRequests'], call.params);
  if (refused !== undefined) return { outcome: { kind: 'answered', result: answer }, masked: 0, withheld: refused };
  // The state is the server's alone: masking something in it would make it worthless.
  const shown = withKeys(answer, { requestState: undefined });
  const inspected = inspectOutcome(rules, { kind: 'answered', result: shown });
  const { outcome } = inspected;
  if (inspected.withheld !== undefined || outcome.kind !== 'answered' || !isObject(outcome.result)) return inspected;
  const whole = withKeys(outcome.result, { requestState: answer['requestState'] });
  return {
    ...inspected,
    outcome: { kind: 'answered', result: session.rounds.seal(ownerOf(session), call, whole, approval) },
  };
}

/** Under such an id a client asks how a question to a person stands: nothing of a server's is to be found there. */
const OWN_ID: Outcome = {
  kind: 'failed',
  error: {
    code: INTERNAL_ERROR,
    message:
      'The server began a task under an id with "ap_", which is for questions of the gateway. The call may have taken effect.',
  },
};

function unknownType(type: Json): Outcome {
  const told = JSON.stringify(type).slice(0, 60);
  const message = `The server answered with a result of the type ${told}, which nobody here can judge. The call may have taken effect.`;
  return { kind: 'failed', error: { code: INTERNAL_ERROR, message } };
}
