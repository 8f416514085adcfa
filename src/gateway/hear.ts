import type { Call } from '../wire/call.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { mayServerSend } from '../wire/methods.ts';
import { SUBSCRIPTION_KEY } from '../wire/modern/envelope.ts';
import { METHOD_NOT_FOUND } from '../wire/read-message.ts';
import { error, notification, request, result } from '../wire/replies.ts';
import { askThrough } from './ask-through.ts';
import type { Exchange } from './exchanges.ts';
import { inspectParams, resultRules } from './inspect-result.ts';
import { judge } from './judge.ts';
import { ownPart } from './listen-alone.ts';
import type { Listen } from './listens.ts';
import { mayPass } from './may-pass.ts';
import { passage } from './passage.ts';
import { REFUSED, spoken } from './refusal.ts';
import { recordRefusal } from './refuse-message.ts';
import { reserveAndRecord } from './reserve.ts';
import type { Session } from './session.ts';
import { mayReachTask } from './tasks.ts';
import { unclearAnswer } from './unclear-answer.ts';

/** The other door: takes one message of the server. `via` is our request on whose own stream it came, where known. */
export function hear(session: Session, message: Message, via: number | undefined): void {
  if (session.phase === 'ended') return;
  switch (message.kind) {
    case 'response':
    case 'error':
      if (!session.exchanges.answered(clear(message)))
        session.log(`server ${session.server}: an answer nobody waits for was dropped`);
      return;
    case 'notification':
      return hearNotification(session, message, via);
    case 'request':
      void hearRequest(session, message, via).catch((fault: Error) =>
        session.log(
          `server ${session.server}: its request ${JSON.stringify(message.method.slice(0, 100))} failed: ${fault.message}`,
        ),
      );
  }
}

function clear(message: Extract<Message, { kind: 'response' | 'error' }>): typeof message {
  const error = message.kind === 'response' ? unclearAnswer(message.result) : undefined;
  return error === undefined ? message : { kind: 'error', id: message.id, error };
}

function hearNotification(
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

/** In the modern era such news belong to a subscription, which the client knows under its own id. */
function tellListener(session: Session, method: string, params: JsonObject, via: number | undefined): void {
  const meta = params['_meta'];
  const listen = listenFor(session, params, via);
  if (listen === undefined)
    return session.log(`server ${session.server}: ${method} belongs to no subscription and was dropped`);
  const told = withKeys(isObject(meta) ? meta : objectOf([]), { [SUBSCRIPTION_KEY]: listen.clientId });
  const carried = method === ACKNOWLEDGED ? acknowledged(params, listen) : params;
  listen.exchange.sink?.push(notification(method, withKeys(carried, { _meta: told })));
}

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** With the lists that the client asked for: the gateway has news of them by itself, whatever the server has. */
function acknowledged(params: JsonObject, { filter }: Listen): JsonObject {
  const { notifications } = params;
  const told = withKeys(isObject(notifications) ? notifications : objectOf([]), ownPart(filter));
  return withKeys(params, { notifications: told });
}

function listenFor({ listens }: Session, params: JsonObject, via: number | undefined): Listen | undefined {
  const meta = params['_meta'];
  return listens.find(via) ?? listens.find(isObject(meta) ? meta[SUBSCRIPTION_KEY] : undefined);
}

/** Whether the client could read the resource that has changed. */
function mayKnow({ gate, grant, server }: Session, uri: Json | undefined): boolean {
  const standing = gate.standing(grant, server);
  if (standing === undefined || typeof uri !== 'string') return false;
  return mayPass(standing.policies, 'resource', uri, 'unknown');
}

/** What of a notification's parameters the client may hear; undefined for one that is dropped. */
function heard(session: Session, method: string, params: JsonObject): JsonObject | undefined {
  const rules = resultRules(session);
  const kept = rules === undefined ? 'its grant has no standing any more' : inspectParams(rules, params);
  if (typeof kept === 'object') return kept;
  session.log(`server ${session.server}: the notification ${JSON.stringify(method)} was dropped: ${kept}`);
  return undefined;
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

/** A server's request of the client (sampling, elicitation, roots) is judged and recorded like any call. */
async function hearRequest(
  session: Session,
  message: Extract<Message, { kind: 'request' }>,
  via: number | undefined,
): Promise<void> {
  const { method, params, id } = message;
  const { gate, connection } = session;
  if (method === 'ping') return connection.send(passage(result(id, objectOf([]))));
  // In the modern era a server asks inside of its answers only.
  if (session.era === 'modern' || !mayServerSend('request', method)) {
    return connection.send(
      passage(error(id, { code: METHOD_NOT_FOUND, message: `Method not found: ${method.slice(0, 100)}` })),
    );
  }
  const { kind, unrecorded } = session.questions.admit();
  if (unrecorded > 0) {
    const reason = `${unrecorded} requests of the server were turned away: it asked too much in too short a time`;
    await recordRefusal(gate, session.sender, method, reason);
  }
  if (kind === 'turned away') {
    const message = 'Too many questions for the client at once; ask less, or later.';
    return connection.send(passage(error(id, { code: REFUSED, message })));
  }
  const asked = inspectParams(resultRules(session) ?? [], params);
  if (typeof asked === 'string') {
    const message = `The client is not asked: ${asked}.`;
    await recordRefusal(gate, session.sender, method, message);
    return connection.send(passage(error(id, { code: REFUSED, message })));
  }
  const call: Call = { kind: 'request', method, name: method, args: params, params };
  const reserved = await reserveAndRecord(gate, gate.crypto.id(), judge(session, call, 'no tool'), 'first');
  // A server that was started again meanwhile did not ask this.
  if (session.phase === 'ended' || session.connection !== connection) return;
  if (reserved.kind === 'refused') {
    connection.send(passage(error(id, { code: REFUSED, message: spoken(reserved.refusal) })));
    return;
  }
  route(session, request(session.questions.open(id), method, asked), via, 'to a request');
}

/**
 * Sends a message to the client on the stream where it belongs: that of the request which caused it, if that is known or
 * there is but one; else the stream beside the requests; else the latest request's.
 */
function route(
  session: Session,
  message: JsonObject,
  via: number | undefined,
  belongs: 'to a request' | 'beside',
): void {
  const { exchanges, front } = session;
  const cause: Exchange | undefined = via === undefined ? undefined : exchanges.find(via);
  if (cause?.sink?.push(message) === true) return;
  if (belongs === 'to a request' && exchanges.waiting('alone')?.sink?.push(message) === true) return;
  // A modern client hears of what it did not ask for on no stream.
  if (session.era === 'modern' && !front.attached()) return;
  if (!front.attached() && exchanges.waiting('latest')?.sink?.push(message) === true) return;
  front.push(message);
}
