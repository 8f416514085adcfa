import type { Call } from '../wire/call.ts';
import { objectOf } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { mayServerSend } from '../wire/methods.ts';
import { METHOD_NOT_FOUND } from '../wire/read-message.ts';
import { error, request, result } from '../wire/replies.ts';
import { methodNotFound } from './door-texts.ts';
import { inspectParams, resultRules } from './inspect-result.ts';
import { judge } from './judge.ts';
import { passage } from './passage.ts';
import { REFUSED, spoken } from './refusal.ts';
import { recordRefusal } from './refuse-message.ts';
import { reserveAndRecord } from './reserve.ts';
import { route } from './route.ts';
import type { Session } from './session.ts';

/** A server's request of the client (sampling, elicitation, roots) is judged and recorded like any call. */
export async function hearRequest(session: Session, message: Request, via: number | undefined): Promise<void> {
  const { method, params, id } = message;
  const { gate, connection } = session;
  if (method === 'ping') return connection.send(passage(result(id, objectOf([]))));
  // In the modern era a server asks inside of its answers only.
  if (session.era === 'modern' || !mayServerSend('request', method)) {
    return connection.send(passage(error(id, { code: METHOD_NOT_FOUND, message: methodNotFound(method) })));
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
