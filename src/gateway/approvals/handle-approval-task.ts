import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { INVALID_PARAMS } from '../../wire/read-message.ts';
import { error, result } from '../../wire/replies.ts';
import { type Refusal, refusalReply } from '../refusal.ts';
import { APPROVAL_KEY } from '../rounds.ts';
import type { Session } from '../session.ts';
import type { Approval } from './approval.ts';
import { isApprovalId, type TaskRun } from './approval-tasks.ts';
import { clientSays } from './client-says.ts';
import { overText } from './over-text.ts';
import { clientAnswer } from './own-asks.ts';
import { questionsFor } from './questions-for.ts';
import { whyNotAnswer } from './quorum.ts';
import { runTask } from './run-task.ts';
import { type TaskStatus, taskFields } from './task-result.ts';
import { type Ways, waysOf } from './ways.ts';
import { withdraw } from './withdraw.ts';

/** A client that looks waits so long for a call that is quick. */
const QUICK_MS = 1_000;
const CALLED_OFF = 'its client cancelled the task';
const NO_ANSWER = objectOf([['resultType', 'complete']]);

/** Passes a message about a task of the server on, under the server's own id. */
export type PassOn = (message: Request) => Promise<JsonObject | undefined>;

/** A message about a task that is a question to a person; undefined when the id is none of this grant on this server. */
export async function handleApprovalTask(
  session: Session,
  message: Request,
  passOn: PassOn,
): Promise<JsonObject | 'unknown' | undefined> {
  const { gate, grant, server, approvalTasks } = session;
  const { taskId } = message.params;
  if (!isApprovalId(taskId)) return 'unknown';
  const approval = await gate.approvals.store.approval(taskId);
  if (approval?.subject.grant !== grant || approval.subject.server !== server) return 'unknown';
  const { serverTask } = approvalTasks.run(taskId) ?? {};
  if (serverTask !== undefined) return relayed(approval, message, serverTask, passOn);
  switch (message.method) {
    case 'tasks/get':
      return look(session, approval, message, passOn);
    case 'tasks/update':
      return update(session, approval, message);
    case 'tasks/cancel':
      return cancel(session, approval, message);
    default:
      return 'unknown';
  }
}

async function look(
  session: Session,
  approval: Approval,
  message: Request,
  passOn: PassOn,
): Promise<JsonObject | undefined> {
  const { gate, approvalTasks } = session;
  let run = approvalTasks.run(approval.id);
  if (run === undefined && approval.state === 'approved') run = runTask(session, approval, message, undefined);
  if (run !== undefined && run.reply === undefined) await settled(session, run);
  run?.place.alone();
  // Its answer may be a task of the server's, which goes on from here.
  if (run?.serverTask !== undefined) return relayed(approval, message, run.serverTask, passOn);
  const fields = (status: TaskStatus): JsonObject =>
    withKeys(taskFields(approval, gate.clock, status), { resultType: 'complete' });
  if (run !== undefined) return result(message.id, runShown(run, fields));
  if (approval.state === 'open' || approval.state === 'approved') {
    // What is approved waits for room to be sent: nobody is asked about it again.
    const isAsked = approval.state === 'open' && !approvalTasks.isAnswered(approval.id);
    const ways = inTask(session, approval, waysOf(session, approval, message.params));
    const questions = isAsked ? questionsFor(approval, ways) : undefined;
    const told =
      questions === undefined ? fields('working') : withKeys(fields('input_required'), { inputRequests: questions });
    return result(message.id, told);
  }
  if (approval.state === 'void' && approval.why === CALLED_OFF) return result(message.id, fields('cancelled'));
  return result(message.id, withKeys(fields('completed'), { result: endOf(approval) }));
}

/**
 * A client shows a task's question to its own user and may not look again before that is closed: where this user cannot answer, the task only waits.
 */
