import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { INVALID_PARAMS } from '../../wire/read-message.ts';
import { result } from '../../wire/replies.ts';
import { StoreFault } from '../ports.ts';
import { askInTime } from './ask-member.ts';
import type { Ask } from './asks.ts';
import { type Hub, type Member, refuse } from './hub.ts';
import { forward } from './pass-call.ts';

/** A message about a task: to the server whose call began it. An id that two servers gave is nobody's. */
export async function passTask(hub: Hub, ask: Ask, message: Request): Promise<JsonObject | undefined> {
  const { taskId } = message.params;
  const told = typeof taskId === 'string' ? taskId.slice(0, 200) : 'none';
  const [owner, second] = (await askingOwner(hub, taskId)) ?? taskOwners(hub, taskId);
  if (owner === undefined) return refuse(hub, message, INVALID_PARAMS, `Unknown task: ${told}`);
  if (second !== undefined) {
    const reason = `The servers ${owner.server} and ${second.server} both gave the task id ${told}, so it is refused here. Use the server's own address, /mcp/<server>.`;
    return refuse(hub, message, INVALID_PARAMS, reason);
  }
  return forward(hub, ask, owner, message, message.params);
}

/** The server about whose call a person is asked under this id: such a task is the gateway's own, and outlives it. */
async function askingOwner(hub: Hub, taskId: Json | undefined): Promise<readonly Member[] | undefined> {
  const { gate, grant, log } = hub;
  if (typeof taskId !== 'string' || !taskId.startsWith('ap_')) return undefined;
  try {
    const subject = (await gate.approvals.store.approval(taskId))?.subject;
    if (subject?.grant !== grant) return undefined;
    return hub.members().filter(({ server }) => server === subject.server);
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    log(`the request ${taskId} cannot be read now: ${fault.message}`);
    return undefined;
  }
}

/** The servers where a call of this client began the task. */
export function taskOwners(hub: Hub, taskId: Json | undefined): readonly Member[] {
  return hub.members().filter((member) => {
    const session = member.reach();
    return typeof session !== 'string' && session.tasks.find(taskId) !== undefined;
  });
}

/** `tasks/list`: those of all servers that can list theirs. */
export async function listTasks(hub: Hub, ask: Ask, message: Request): Promise<JsonObject | undefined> {
  const able = hub.members().filter(({ capabilities }) => {
    const tasks = capabilities?.['tasks'];
    return isObject(tasks) && tasks['list'] !== undefined;
  });
  const replies = await Promise.all(able.map((member) => askInTime(hub, ask, member, message, { push: () => true })));
  if (ask.cancelled !== undefined) return undefined;
  const tasks = replies.flatMap((reply): readonly Json[] => {
    const answer = reply?.['result'];
    const listed = isObject(answer) ? answer['tasks'] : undefined;
    return isArray(listed) ? listed : [];
  });
  return result(message.id, objectOf([['tasks', tasks]]));
}
