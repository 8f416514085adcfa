import type { JsonObject } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { readCall } from '../wire/read-call.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../wire/read-message.ts';
import { request } from '../wire/replies.ts';
import { finishCall } from './finish-call.ts';
import type { Gate } from './gate.ts';
import { argumentHeaders, headerRefusal } from './header-params.ts';
import { resultRules } from './inspect-result.ts';
import { type Judged, judge } from './judge.ts';
import { outbound } from './outbound.ts';
import { permit } from './permit.ts';
import type { Sink } from './ports.ts';
import { conclude, latencyOf } from './record-outcome.ts';
import { refusalReply } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyToCall } from './reply.ts';
import { reserveAndRecord } from './reserve.ts';
import { roundOf } from './round-of.ts';
import type { Session } from './session.ts';
import { toolOf } from './tool-of.ts';

/**
 * The path of a call: read, decide, commit (reserve every limit and write the record in one transaction), forward,
 * inspect the answer, record the outcome, reply. Every refusal leaves here with its rule and reason, and the server does not hear of it.
 */
export async function handleCall(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  const { gate, exchanges, era } = session;
  const requestId = gate.crypto.id();
  const exchange = exchanges.begin(message.id, message.params, sink);
  try {
    const read = readCall(message.method, message.params);
    if (read.kind === 'fault') return await refuseMessage(session, message, INVALID_PARAMS, read.reason);
    const { call } = read;
    const round = roundOf(session, call);
    if (round.kind === 'fault') return await refuseMessage(session, message, INVALID_PARAMS, round.reason);
    const lookup = await toolOf(session, call);
    // Whatever the name: nobody learns from it what is hidden.
    if (lookup.kind === 'unasked') return await refuseMessage(session, message, INTERNAL_ERROR, lookup.reason);
    const { tool } = lookup;

    const began = gate.clock.elapsed();
    // Before the judge: a grant that ends in between is refused by it, so that no answer passes without its rules.
    const rules = resultRules(session) ?? [];
    const judged = judge(session, call, tool);
    const decided = gate.clock.elapsed();
    if (tool !== undefined && isHidden(judged)) await session.tools.refresh(session.connection);
    const mismatch = isHidden(judged) ? undefined : await headerRefusal(session, message, call, tool, sink);
    if (mismatch !== undefined) return mismatch;

    const reserved = await reserveAndRecord(gate, requestId, judged, round.count);
    if (reserved.kind === 'refused') {
      return refusalReply(message.id, call.kind, call.name, reserved.refusal, requestId, era);
    }
    const committed = gate.clock.elapsed();

    const params = outbound(session, exchange, round.params, judged.policies);
    const permitted = permit(request(exchange.id, call.method, params), argumentHeaders(session, call, tool));
    const synced = gate.audit().holdReply ? syncedOrTold(gate, requestId) : undefined;
    const outcome = await exchanges.ask(session.connection, exchange, permitted);

    const latency = latencyOf(began, decided, committed, gate.clock.elapsed());
    const finished = await finishCall(session, call, outcome, rules);
    conclude(gate, requestId, reserved.receipt, finished, latency);
    await synced;
    return exchange.cancelled === undefined ? replyToCall(message.id, call, finished, requestId, era) : undefined;
  } finally {
    exchanges.end(exchange);
  }
}

/** Never rejects: it can fail long before anybody waits for it, and what nobody catches would end the gateway. */
function syncedOrTold({ store, log }: Gate, id: string): Promise<void> {
  return store.synced().catch((fault: Error) => log(`the record of ${id} is not synced: ${fault.message}`));
}

/** A hidden name takes as long as an unknown one: the same fresh look at the list, for nothing. */
function isHidden({ answer }: Judged): boolean {
  return answer.kind === 'refused' && answer.refusal.hidden;
}
