import type { Call } from '../wire/call.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { findLookalike, knownKeys } from '../wire/lookalike.ts';
import type { RpcError } from '../wire/message.ts';
import { mayServerAsk } from '../wire/methods.ts';
import { CAPABILITIES_KEY, MISSING_CAPABILITY } from '../wire/modern/envelope.ts';
import { canonicalJson } from '../wire/write-json.ts';
import { ASKED_WITH, offeredCapabilities } from './capabilities.ts';
import { judge, NO_COUNTS } from './judge.ts';
import { fixedRefusal, type Refusal } from './refusal.ts';
import { reserveAndRecord } from './reserve.ts';
import type { Session } from './session.ts';

const MAX_QUESTIONS = 100;
/** Different questions that one task may ask in its life. */
const MAX_KNOWN = 1_000;
/** Legacy: the client is to visit a page, and to send its request again. */
const VISIT_REQUIRED = -32042;

/**
 * Judges and records what a server asks of the client in the middle of a call (`inputRequests`). The first question that does not pass ends the round:
 * the server cannot go on without its answer. `about`: the params of the client's call, which name the client. `known`: what is on record already and
 * is only judged, by a digest of what it asks.
 */
export async function askThrough(
  session: Session,
  questions: Json | undefined,
  about: JsonObject,
  known?: Set<string>,
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
    const refused =
      known === undefined
        ? await askOne(session, question, about)
        : await askAgain(session, [key, question], about, known);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/**
 * The same for an error that asks: one by which a server of the legacy era sends the client to a page, or one of the modern era for a capability that
 * the client has and the policies keep from the server. What the client itself lacks is between the two.
 */
export async function askThroughError(
  session: Session,
  error: RpcError,
  about: JsonObject,
): Promise<Refusal | undefined> {
  if (session.era === 'legacy' && error.code === VISIT_REQUIRED) return askThrough(session, visitsIn(error), about);
  if (session.era === 'modern' && error.code === MISSING_CAPABILITY) {
    return askThrough(session, keptBack(session, error, about), about);
  }
  return undefined;
}

function visitsIn({ data }: RpcError): Json {
  const wanted = isObject(data) ? data['elicitations'] : undefined;
  if (!isArray(wanted)) return null;
  return objectOf(wanted.map((params, index) => [`${index}`, questionOf('elicitation/create', params)]));
}

/** Questions for which the server misses a capability that it was not told of. */
function keptBack({ gate, grant, server }: Session, { data }: RpcError, about: JsonObject): JsonObject {
  const needed = isObject(data) ? data['requiredCapabilities'] : undefined;
  const meta = about['_meta'];
  const declared = isObject(meta) ? meta[CAPABILITIES_KEY] : undefined;
  if (!isObject(needed) || !isObject(declared)) return objectOf([]);
  const offered = offeredCapabilities('modern', declared, gate.standing(grant, server)?.policies);
  const missed = ASKED_WITH.filter(([name]) => needed[name] !== undefined && declared[name] !== undefined);
  const kept = missed.filter(([name]) => offered[name] === undefined);
  return objectOf(kept.map(([name, method]) => [name, questionOf(method, objectOf([]))]));
}

function questionOf(method: string, params: Json): JsonObject {
  return objectOf([
    ['method', method],
    ['params', params],
  ]);
}

/** A task shows its questions at every look: recorded once, judged each time, since the policy may have changed. */
async function askAgain(
  session: Session,
  [key, question]: readonly [string, Json],
  about: JsonObject,
  known: Set<string>,
): Promise<Refusal | undefined> {
  const mark = session.gate.crypto.digest(canonicalJson([key, question]));
  if (known.has(mark) && mayStillAsk(session, question, about)) return undefined;
  if (!known.has(mark) && known.size >= MAX_KNOWN) {
    return fixedRefusal('(message refused)', `The task asked ${MAX_KNOWN} different questions already.`);
  }
  const refused = await askOne(session, question, about);
  if (refused === undefined) known.add(mark);
  return refused;
}

function mayStillAsk(session: Session, question: Json, about: JsonObject): boolean {
  const call = callOf(question);
  if ('decision' in call) return false;
  const { answer } = judge(session, call, 'no tool', about);
  if (answer.kind === 'refused') return false;
  // A policy that looks at earlier calls was asked when it was recorded; only a transaction could ask again.
  return answer.counts.length > 0 || answer.decide(NO_COUNTS).effect === 'allow';
}

async function askOne(session: Session, question: Json, about: JsonObject): Promise<Refusal | undefined> {
  const call = callOf(question);
  if ('decision' in call) return call;
  // As for what a server asks by itself: each question is on record, and a server must not fill the log.
  if (session.questions.admit().kind === 'turned away')
    return fixedRefusal('(message refused)', 'The server asks the client too much in too short a time.');
  const judged = judge(session, call, 'no tool', about);
  const reserved = await reserveAndRecord(session.gate, session.gate.crypto.id(), judged, 'first');
  if (reserved.kind === 'reserved') return undefined;
  const { refusal } = reserved;
  const reason = `The server asks the client for ${call.method} to go on, and may not: ${refusal.reason}`;
  return { ...refusal, reason, hidden: false };
}

const QUESTION = knownKeys('method', 'params');

function callOf(question: Json): Call | Refusal {
  const method = isObject(question) ? question['method'] : undefined;
  const params = isObject(question) ? (question['params'] ?? objectOf([])) : undefined;
  const twin = isObject(question) ? findLookalike(question, QUESTION) : undefined;
  if (twin !== undefined)
    return fixedRefusal('(message refused)', 'The server asks the client in a way that can be read as two questions.');
  if (typeof method !== 'string' || !isObject(params) || !mayServerAsk(method)) {
    const told = typeof method === 'string' ? JSON.stringify(method.slice(0, 100)) : 'something';
    return fixedRefusal('(message refused)', `The server asks the client for ${told}, which no server may.`);
  }
  return { kind: 'request', method, name: method, args: params, params };
}
