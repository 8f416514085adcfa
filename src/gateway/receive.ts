import { type JsonObject, objectOf } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { clientMethod } from '../wire/methods.ts';
import { INVALID_REQUEST, METHOD_NOT_FOUND, type ReadMessage } from '../wire/read-message.ts';
import { error, notification, request, result } from '../wire/replies.ts';
import { handleCall } from './handle.ts';
import { handleList } from './handle-list.ts';
import { openSession } from './open-session.ts';
import { passage } from './passage.ts';
import type { Sink } from './ports.ts';
import { REFUSED } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import type { Session } from './session.ts';

/** Requests of one session that may wait for answers at once: each keeps its message in memory. */
const MAX_IN_FLIGHT = 128;

/**
 * The client's door: takes one read message of a session and gives the answer, undefined where none is due.
 * Never rejects for what a client can send.
 */
export async function receive(session: Session, read: ReadMessage, sink: Sink): Promise<JsonObject | undefined> {
  session.touch();
  if (read.kind === 'fault') return refuseMessage(session, { id: read.id }, read.code, read.reason);
  const { message } = read;
  if (message.kind === 'response' || message.kind === 'error') return takeAnswer(session, message);
  const treatment = clientMethod(message.kind, message.method);
  if (treatment === undefined) {
    const reason = `Method not found: ${message.method.slice(0, 100)}`;
    return refuseMessage(session, message, METHOD_NOT_FOUND, reason);
  }
  if (session.phase === 'ended') {
    return refuseMessage(session, message, INVALID_REQUEST, 'The session has ended: initialize a new one.');
  }
  if (message.kind === 'notification') return takeNotification(session, message);
  if (treatment === 'open') return openSession(session, message);
  if (session.phase !== 'open') {
    if (message.method === 'ping') return result(message.id, objectOf([]));
    return refuseMessage(session, message, INVALID_REQUEST, 'The session is not open: send initialize first.');
  }
  if (session.exchanges.size >= MAX_IN_FLIGHT) {
    const reason = `${MAX_IN_FLIGHT} requests of this session wait for answers already; send this one later.`;
    return refuseMessage(session, message, REFUSED, reason);
  }
  if (treatment === 'call') return handleCall(session, message, sink);
  if (treatment === 'list') return handleList(session, message, sink);
  return relay(session, message, sink);
}

function takeNotification(session: Session, message: Extract<Message, { kind: 'notification' }>): undefined {
  if (session.phase !== 'open') return undefined;
  const { method, params } = message;
  if (method === 'notifications/cancelled') {
    const reason = typeof params['reason'] === 'string' ? params['reason'] : 'no reason given';
    session.exchanges.cancel(session.connection, params['requestId'], reason);
  } else {
    session.connection.send(passage(notification(method, params)));
  }
  return undefined;
}

/** Forwards a method that has no effect of its own. */
async function relay(
  session: Session,
  message: Extract<Message, { kind: 'request' }>,
  sink: Sink,
): Promise<JsonObject | undefined> {
  const { exchanges } = session;
  const exchange = exchanges.begin(message.id, message.params, sink);
  const params = exchanges.outward(exchange, message.params);
  const outcome = await exchanges.ask(
    session.connection,
    exchange,
    passage(request(exchange.id, message.method, params)),
  );
  exchanges.end(exchange);
  return replyTo(message.id, outcome);
}

/** The client answers a question of the server: accepted once, and only for a question that was put to this session. */
async function takeAnswer(
  session: Session,
  message: Extract<Message, { kind: 'response' | 'error' }>,
): Promise<undefined> {
  const asked = session.questions.take(message.id);
  if (asked === undefined) {
    await refuseMessage(session, {}, INVALID_REQUEST, 'an answer to a question that was not asked in this session');
    return undefined;
  }
  const answer = message.kind === 'response' ? result(asked, message.result) : error(asked, message.error);
  session.connection.send(passage(answer));
  return undefined;
}
