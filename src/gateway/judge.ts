import { decide } from '../policy/decide.ts';
import type { Decision, Subject } from '../policy/decision.ts';
import type { Call } from '../wire/call.ts';
import type { ArgumentPrivacy, Gate, Standing } from './gate.ts';
import { type CallFields, callFields } from './record.ts';
import { fixedRefusal, type Refusal, refusalOf } from './refusal.ts';
import type { Session } from './session.ts';

/** A call with its answer: the decision to reserve for, or the refusal to record. */
export interface Judged {
  readonly fields: CallFields;
  readonly answer:
    | { readonly kind: 'pass'; readonly decision: Decision }
    | { readonly kind: 'refused'; readonly refusal: Refusal };
}

/** Asks the judge, with the one standing that is in force now. `listed`: the server lists what is called. */
export function judge(session: Session, call: Call, listed: boolean): Judged {
  const { gate } = session;
  const standing = gate.standing(session.grant, session.server);
  const riskClass = standing?.classes.get(call.name) ?? 'unknown';
  const fields = callFields(
    session.senderUnder(standing),
    call,
    riskClass,
    standing,
    privacyOf(gate, call),
    gate.crypto.digest,
  );
  const refused = (refusal: Refusal): Judged => ({ fields, answer: { kind: 'refused', refusal } });
  if (standing === undefined) {
    return refused(fixedRefusal('(no policy)', gate.whyNone(session.grant, session.server)));
  }
  const facts = { at: gate.clock.now() };
  const decision = decide(standing.policies, subjectOf(session, standing), call, { class: riskClass }, facts);
  if (decision.hidden) return refused(refusalOf(decision));
  if (!listed) return refused(fixedRefusal('(unknown)', `The server ${session.server} lists no tool of this name.`));
  return decision.effect === 'allow' ? { fields, answer: { kind: 'pass', decision } } : refused(refusalOf(decision));
}

/** What a server asks of the client is the server's text, and can be long: its keys tell enough, unless all is to be kept. */
function privacyOf(gate: Gate, call: Call): ArgumentPrivacy {
  const privacy = gate.audit().arguments;
  return call.kind === 'request' && privacy === 'redacted' ? 'keys' : privacy;
}

function subjectOf(session: Session, standing: Standing): Subject {
  return { grant: standing.grant, server: session.server, session: session.id, client: session.client };
}
