import { isObject, type JsonObject, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { INTERNAL_ERROR } from '../../wire/read-message.ts';
import { error } from '../../wire/replies.ts';
import { FAILED_INSIDE } from '../door-texts.ts';
import { handleCall } from '../handle.ts';
import type { Sink } from '../ports.ts';
import type { Session } from '../session.ts';
import type { Approval } from './approval.ts';
import type { TaskRun } from './approval-tasks.ts';
import { withApproved } from './call-key.ts';

/** Nobody listens in the middle of a task: its client looks when it likes. */
const BESIDE: Sink = {
  paramHeaders: undefined,
  push: () => false,
  open: () => false,
  isWaiting: () => false,
  pause() {},
};

/**
 * Sends the call of a task: a fresh pass through the whole path, which uses the approval. Begun only when the client looks at its task and so is
 * there. `looking`: the message by which it does; the call takes its envelope. `more`: what the client adds in a later round.
 */
export function runTask(
  session: Session,
  approval: Approval,
  looking: Request,
  more: JsonObject | undefined,
): TaskRun | undefined {
  const { gate, grant, approvalTasks } = session;
  // The look has a place among the grant's requests, which the call takes over.
  const place = gate.flight.share(grant);
  if (place === undefined) return undefined;
  const messageId = `task ${approval.id} ${gate.crypto.id()}`;
  const params = withKeys(withApproved(enveloped(looking), approval.subject.params), more ?? {});
  const message: Request = { kind: 'request', id: messageId, method: approval.subject.method, params };
  const claim = more === undefined ? ({ kind: 'only', id: approval.id } as const) : ({ kind: 'any' } as const);
  const run: TaskRun = {
    messageId,
    place,
    reply: undefined,
    isCancelled: false,
    done: Promise.resolve(),
    serverTask: undefined,
  };
  run.done = handleCall(session, message, BESIDE, claim)
    .catch((fault: Error) => {
      gate.log(`the task ${approval.id} failed inside the gateway: ${fault.stack ?? fault.message}`);
      return error(messageId, { code: INTERNAL_ERROR, message: FAILED_INSIDE });
    })
    .then((reply) => {
      place.leave();
      run.isCancelled = reply === undefined;
      run.reply = reply ?? error(messageId, { code: INTERNAL_ERROR, message: 'The call was cancelled.' });
      run.serverTask = serverTaskIn(run.reply);
      approvalTasks.finished(approval.id, run);
    });
  approvalTasks.keep(approval.id, run);
  return run;
}

/** The client's own envelope, without what belongs to its look at the task alone. */
function enveloped({ params }: Request): JsonObject {
  const { _meta } = params;
  const meta = isObject(_meta) ? withKeys(_meta, { progressToken: undefined }) : undefined;
  return withKeys(params, { _meta: meta, inputResponses: undefined, requestState: undefined });
}

function serverTaskIn(reply: JsonObject): string | undefined {
  const answer = reply['result'];
  if (!isObject(answer) || answer['resultType'] !== 'task') return undefined;
  const { taskId } = answer;
  return typeof taskId === 'string' ? taskId : undefined;
}
