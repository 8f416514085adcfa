import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { METHOD_NOT_FOUND } from '../../wire/read-message.ts';
import { result } from '../../wire/replies.ts';
import { methodNotFound } from '../door-texts.ts';
import { askInTime, withId } from './ask-member.ts';
import type { Ask } from './asks.ts';
import { type Hub, refuse } from './hub.ts';
import { listAll } from './list-all.ts';
import { passCall } from './pass-call.ts';
import { passCompletion, passResource } from './pass-resource.ts';
import { listTasks, passTask } from './pass-task.ts';

/** A request for all servers, or for one of them: each method goes where it belongs. */
export function serveRequest(hub: Hub, ask: Ask, message: Request): Promise<JsonObject | undefined> {
  const { method } = message;
  switch (method) {
    case 'tools/list':
    case 'prompts/list':
    case 'resources/list':
    case 'resources/templates/list':
      return listAll(hub, ask, message, method);
    case 'tools/call':
    case 'prompts/get':
      return passCall(hub, ask, message, method);
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return passResource(hub, ask, message);
    case 'completion/complete':
      return passCompletion(hub, ask, message);
    case 'logging/setLevel':
      return setLevel(hub, ask, message);
    case 'tasks/list':
      return listTasks(hub, ask, message);
    case 'tasks/get':
    case 'tasks/result':
    case 'tasks/update':
    case 'tasks/cancel':
      return passTask(hub, ask, message);
    default:
      return refuse(hub, message, METHOD_NOT_FOUND, methodNotFound(method));
  }
}

/** To all servers that log. */
async function setLevel(hub: Hub, ask: Ask, message: Request): Promise<JsonObject | undefined> {
  const able = hub.members().filter(({ capabilities }) => capabilities?.['logging'] !== undefined);
  const replies = await Promise.all(able.map((member) => askInTime(hub, ask, member, message)));
  if (ask.cancelled !== undefined) return undefined;
  const refused = replies.every((reply) => reply?.['result'] === undefined) ? replies[0] : undefined;
  return refused === undefined ? result(message.id, objectOf([])) : withId(refused, message.id);
}
