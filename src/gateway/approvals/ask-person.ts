import { type JsonObject, objectOf } from '../../wire/json.ts';
import { result } from '../../wire/replies.ts';
import { ownerOf } from '../round-of.ts';
import type { AskedCall, WayOut } from './asked-call.ts';
import { holdCall } from './hold.ts';
import { questionsFor } from './questions-for.ts';
import { startedTask } from './task-result.ts';
import { type Ways, waysOf } from './ways.ts';

/** Requests that a client of the modern era can be asked something in the middle of. */
const WITH_ROUNDS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Lets the client wait for a person in the best way that it declared: as a task, by asking its own user, on a held call; else it gets a ticket. */
export async function askPerson(asked: AskedCall): Promise<WayOut> {
  const { session, message, approval, exchange } = asked;
  if (exchange.cancelled !== undefined) return { kind: 'reply', reply: undefined };
  const ways = waysOf(session, approval, message.params);
  const isFirstRound = message.params['inputResponses'] === undefined && message.params['requestState'] === undefined;
  if (ways.tasks && isFirstRound) {
    return { kind: 'reply', reply: result(message.id, startedTask(approval, session.gate.clock)) };
  }
  const question = session.era === 'modern' && isFirstRound ? elicitation(asked, ways) : undefined;
  if (question !== undefined) return { kind: 'reply', reply: result(message.id, question) };
  return holdCall(asked, ways);
}

/** The answer that asks the client's user, in the modern era. */
function elicitation({ session, call, approval }: AskedCall, ways: Ways): JsonObject | undefined {
  const inputRequests = WITH_ROUNDS.has(call.method) ? questionsFor(approval, ways) : undefined;
  if (inputRequests === undefined) return undefined;
  return objectOf([
    ['resultType', 'input_required'],
    ['inputRequests', inputRequests],
    ['requestState', session.rounds.stateFor(ownerOf(session), call, approval.id)],
  ]);
}
