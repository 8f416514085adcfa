import type { Call } from '../wire/call.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { LIST_KEYS } from '../wire/modern/subscription.ts';
import { INVALID_PARAMS, INVALID_REQUEST } from '../wire/read-message.ts';
import { request } from '../wire/replies.ts';
import { NO_WISH, tooManyListens } from './door-texts.ts';
import type { Standing } from './gate.ts';
import { judge } from './judge.ts';
import { listenAlone } from './listen-alone.ts';
import { outbound } from './outbound.ts';
import { passage } from './passage.ts';
import { plainOutcome } from './plain-outcome.ts';
import type { Sink } from './ports.ts';
import { REFUSED } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import { reserveAndRecord } from './reserve.ts';
import type { Session } from './session.ts';
import { mayReachTask } from './tasks.ts';

const MAX_URIS = 1_000;

/**
 * `subscriptions/listen`: stays open until one side ends it. Each resource that is to be watched is judged and recorded like a subscription of
 * its own; what may not be watched is left out of what the server is asked, as is every filter that nobody here knows.
 */
export async function handleListen(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  const { gate, exchanges, listens } = session;
  const standing = gate.standing(session.grant, session.server);
  if (standing === undefined) {
    return refuseMessage(session, message, INVALID_REQUEST, gate.whyNone(session.grant, session.server));
  }
  const wish = message.params['notifications'];
  if (!isObject(wish)) return refuseMessage(session, message, INVALID_PARAMS, NO_WISH);
  const max = gate.limits().listens;
  if (listens.size >= max) {
    return refuseMessage(session, message, REFUSED, tooManyListens(max, session.grant));
  }
  const exchange = exchanges.begin(message.id, message.params, sink);
  // It counts from now on, also while its resources are judged.
  const listen = { exchange, clientId: message.id, filter: objectOf([]), params: message.params };
  listens.open(listen);
  const filter = await filterOf(session, message, wish, standing);
  const asked = { ...listen, filter };
  listens.open(asked);
  const params = outbound(session, exchange, withKeys(message.params, { notifications: filter }), standing.policies);
  const pass = passage(request(exchange.id, message.method, params));
  const answered = await exchanges.ask(session.connection, exchange, pass, { timeoutMs: Number.POSITIVE_INFINITY });
  const outcome = await listenAlone(session, asked, pass, answered);
  listens.close(listen);
  exchanges.end(exchange);
  return replyTo(message.id, await plainOutcome(session, outcome, message.params));
}

async function filterOf(session: Session, message: Request, wish: JsonObject, standing: Standing): Promise<JsonObject> {
  const kept: [string, Json][] = [];
  for (const key of LIST_KEYS) if (wish[key] === true) kept.push([key, true]);
  const { resourceSubscriptions: uris, taskIds } = wish;
  if (isArray(uris)) kept.push(['resourceSubscriptions', await watchable(session, message, uris)]);
  if (isArray(taskIds)) kept.push(['taskIds', taskIds.filter((id) => mayHear(session, standing, id))]);
  return objectOf(kept);
}

function mayHear({ tasks }: Session, standing: Standing, id: Json): boolean {
  const task = tasks.find(id);
  return task !== undefined && mayReachTask(standing, task);
}

async function watchable(session: Session, message: Request, uris: readonly Json[]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const uri of uris.slice(0, MAX_URIS)) {
    if (typeof uri === 'string' && (await mayWatch(session, message, uri))) kept.push(uri);
  }
  return kept;
}

async function mayWatch(session: Session, { method, params }: Request, uri: string): Promise<boolean> {
  const call: Call = { kind: 'resource', method, name: uri, args: objectOf([['uri', uri]]), params };
  const judged = judge(session, call, 'no tool');
  const reserved = await reserveAndRecord(session.gate, session.gate.crypto.id(), judged, 'first');
  return reserved.kind === 'reserved';
}
