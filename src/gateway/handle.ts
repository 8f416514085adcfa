import type { Definition } from '../policy/decision.ts';
import type { Call } from '../wire/call.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { readCall } from '../wire/read-call.ts';
import { INVALID_PARAMS } from '../wire/read-message.ts';
import { request } from '../wire/replies.ts';
import { type InspectedOutcome, inspectOutcome, resultRules } from './inspect-result.ts';
import { type Judged, judge } from './judge.ts';
import { permit } from './permit.ts';
import type { Receipt, Sink } from './ports.ts';
import { type Latency, outcomeBody } from './record.ts';
import { refusalReply } from './refusal.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyToCall } from './reply.ts';
import { reserveAndRecord } from './reserve.ts';
import type { Session } from './session.ts';

/**
 * The path of a call: read, decide, commit (reserve every limit and write the record in one transaction), forward,
 * inspect the answer, record the outcome, reply. Every refusal leaves here with its rule and reason, and the server does not hear of it.
 */
export async function handleCall(
  session: Session,
  message: Extract<Message, { kind: 'request' }>,
  sink: Sink,
): Promise<JsonObject | undefined> {
  const { gate, exchanges } = session;
  const requestId = gate.crypto.id();
  const exchange = exchanges.begin(message.id, message.params, sink);
  try {
    const read = readCall(message.method, message.params);
    if (read.kind === 'fault') return await refuseMessage(session, message, INVALID_PARAMS, read.reason);
    const { call } = read;
    const tool = await toolOf(session, call);

    const began = gate.clock.elapsed();
    // Before the judge: a grant that ends in between is refused by it, so that no answer passes without its rules.
    const rules = resultRules(session) ?? [];
    const judged = judge(session, call, tool);
    const decided = gate.clock.elapsed();
    if (tool !== undefined && isHidden(judged)) await session.tools.refresh(session.connection);

    const reserved = await reserveAndRecord(gate, requestId, judged);
    if (reserved.kind === 'refused') return refusalReply(message.id, call.kind, call.name, reserved.refusal, requestId);
    const committed = gate.clock.elapsed();

    const permitted = permit(request(exchange.id, call.method, exchanges.outward(exchange, call.params)));
    const synced = gate.audit().holdReply ? gate.store.synced() : undefined;
    const outcome = await exchanges.ask(session.connection, exchange, permitted);

    const latency = latencyOf(began, decided, committed, gate.clock.elapsed());
    const inspected = inspectOutcome(rules, outcome);
    conclude(session, requestId, reserved.receipt, inspected, latency);
    await synced?.catch((fault: Error) => gate.log(`the record of ${requestId} is not synced: ${fault.message}`));
    return exchange.cancelled === undefined ? replyToCall(message.id, call, inspected, requestId) : undefined;
  } finally {
    exchanges.end(exchange);
  }
}

/** A tool is looked up in the server's own list first, with one fresh look at it if the name is not there. */
async function toolOf(session: Session, call: Call): Promise<Definition | 'no tool' | undefined> {
  if (call.kind !== 'tool') return 'no tool';
  const { tools, connection } = session;
  return tools.current?.get(call.name) ?? (await tools.refresh(connection))?.get(call.name);
}

/** A hidden name takes as long as an unknown one: the same fresh look at the list, for nothing. */
function isHidden({ answer }: Judged): boolean {
  return answer.kind === 'refused' && answer.refusal.hidden;
}

/** Records what came of the call; gives back what it reserved if nothing of it reached the server. */
function conclude(session: Session, id: string, receipt: Receipt, inspected: InspectedOutcome, latency: Latency): void {
  const { store, clock, log } = session.gate;
  const refund = inspected.outcome.kind === 'unsent' ? receipt : undefined;
  store
    .append({ id, kind: 'outcome', at: clock.now(), body: outcomeBody(inspected, latency) }, refund)
    .catch((fault: Error) => log(`the outcome of ${id} is not recorded: ${fault.message}`));
}

function latencyOf(began: number, decided: number, committed: number, answered: number): Latency {
  return {
    decideUs: micros(decided - began),
    commitUs: micros(committed - decided),
    serverUs: micros(answered - committed),
  };
}

function micros(ms: number): number {
  return Math.max(0, Math.round(ms * 1000));
}
