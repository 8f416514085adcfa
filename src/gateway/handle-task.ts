import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import type { Request, RpcError } from '../wire/message.ts';
import { CAPABILITIES_KEY, MISSING_CAPABILITY } from '../wire/modern/envelope.ts';
import { INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST } from '../wire/read-message.ts';
import { error } from '../wire/replies.ts';
import { handleApprovalTask } from './approvals/handle-approval-task.ts';
import { TASKS_EXTENSION as EXTENSION } from './approvals/ways.ts';
import { askServer } from './ask-server.ts';
import { askThrough, askThroughError } from './ask-through.ts';
import type { Outcome } from './exchanges.ts';
import type { Standing } from './gate.ts';
import { type InspectedOutcome, inspectOutcome, resultRules } from './inspect-result.ts';
import { type Sink, StoreFault } from './ports.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyToCall } from './reply.ts';
import type { Session } from './session.ts';
import { mayReachTask, type Task } from './tasks.ts';

const UNWRITABLE = 'The gateway cannot reach its store now, so nothing passes. Tell its operator; its log says why.';

/** What changes a task is on record before the server hears of it; asking how it stands is not recorded. */
const CHANGING: ReadonlySet<string> = new Set(['tasks/update', 'tasks/cancel']);

/** A message about a task: of the gateway's own, by which a client waits for a person, or of the server's. */
export async function handleTask(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  const { gate } = session;
  if (gate.standing(session.grant, session.server) === undefined) return refuseStranger(session, message);
  const lacking = session.era === 'modern' ? undeclared(message.params) : undefined;
  if (lacking !== undefined) {
    await refuseMessage(session, message, lacking.code, lacking.message);
    return error(message.id, lacking);
  }
  const own = await ownTask(session, message, sink);
  return own === 'unknown' ? handleServerTask(session, message, sink) : own;
}

/**
 * A message about a task of the server's: passed on to whose call began it, and only while the policies let its tool be called. Whatever its
 * id, it is no question of the gateway's: what was told apart once is not looked at again.
 */
async function handleServerTask(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  const { gate } = session;
  const standing = gate.standing(session.grant, session.server);
  if (standing === undefined) return refuseStranger(session, message);
  const { taskId } = message.params;
  const task = message.method === 'tasks/list' ? undefined : session.tasks.find(taskId);
  if (message.method !== 'tasks/list' && (task === undefined || !mayReachTask(standing, task))) {
    const told = typeof taskId === 'string' ? taskId.slice(0, 200) : 'none';
    return refuseMessage(session, message, INVALID_PARAMS, `Unknown task: ${told}`);
  }
  if (task !== undefined && CHANGING.has(message.method)) {
    const refused = await recordChange(session, message, task);
    if (refused !== undefined) return refused;
  }
  const outcome = await askServer(session, message, message.params, sink, standing.policies);
  const finished = await finish(session, message, outcome, standing, task);
  return replyToCall(message.id, { kind: 'task', name: task?.id ?? '' }, finished, gate.crypto.id(), session.era);
}

function refuseStranger(session: Session, message: Request): Promise<JsonObject | undefined> {
  const { gate, grant, server } = session;
  return refuseMessage(session, message, INVALID_REQUEST, gate.whyNone(grant, server));
}

/** A task of the gateway's own, by which a client waits for a person. */
async function ownTask(session: Session, message: Request, sink: Sink): Promise<JsonObject | 'unknown' | undefined> {
  if (session.era !== 'modern') return 'unknown';
  try {
    return await handleApprovalTask(session, message, (passedOn) => handleServerTask(session, passedOn, sink));
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    return refuseMessage(session, message, INTERNAL_ERROR, UNWRITABLE);
  }
}

/** The error for a client that does not declare the extension in this request, whichever task it names. */
function undeclared(params: JsonObject): RpcError | undefined {
  const meta = params['_meta'];
  const capabilities = isObject(meta) ? meta[CAPABILITIES_KEY] : undefined;
  const extensions = isObject(capabilities) ? capabilities['extensions'] : undefined;
  if (isObject(extensions) && extensions[EXTENSION] !== undefined) return undefined;
  const needed = objectOf([['extensions', objectOf([[EXTENSION, objectOf([])]])]]);
  return {
    code: MISSING_CAPABILITY,
    message: `The client must declare the extension ${EXTENSION} in its capabilities to speak of tasks.`,
    data: objectOf([['requiredCapabilities', needed]]),
  };
}

async function recordChange(session: Session, message: Request, task: Task): Promise<JsonObject | undefined> {
  try {
    await session.event(message.method, session.sender, { task: task.id, tool: task.tool });
    return undefined;
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    return refuseMessage(session, message, INTERNAL_ERROR, UNWRITABLE);
  }
}

async function finish(
  session: Session,
  message: Request,
  outcome: Outcome,
  standing: Standing,
  task: Task | undefined,
): Promise<InspectedOutcome> {
  const rules = resultRules(session) ?? [];
  const inspected = inspectOutcome(rules, outcome);
  if (outcome.kind === 'failed') {
    const refused = await askThroughError(session, outcome.error, message.params);
    return refused === undefined ? inspected : { ...inspected, withheld: refused };
  }
  const answer = outcome.kind === 'answered' ? outcome.result : undefined;
  if (!isObject(answer)) return inspected;
  if (message.method === 'tasks/list')
    return { ...inspected, outcome: withOwnTasks(session, standing, inspected.outcome) };
  const refused = await askThrough(session, answer['inputRequests'], message.params, task?.asked);
  return refused === undefined ? inspected : { ...inspected, withheld: refused };
}

function withOwnTasks(session: Session, standing: Standing, outcome: Outcome): Outcome {
  if (outcome.kind !== 'answered' || !isObject(outcome.result)) return outcome;
  const { tasks } = outcome.result;
  const kept = isArray(tasks) ? tasks.filter((one) => isOwn(session, standing, one)) : [];
  return { kind: 'answered', result: withKeys(outcome.result, { tasks: kept }) };
}

function isOwn(session: Session, standing: Standing, listed: Json): boolean {
  const task = isObject(listed) ? session.tasks.find(listed['taskId']) : undefined;
  return task !== undefined && mayReachTask(standing, task);
}
