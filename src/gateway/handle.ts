import type { JsonObject } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../wire/read-message.ts';
import { request } from '../wire/replies.ts';
import { askPerson } from './approvals/ask-person.ts';
import type { Claim } from './approvals/consult.ts';
import { withEditTold } from './approvals/edit-told.ts';
import { giveBack } from './approvals/give-back.ts';
import { finishCall } from './finish-call.ts';
import type { Gate } from './gate.ts';
import { argumentHeaders, headerRefusal } from './header-params.ts';
import { resultRules } from './inspect-result.ts';
import type { Judged } from './judge.ts';
import { outbound } from './outbound.ts';
import { passCall } from './pass-call.ts';
import { permit } from './permit.ts';
import type { Sink } from './ports.ts';
import { readRound } from './read-round.ts';
import { conclude, latencyOf } from './record-outcome.ts';
import { refusalReply } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyToCall } from './reply.ts';
import type { Session } from './session.ts';
import { toolOf } from './tool-of.ts';

const ANY: Claim = { kind: 'any' };

/**
 * The path of a call: read, decide, commit (reserve every limit, take the approval it needs, write the record, in one transaction), forward,
 * inspect the answer, record the outcome, reply. Every refusal leaves here with its rule and reason, and the server does not hear of it. A call
 * for which a person is asked ends its pass; when there is an answer it comes here again, with a claim to it.
 */
export async function handleCall(
  session: Session,
  message: Request,
  sink: Sink,
  claim: Claim = ANY,
): Promise<JsonObject | undefined> {
  const { gate, exchanges, era } = session;
  const exchange = exchanges.begin(message.id, message.params, sink);
  try {
    const read = await readRound(session, message);
    if (read.kind === 'fault') return await refuseMessage(session, message, INVALID_PARAMS, read.reason);
    const { call, round } = read;
    const lookup = await toolOf(session, call);
    // Whatever the name: nobody learns from it what is hidden.
    if (lookup.kind === 'unasked') return await refuseMessage(session, message, INTERNAL_ERROR, lookup.reason);
    const { tool } = lookup;

    const began = gate.clock.elapsed();
    // Before the judge: a grant that ends in between is refused by it, so that no answer passes without its rules.
    const rules = resultRules(session) ?? [];
    const passing = passCall(session, {
      call,
      round,
      tool,
      claim,
      about: message.params,
      isGone: () => exchange.cancelled !== undefined,
    });
    const { judged } = passing;
    const decided = gate.clock.elapsed();
    if (tool !== undefined && isHidden(judged)) await session.tools.refresh(session.connection);
    const mismatch = isHidden(judged) ? undefined : await headerRefusal(session, message, call, tool, sink);
    if (mismatch !== undefined) return mismatch;

    const passed = await passing.commit();
    const { requestId } = passed;
    if (passed.kind === 'refused') {
      return refusalReply(message.id, call.kind, call.name, passed.refusal, requestId, era);
    }
    if (passed.kind === 'asked') {
      const { approval, refusal } = passed;
      const way = await askPerson({ session, message, call, sink, exchange, approval, refusal, requestId });
      return way.kind === 'reply' ? way.reply : await handleCall(session, message, sink, way.claim);
    }
    const committed = gate.clock.elapsed();

    const params = outbound(session, exchange, passed.params, passed.policies);
    const permitted = permit(request(exchange.id, call.method, params), argumentHeaders(session, passed.call, tool));
    const synced = gate.audit().holdReply ? syncedOrTold(gate, requestId) : undefined;
    const outcome = await exchanges.ask(session.connection, exchange, permitted);

    const latency = latencyOf(began, decided, committed, gate.clock.elapsed());
    const finished = await finishCall(session, { call, class: judged.class }, outcome, rules, passed.approval);
    conclude(gate, requestId, passed.receipt, finished, latency);
    // Of a later round the first was sent.
    const isUnused = outcome.kind === 'unsent' && round.count === 'first';
    if (isUnused && passed.approval !== undefined) await giveBack(session, passed.approval);
    await synced;
    if (exchange.cancelled !== undefined) return undefined;
    return withEditTold(replyToCall(message.id, call, finished, requestId, era), passed.approval);
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
