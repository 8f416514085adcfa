import { type JsonObject, objectOf } from '../wire/json.ts';
import type { Message, Request } from '../wire/message.ts';
import { clientMethod, type Treatment } from '../wire/methods.ts';
import { claimedVersion, envelopeFault } from '../wire/modern/envelope.ts';
import { INVALID_REQUEST, METHOD_NOT_FOUND, type ReadMessage } from '../wire/read-message.ts';
import { error, notification, result } from '../wire/replies.ts';
import { askServer } from './ask-server.ts';
import { cancelReason, ENDED, methodNotFound, NOT_ASKED, NOT_OPEN, OTHER_ERA } from './door-texts.ts';
import { handleCall } from './handle.ts';
import { handleDiscover } from './handle-discover.ts';
import { handleList } from './handle-list.ts';
import { handleListen } from './handle-listen.ts';
import { handleTask } from './handle-task.ts';
import { isMet, speaksOtherEra } from './meet.ts';
import { openSession } from './open-session.ts';
import { passage } from './passage.ts';
import { plainOutcome } from './plain-outcome.ts';
import type { Sink } from './ports.ts';
import { REFUSED } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import type { Session } from './session.ts';

/**
 * The client's door: takes one read message and gives the answer, undefined where none is due. Never rejects for what a client can send.
 */
export async function receive(session: Session, read: ReadMessage, sink: Sink): Promise<JsonObject | undefined> {
  session.touch();
  if (read.kind === 'fault') return refuseMessage(session, { id: read.id }, read.code, read.reason);
  const { message } = read;
  if (session.isUndecided && 'method' in message) decideEra(session, message);
  if (message.kind === 'response' || message.kind === 'error') return takeAnswer(session, message);
  const treatment = clientMethod(session.era, message.kind, message.method);
  if (treatment === undefined) {
    return refuseMessage(session, message, METHOD_NOT_FOUND, methodNotFound(message.method));
  }
  if (session.phase === 'ended') {
    return refuseMessage(session, message, INVALID_REQUEST, ENDED);
  }
  if (message.kind === 'notification') return takeNotification(session, message);
  return session.era === 'modern'
    ? takeModern(session, message, treatment, sink)
    : takeLegacy(session, message, treatment, sink);
}

/** Over stdio the client's first message tells what it speaks; a modern one that the server refuses leaves it open. */
function decideEra(session: Session, message: Exclude<Message, { kind: 'response' | 'error' }>): void {
  if (message.kind !== 'request') return;
  const isModern = message.method === 'server/discover' || claimedVersion(message.params) !== undefined;
  if (message.method !== 'initialize' && isModern) session.decide('modern');
  else if (message.method === 'initialize') session.decide('legacy');
}

async function takeLegacy(
  session: Session,
  message: Request,
  treatment: Treatment,
  sink: Sink,
): Promise<JsonObject | undefined> {
  if (claimedVersion(message.params) !== undefined) {
    return refuseMessage(session, message, INVALID_REQUEST, OTHER_ERA);
  }
  if (treatment === 'open') return openSession(session, message);
  if (session.phase !== 'open') {
    if (message.method === 'ping') return result(message.id, objectOf([]));
    return refuseMessage(session, message, INVALID_REQUEST, NOT_OPEN);
  }
  return fly(session, message, treatment, sink);
}

async function takeModern(
  session: Session,
  message: Request,
  treatment: Treatment,
  sink: Sink,
): Promise<JsonObject | undefined> {
  const fault = envelopeFault(message.params);
  if (fault !== undefined) {
    await refuseMessage(session, message, fault.code, fault.message);
    return error(message.id, fault);
  }
  if (isMet(session)) return fly(session, message, treatment, sink);
  const { exchanges } = session;
  // A cancel finds the request while the server is asked what it speaks, too.
  const exchange = exchanges.begin(message.id, message.params, sink);
  try {
    const met = await speaksOtherEra(session, message);
    if (exchange.cancelled !== undefined) return undefined;
    const flying = met === undefined ? fly(session, message, treatment, sink) : met;
    exchanges.end(exchange);
    return await flying;
  } finally {
    exchanges.end(exchange);
  }
}

/** Takes a request up among those of the grant that wait for answers. */
async function fly(
  session: Session,
  message: Request,
  treatment: Treatment,
  sink: Sink,
): Promise<JsonObject | undefined> {
  // A subscription waits by its nature, and has a limit of its own.
  if (treatment === 'listen') return handleListen(session, message, sink);
  const { gate, grant } = session;
  const { calls } = gate.limits();
  switch (gate.flight.enter(grant, calls)) {
    case 'full': {
      const reason = `${calls} requests of the grant ${grant} wait for answers already ("limits.calls"); send this one later.`;
      return refuseMessage(session, message, REFUSED, reason);
    }
    case 'stopping':
      return refuseMessage(session, message, REFUSED, 'The gateway is stopping; send this when it runs again.');
    case 'entered':
      try {
        return await treat(session, message, treatment, sink);
      } finally {
        gate.flight.leave(grant);
      }
  }
}

function treat(session: Session, message: Request, treatment: Treatment, sink: Sink): Promise<JsonObject | undefined> {
  switch (treatment) {
    case 'call':
      return handleCall(session, message, sink);
    case 'list':
      return handleList(session, message, sink);
    case 'task':
      return handleTask(session, message, sink);
    case 'discover':
      return handleDiscover(session, message, sink);
    default:
      return relay(session, message, sink);
  }
}

function takeNotification(session: Session, message: Extract<Message, { kind: 'notification' }>): undefined {
  if (session.phase !== 'open') return undefined;
  const { method, params } = message;
  if (method === 'notifications/cancelled') {
    session.exchanges.cancel(session.connection, params['requestId'], cancelReason(params));
  } else if (method !== 'notifications/initialized' || session.isFirstInitialized()) {
    session.connection.send(passage(notification(method, params)));
  }
  return undefined;
}

/** Forwards a method that has no effect of its own. */
async function relay(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  const outcome = await askServer(session, message, message.params, sink, undefined);
  return replyTo(message.id, await plainOutcome(session, outcome, message.params));
}

/** The client answers a question of the server: accepted once, and only for a question that was put to this session. */
async function takeAnswer(
  session: Session,
  message: Extract<Message, { kind: 'response' | 'error' }>,
): Promise<undefined> {
  if (session.ownAsks.take(message)) return undefined;
  const asked = session.questions.take(message.id);
  if (asked === undefined) {
    await refuseMessage(session, {}, INVALID_REQUEST, NOT_ASKED);
    return undefined;
  }
  const answer = message.kind === 'response' ? result(asked, message.result) : error(asked, message.error);
  session.connection.send(passage(answer));
  return undefined;
}
