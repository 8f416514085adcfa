import { isObject, type JsonObject, objectOf } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST } from '../wire/read-message.ts';
import { error, request, result } from '../wire/replies.ts';
import { OPEN_ALREADY } from './door-texts.ts';
import type { Outcome } from './exchanges.ts';
import { flagInstructions } from './flag-instructions.ts';
import { answerOf, clientOf, offerFault, offerOf } from './handshake.ts';
import { passage } from './passage.ts';
import { plainOutcome } from './plain-outcome.ts';
import { StoreFault } from './ports.ts';
import { REFUSED } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import type { Handshake, Session } from './session.ts';
import { shortened } from './shortened.ts';

/** The handshake: recorded before the server is started, then relayed with only the capabilities that are governed. */
export async function openSession(session: Session, message: Request): Promise<JsonObject | undefined> {
  if (session.phase !== 'new') {
    return refuseMessage(session, message, INVALID_REQUEST, OPEN_ALREADY);
  }
  const { gate, exchanges } = session;
  const unfit = offerFault(message.params);
  if (unfit !== undefined) {
    const answer = await refuseMessage(session, message, INVALID_PARAMS, unfit);
    await session.end('its client offered too much');
    return answer;
  }
  session.phase = 'opening';
  session.client = clientOf(message.params['clientInfo']);
  const { capabilities } = message.params;
  session.declared = isObject(capabilities) ? capabilities : objectOf([]);
  const standing = gate.standing(session.grant, session.server);
  if (standing === undefined) {
    const reason = gate.whyNone(session.grant, session.server);
    const answer = await refuseMessage(session, message, REFUSED, reason);
    await session.end(reason);
    return answer;
  }
  try {
    await session.event('session opened', session.sender, { policy: standing.policyDigest });
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    gate.log(`no session: the store is unavailable: ${fault.message}`);
    return fail(session, message, 'the gateway cannot write its record now, so no session opens');
  }
  const exchange = exchanges.begin(message.id, message.params, undefined);
  const offer = offerOf(message.params, standing.policies);
  const outcome = await exchanges.ask(session.connection, exchange, passage(request(exchange.id, 'initialize', offer)));
  exchanges.end(exchange);
  if (outcome.kind !== 'answered') {
    const plain = await plainOutcome(session, outcome, message.params);
    await session.end(`the server could not be initialized: ${whyNot(plain)}`);
    return replyTo(message.id, plain);
  }
  const told = answerOf(outcome.result);
  if (told.kind === 'fault') return fail(session, message, told.reason);
  session.phase = 'open';
  session.handshake = handshakeOf(offer, told);
  return result(message.id, await flagInstructions(session, told.answer));
}

function whyNot(outcome: Outcome): string {
  if ('reason' in outcome) return outcome.reason;
  return outcome.kind === 'failed'
    ? `it answered ${JSON.stringify(shortened(outcome.error.message))}`
    : 'it did not answer';
}

function handshakeOf(
  offer: JsonObject,
  { answer, revision }: Extract<ReturnType<typeof answerOf>, { kind: 'answer' }>,
): Handshake {
  const { capabilities } = answer;
  // Only which there are: a server's own words, however many, are not kept for as long as the session lives.
  const names = isObject(capabilities) ? Object.keys(capabilities) : [];
  return { offer, revision, capabilities: objectOf(names.map((name) => [name, objectOf([])])) };
}

async function fail(session: Session, message: Request, reason: string): Promise<JsonObject> {
  await session.end(reason);
  return error(message.id, { code: INTERNAL_ERROR, message: `The session cannot open: ${reason}.` });
}
