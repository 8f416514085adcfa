import { countsAsked } from '../policy/counts-asked.ts';
import { decide } from '../policy/decide.ts';
import type { CounterKey, Decision, Definition, RiskClass, Subject, Target } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import { prejudge } from '../policy/prejudge.ts';
import { newWork } from '../policy/work.ts';
import type { Call } from '../wire/call.ts';
import type { JsonObject } from '../wire/json.ts';
import { classOfTool } from './class-of-tool.ts';
import type { KnownTool } from './definitions.ts';
import type { ArgumentPrivacy, Gate, Standing } from './gate.ts';
import { type CallTold, toldOf } from './record.ts';
import { fixedRefusal, type Refusal, refusalOf } from './refusal.ts';
import type { Session } from './session.ts';

/** A call with its answer: what is to be decided in the transaction that commits it, or the refusal to record. */
export interface Judged {
  readonly told: CallTold;
  readonly answer: JudgesAnswer;
  /** What it was judged by; empty where the grant has no standing, so that nothing passes. */
  readonly policies: Policies | undefined;
  readonly standing: Standing | undefined;
  readonly class: RiskClass;
  /** When, wall time in ms: what is on record is judged again as of that moment. */
  readonly at: number;
}

export type JudgesAnswer = Question | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A call that the policies judge; with the counts of calls that they ask for, which only the transaction knows. */
export interface Question {
  readonly kind: 'question';
  readonly counts: readonly CounterKey[];
  decide(counts: ReadonlyMap<string, number>): Decision;
}

/** For those who decide before the counts are read. */
export const NO_COUNTS: ReadonlyMap<string, number> = new Map();

/**
 * Asks the judge, with the one standing that is in force now. `tool`: what the server lists; undefined when it does not.
 * `about`: params of the client's message that this belongs to, which name the client in the modern era.
 */
export function judge(
  session: Session,
  call: Call,
  tool: KnownTool | 'no tool' | undefined,
  about: JsonObject = call.params,
): Judged {
  const { gate } = session;
  const at = gate.clock.now();
  const client = session.clientOf(about);
  const standing = gate.standing(session.grant, session.server);
  const listed = typeof tool === 'object' ? tool.shown : undefined;
  const pin = session.book.pinOf(listed);
  // Classes are those of tools; a prompt may have the name of one.
  const riskClass = call.kind === 'tool' ? classOfTool(session.book, standing, call.name, listed, pin) : 'unknown';
  const told = toldOf(
    session.senderUnder(standing, client),
    call,
    riskClass,
    standing,
    privacyOf(gate, session.server, call),
    gate.crypto.digest,
    listed === undefined ? undefined : session.book.markOf(listed, pin),
  );
  if (standing === undefined) {
    const refusal = fixedRefusal('(no policy)', gate.whyNone(session.grant, session.server));
    return { told, answer: { kind: 'refused', refusal }, policies: undefined, standing, class: riskClass, at };
  }
  const subject: Subject = { grant: standing.grant, server: session.server, session: session.id, client };
  const { policies } = standing;
  const answer = answerTo(policies, subject, call, { class: riskClass, tool }, at);
  // Looked up at every call: what was accepted a moment ago passes, what is accepted no more does not.
  const held = typeof tool === 'object' ? session.book.refusal(tool.shown, pin) : undefined;
  const by = { told, policies, standing, class: riskClass, at };
  if (answer.kind === 'refused' || held === undefined) return { ...by, answer };
  return { ...by, answer: { kind: 'refused', refusal: held } };
}

/** A name that is hidden, or that the server does not list, is refused before anything is counted. */
export function answerTo(
  policies: Policies,
  subject: Subject,
  call: Call,
  named: { readonly class: RiskClass; readonly tool: Definition | 'no tool' | undefined },
  at: number,
): JudgesAnswer {
  const { tool } = named;
  const target: Target = { class: named.class, definition: typeof tool === 'object' ? tool : undefined };
  const counts = countsAsked(policies, subject, call, target);
  const work = counts.length === 0 ? newWork() : prejudge(policies, subject, call, target, at);
  const decideWith = (calls: ReadonlyMap<string, number>): Decision =>
    decide(policies, subject, call, target, { at, calls }, work);
  const decision = decideWith(NO_COUNTS);
  if (decision.hidden) return { kind: 'refused', refusal: refusalOf(decision) };
  if (tool === undefined) {
    const reason = `The server ${subject.server} lists no tool of this name.`;
    return { kind: 'refused', refusal: fixedRefusal('(unknown)', reason) };
  }
  return { kind: 'question', counts, decide: counts.length === 0 ? () => decision : decideWith };
}

/** What a server asks of the client is the server's text, and can be long: its keys tell enough, unless all is to be kept. */
function privacyOf(gate: Gate, server: string, call: Call): ArgumentPrivacy {
  const privacy = gate.privacy(server, call.kind === 'tool' ? call.name : undefined);
  return call.kind === 'request' && privacy === 'redacted' ? 'keys' : privacy;
}
