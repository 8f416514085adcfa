import { isArray, isObject, type Json, type JsonObject, withKeys } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { INTERNAL_ERROR, INVALID_REQUEST } from '../wire/read-message.ts';
import { error, result } from '../wire/replies.ts';
import { askServer } from './ask-server.ts';
import { classOfTool } from './class-of-tool.ts';
import { addDefinitions, type KnownTool } from './definitions.ts';
import type { Outcome } from './exchanges.ts';
import { ListRoom, TOO_MUCH } from './list-room.ts';
import { filterList, isEmptyPage } from './listing.ts';
import type { PinCheck } from './pins/pin-book.ts';
import type { ShownTool } from './pins/shown-tools.ts';
import { plainOutcome } from './plain-outcome.ts';
import type { Sink } from './ports.ts';
import { asPrivate } from './private-result.ts';
import { fixedRefusal } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import type { Session } from './session.ts';
import { isUsable } from './tool-of.ts';

/** An emptied page makes us fetch the next one, so that clients do not stop early; this many at most. */
const MAX_REFILLS = 20;

/** Forwards a list request and gives back only what a call could reach; the judge of calls and of lists is one function. */
export async function handleList(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  let params = message.params;
  const { edition } = session.tools;
  for (let page = 0; ; page++) {
    const outcome = await plainOutcome(session, await fetchPage(session, message, params, sink), params);
    if (outcome.kind !== 'answered') return replyTo(message.id, outcome);
    const standing = session.gate.standing(session.grant, session.server);
    if (standing === undefined) {
      return refuseMessage(session, message, INVALID_REQUEST, session.gate.whyNone(session.grant, session.server));
    }
    const accepted = await acceptedOf(session, message.method, params, outcome.result, edition);
    if (accepted.kind === 'unavailable') {
      return error(message.id, { code: INTERNAL_ERROR, message: accepted.refusal.reason });
    }
    const kept = filterList(message.method, accepted.answer, standing, (name) => {
      const shown = accepted.known.get(name)?.shown;
      return classOfTool(session.book, standing, name, shown, session.book.pinOf(shown));
    });
    if (kept === undefined) {
      return error(message.id, {
        code: INTERNAL_ERROR,
        message: `The server answered ${message.method} with no list.`,
      });
    }
    if (page >= MAX_REFILLS || !isEmptyPage(message.method, kept))
      return result(message.id, session.era === 'modern' ? asPrivate(kept) : kept);
    params = withKeys(params, { cursor: kept['nextCursor'] });
  }
}

function fetchPage(session: Session, message: Request, params: JsonObject, sink: Sink): Promise<Outcome> {
  const standing = session.gate.standing(session.grant, session.server);
  return askServer(session, message, params, sink, standing?.policies);
}

type AcceptedPage =
  | { readonly kind: 'page'; readonly answer: Json; readonly known: ReadonlyMap<string, KnownTool> }
  | Extract<PinCheck, { readonly kind: 'unavailable' }>;

/** A page without the tools that are held, or that cannot be called here. A list that came in one page spares the gateway's own look before the first call. */
async function acceptedOf(
  session: Session,
  method: string,
  params: JsonObject,
  answer: Json,
  edition: number,
): Promise<AcceptedPage> {
  const listed = isObject(answer) ? answer['tools'] : undefined;
  if (method !== 'tools/list' || !isObject(answer) || !isArray(listed))
    return { kind: 'page', answer, known: NO_TOOLS };
  if (!new ListRoom().take(listed))
    return { kind: 'unavailable', refusal: fixedRefusal('(message refused)', TOO_MUCH) };
  const { book, tools } = session;
  const isAlone = params['cursor'] === undefined && answer['nextCursor'] === undefined;
  const extent = isAlone && edition === tools.edition ? 'whole' : 'page';
  // What is seen of a server for the first time is taken at its word only as a whole.
  if (extent === 'page' && tools.current === undefined) await tools.refresh(session.connection);
  const check = await book.check(listed, extent);
  if (check.kind === 'unavailable') return check;
  const known = extent === 'whole' ? tools.learn(listed, check.tools, edition) : pageOf(listed, check.tools);
  const kept = listed.filter((tool, index) => {
    const name = isObject(tool) ? tool['name'] : undefined;
    const one = typeof name === 'string' ? known.get(name) : undefined;
    return one !== undefined && isUsable(session, one) && book.refusal(check.tools[index]) === undefined;
  });
  return { kind: 'page', answer: withKeys(answer, { tools: kept }), known };
}

const NO_TOOLS: ReadonlyMap<string, KnownTool> = new Map();

function pageOf(listed: readonly Json[], shown: readonly ShownTool[]): ReadonlyMap<string, KnownTool> {
  const known = new Map<string, KnownTool>();
  addDefinitions(known, listed, shown);
  return known;
}
