import { isObject, type JsonObject } from '../wire/json.ts';
import { INTERNAL_ERROR } from '../wire/read-message.ts';
import { askThroughError } from './ask-through.ts';
import type { Outcome } from './exchanges.ts';
import { REFUSED, spoken } from './refusal.ts';
import type { Session } from './session.ts';

/**
 * What came of a request that is no call, as the client may have it. A server that asks for something instead of answering is judged where the
 * protocol lets it ask (an error that sends to a page), and not heard where it does not (input is for calls alone): clients follow both
 * whatever they asked. `about`: the params of the client's request.
 */
export async function plainOutcome(session: Session, outcome: Outcome, about: JsonObject): Promise<Outcome> {
  if (outcome.kind === 'failed') {
    const refused = await askThroughError(session, outcome.error, about);
    return refused === undefined ? outcome : failed(REFUSED, spoken(refused));
  }
  if (outcome.kind !== 'answered' || session.era === 'legacy' || !isObject(outcome.result)) return outcome;
  const { resultType } = outcome.result;
  if (resultType === undefined || resultType === 'complete') return outcome;
  const told = JSON.stringify(resultType).slice(0, 60);
  return failed(INTERNAL_ERROR, `The server answered with a result of the type ${told}, which is for calls alone.`);
}

function failed(code: number, message: string): Outcome {
  return { kind: 'failed', error: { code, message } };
}
