import type { Call } from '../wire/call.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { mayServerAsk } from '../wire/methods.ts';
import { judge } from './judge.ts';
import { fixedRefusal, type Refusal } from './refusal.ts';
import { reserveAndRecord } from './reserve.ts';
import type { Session } from './session.ts';

const MAX_QUESTIONS = 100;

/**
 * Judges and records what a server asks of the client in the middle of a call (`inputRequests`). The first question that does not pass ends the round:
 * the server cannot go on without its answer. `about`: the params of the client's call, which name the client.
 */
export async function askThrough(
  session: Session,
  questions: Json | undefined,
  about: JsonObject,
  known: Set<string> = new Set(),
): Promise<Refusal | undefined> {
  if (questions === undefined) return undefined;
  const entries = isObject(questions) ? Object.entries(questions) : undefined;
  if (entries === undefined || entries.length > MAX_QUESTIONS) {
    return fixedRefusal(
      '(message refused)',
      `The server asks for input in a form that nobody here can judge (at most ${MAX_QUESTIONS} questions).`,
    );
  }
  for (const [key, question] of entries) {
    if (known.has(key)) continue;
    const refused = await askOne(session, question, about);
    if (refused !== undefined) return refused;
    known.add(key);
  }
  return undefined;
}

async function askOne(session: Session, question: Json, about: JsonObject): Promise<Refusal | undefined> {
  const method = isObject(question) ? question['method'] : undefined;
  const params = isObject(question) ? (question['params'] ?? objectOf([])) : undefined;
  if (typeof method !== 'string' || !isObject(params) || !mayServerAsk(method)) {
    const told = typeof method === 'string' ? JSON.stringify(method.slice(0, 100)) : 'something';
    return fixedRefusal('(message refused)', `The server asks the client for ${told}, which no server may.`);
  }
  const call: Call = { kind: 'request', method, name: method, args: params, params };
  const judged = judge(session, call, 'no tool', about);
  const reserved = await reserveAndRecord(session.gate, session.gate.crypto.id(), judged, 'first');
  if (reserved.kind === 'reserved') return undefined;
  const { refusal } = reserved;
  const reason = `The server asks the client for ${method} to go on, and may not: ${refusal.reason}`;
  return { ...refusal, reason, hidden: false };
}
