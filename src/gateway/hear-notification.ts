import { type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { mayServerSend } from '../wire/methods.ts';
import { notification } from '../wire/replies.ts';
import { askThrough } from './ask-through.ts';
import { inspectParams, resultRules } from './inspect-result.ts';
import { mayPass } from './may-pass.ts';
import { route } from './route.ts';
import type { Session } from './session.ts';
import { mayReachTask } from './tasks.ts';
import { listenFor, tellListener } from './tell-listener.ts';

/** Takes a notification of the server: what the client may hear of it reaches the client where it belongs. */
export function hearNotification(
  session: Session,
  message: Extract<Message, { kind: 'notification' }>,
  via: number | undefined,
): void {
  const { method, params } = message;
  if (!mayServerSend('notification', method)) {
    session.log(`server ${session.server}: the notification ${JSON.stringify(method.slice(0, 100))} was dropped`);
    return;
  }
  if (method === 'notifications/progress') return hearProgress(session, params);
  if (method === 'notifications/cancelled') return hearCancel(session, params);
  if (method === 'notifications/tools/list_changed') session.tools.forget();
  if (method === 'notifications/resources/updated' && !mayKnow(session, params['uri'])) return;
  if (OF_TASKS.has(method)) return hearOfTask(session, method, params, via);
  passOn(session, method, params, via);
}

function passOn(session: Session, method: string, params: JsonObject, via: number | undefined): void {
  const kept = heard(session, method, params);
  if (kept === undefined) return;
  if (session.era === 'modern' && method !== 'notifications/message') return tellListener(session, method, kept, via);
  const belongs = method === 'notifications/message' ? 'to a request' : 'beside';
  route(session, notification(method, kept), via, belongs);
}

/** News of a task go to whose call began it, while its tool may be called. They can carry the server's questions, which are judged like any. */
function hearOfTask(session: Session, method: string, params: JsonObject, via: number | undefined): void {
  const standing = session.gate.standing(session.grant, session.server);
  const task = session.tasks.find(params['taskId']);
  if (task === undefined || standing === undefined || !mayReachTask(standing, task)) return;
  const questions = params['inputRequests'];
  if (questions === undefined) return passOn(session, method, params, via);
  const about = listenFor(session, params, via)?.params ?? objectOf([]);
  void askThrough(session, questions, about, task.asked)
    .then((refused) =>
      refused === undefined
        ? passOn(session, method, params, via)
        : session.log(`server ${session.server}: ${method} was dropped: ${refused.reason}`),
    )
    .catch((fault: Error) => session.log(`server ${session.server}: ${method} failed: ${fault.message}`));
}

const OF_TASKS: ReadonlySet<string> = new Set(['notifications/tasks', 'notifications/tasks/status']);

/** Whether the client could read the resource that has changed. */
function mayKnow({ gate, grant, server }: Session, uri: Json | undefined): boolean {
  const standing = gate.standing(grant, server);
  if (standing === undefined || typeof uri !== 'string') return false;
  return mayPass(standing.policies, 'resource', uri, 'unknown');
}

function hearProgress(session: Session, params: JsonObject): void {
  const found = session.exchanges.progress(params);
  if (found === undefined) return;
  const { exchange } = found;
  session.exchanges.refresh(session.connection, exchange);
  const kept = heard(session, 'notifications/progress', params);
  if (kept === undefined) return;
  const told = withKeys(kept, { progressToken: exchange.progressToken });
  exchange.sink?.push(notification('notifications/progress', told));
}

/** The server withdraws a question; the client is told under the id that it knows. */
function hearCancel(session: Session, params: JsonObject): void {
  const ours = session.questions.withdraw(params['requestId']);
  if (ours === undefined) return;
  const told = withKeys(heard(session, 'notifications/cancelled', params) ?? objectOf([]), { requestId: ours });
  route(session, notification('notifications/cancelled', told), undefined, 'to a request');
}

/** What of a notification's parameters the client may hear; undefined for one that is dropped. */
function heard(session: Session, method: string, params: JsonObject): JsonObject | undefined {
  const rules = resultRules(session);
  const kept = rules === undefined ? 'its grant has no standing any more' : inspectParams(rules, params);
  if (typeof kept === 'object') return kept;
  session.log(`server ${session.server}: the notification ${JSON.stringify(method)} was dropped: ${kept}`);
  return undefined;
}
