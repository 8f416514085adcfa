import type { JsonObject } from '../wire/json.ts';
import { withKeys } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { INTERNAL_ERROR, INVALID_REQUEST } from '../wire/read-message.ts';
import { error, request, result } from '../wire/replies.ts';
import { addDefinitions, type KnownTool } from './definitions.ts';
import type { Outcome } from './exchanges.ts';
import { filterList, isEmptyPage } from './listing.ts';
import { outbound } from './outbound.ts';
import { passage } from './passage.ts';
import type { Sink } from './ports.ts';
import { asPrivate } from './private-result.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import type { Session } from './session.ts';

/** An emptied page makes us fetch the next one, so that clients do not stop early; this many at most. */
const MAX_REFILLS = 20;

type Request = Extract<Message, { kind: 'request' }>;

/** Forwards a list request and gives back only what a call could reach; the judge of calls and of lists is one function. */
export async function handleList(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  let params = message.params;
  const { edition } = session.tools;
  for (let page = 0; ; page++) {
    const outcome = await fetchPage(session, message, params, sink);
    if (outcome.kind !== 'answered') return replyTo(message.id, outcome);
    const standing = session.gate.standing(session.grant, session.server);
    if (standing === undefined) {
      return refuseMessage(session, message, INVALID_REQUEST, session.gate.whyNone(session.grant, session.server));
    }
    const kept = filterList(message.method, outcome.result, standing);
    if (kept === undefined) {
      return error(message.id, {
        code: INTERNAL_ERROR,
        message: `The server answered ${message.method} with no list.`,
      });
    }
    noteWholeList(session, message.method, params, outcome, edition);
    if (page >= MAX_REFILLS || !isEmptyPage(message.method, kept))
      return result(message.id, session.era === 'modern' ? asPrivate(kept) : kept);
    params = withKeys(params, { cursor: kept['nextCursor'] });
  }
}

async function fetchPage(session: Session, message: Request, params: JsonObject, sink: Sink): Promise<Outcome> {
  const { exchanges } = session;
  const exchange = exchanges.begin(message.id, params, sink);
  const standing = session.gate.standing(session.grant, session.server);
  const pass = passage(request(exchange.id, message.method, outbound(session, exchange, params, standing?.policies)));
  const outcome = await exchanges.ask(session.connection, exchange, pass);
  exchanges.end(exchange);
  return outcome;
}

/** A list that came in one page tells all the names; that spares the gateway's own look before the first call. */
function noteWholeList(
  session: Session,
  method: string,
  params: JsonObject,
  outcome: Extract<Outcome, { kind: 'answered' }>,
  edition: number,
): void {
  const answer = outcome.result as JsonObject;
  if (method !== 'tools/list' || params['cursor'] !== undefined) return;
  if (answer['nextCursor'] !== undefined) return;
  const tools = new Map<string, KnownTool>();
  addDefinitions(tools, answer['tools']);
  session.tools.learn(tools, edition);
}