function inTask({ gate }: Session, { subject, answers }: Approval, ways: Ways): Ways {
  const person = gate.approvalSettings().personNamed(subject.owner);
  const mayOwner = person !== undefined && whyNotAnswer({ subject, answers }, person) === undefined;
  return mayOwner ? ways : { ...ways, url: undefined };
}

/** Waits for a call that may be quick, and not for one that is not. */
function settled({ gate }: Session, run: TaskRun): Promise<void> {
  return new Promise((resolve) => {
    const stop = gate.clock.after(QUICK_MS, resolve);
    void run.done.then(() => {
      stop();
      resolve();
    });
  });
}

function runShown({ reply, isCancelled }: TaskRun, fields: (status: TaskStatus) => JsonObject): JsonObject {
  if (reply === undefined) return fields('working');
  if (isCancelled) return fields('cancelled');
  const { error: fault, result: answer } = reply;
  if (fault !== undefined) return withKeys(fields('failed'), { error: fault });
  if (isObject(answer) && answer['resultType'] === 'input_required') {
    return withKeys(fields('input_required'), { inputRequests: answer['inputRequests'] });
  }
  return withKeys(fields('completed'), { result: answer ?? null });
}

/** What a client learns that looks when the question is over and its call did not run here. */
function endOf(approval: Approval): Json {
  const { id, state, subject } = approval;
  if (state === 'used') return notKept(id);
  const { rule } = subject;
  const refusal: Refusal = {
    decision: 'deny',
    rule: rule.pointer,
    ruleId: rule.id,
    document: rule.document,
    reason: `${overText(approval)} Nothing was sent to the server.`,
    hidden: false,
  };
  return refusalReply('', subject.kind, subject.name, refusal, id, 'modern')['result'] ?? null;
}

function notKept(id: string): JsonObject {
  const text = `[RESULT NOT KEPT] The request ${id} was approved, and its call was sent; what it gave is not kept here. It may have taken effect; check before calling again.`;
  const content = objectOf([
    ['type', 'text'],
    ['text', text],
  ]);
  return objectOf([
    ['resultType', 'complete'],
    ['content', [content]],
    ['isError', true],
  ]);
}

async function update(session: Session, approval: Approval, message: Request): Promise<JsonObject> {
  const { inputResponses } = message.params;
  if (!isObject(inputResponses)) {
    return error(message.id, { code: INVALID_PARAMS, message: 'params.inputResponses must be an object' });
  }
  const own = inputResponses[APPROVAL_KEY];
  const run = session.approvalTasks.run(approval.id);
  if (own !== undefined && run === undefined) {
    session.approvalTasks.answered(approval.id);
    await clientSays(session, approval, waysOf(session, approval, message.params), clientAnswer(own));
  }
  const answer = run?.reply?.['result'];
  if (isObject(answer) && answer['resultType'] === 'input_required') {
    const next = runTask(
      session,
      approval,
      message,
      objectOf([
        ['inputResponses', inputResponses],
        ['requestState', answer['requestState'] ?? null],
      ]),
    );
    next?.place.alone();
  }
  return result(message.id, NO_ANSWER);
}

async function cancel(session: Session, approval: Approval, message: Request): Promise<JsonObject> {
  const run = session.approvalTasks.run(approval.id);
  if (run === undefined) await withdraw(session, approval, CALLED_OFF);
  else session.exchanges.cancel(session.connection, run.messageId, CALLED_OFF);
  return result(message.id, NO_ANSWER);
}

/** The server made a task of the call: it is asked under its own id, and answers under ours. */
async function relayed(
  approval: Approval,
  message: Request,
  serverTask: string,
  passOn: PassOn,
): Promise<JsonObject | undefined> {
  const reply = await passOn({ ...message, params: withKeys(message.params, { taskId: serverTask }) });
  const answer = reply?.['result'];
  if (reply === undefined || !isObject(answer) || answer['taskId'] === undefined) return reply;
  return withKeys(reply, { result: withKeys(answer, { taskId: approval.id }) });
}
