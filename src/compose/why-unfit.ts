import type { Approval } from '../gateway/approvals/approval.ts';
import { markedRule } from '../gateway/approvals/inquire.ts';
import { definitionOf } from '../gateway/definitions.ts';
import type { Standing } from '../gateway/gate.ts';
import { answerTo, NO_COUNTS } from '../gateway/judge.ts';
import { definitionIn } from '../gateway/pins/pin-records.ts';
import type { Clock, Crypto, PinStore } from '../gateway/ports.ts';
import type { Call } from '../wire/call.ts';

export interface Judging {
  readonly clock: Pick<Clock, 'now'>;
  readonly crypto: Pick<Crypto, 'digest'>;
  readonly store: PinStore;
  standing(grant: string, server: string): Standing | undefined;
  /** Why there is none. */
  whyNone(grant: string, server: string): string;
}

/**
 * Why a call that an approver wrote would not be sent, as far as can be told before it is: it is judged again when it is. Without a kept
 * definition of the tool nothing is told beforehand.
 */
export async function whyUnfit(judging: Judging, approval: Approval, call: Call): Promise<string | undefined> {
  const { grant, server, name, kind, client, session } = approval.subject;
  const standing = judging.standing(grant, server);
  if (standing === undefined) return judging.whyNone(grant, server);
  const pinned = kind === 'tool' ? (await judging.store.pins(server)).tools.get(name)?.pinned : undefined;
  if (kind === 'tool' && pinned === undefined) return undefined;
  const tool = pinned === undefined ? 'no tool' : definitionOf(definitionIn(pinned.text));
  const subject = { grant: standing.grant, server, session: session ?? `grant ${grant}`, client };
  const riskClass = standing.classes.get(name) ?? pinned?.class?.class ?? approval.subject.class;
  const answer = answerTo(standing.policies, subject, call, { class: riskClass, tool }, judging.clock.now());
  if (answer.kind === 'refused') return `The policy refuses the changed call: ${answer.refusal.reason}`;
  // What depends on earlier calls is known when it is sent.
  if (answer.counts.length > 0) return undefined;
  const decision = answer.decide(NO_COUNTS);
  switch (decision.effect) {
    case 'allow':
      return undefined;
    case 'deny':
      return `The policy refuses the changed call: ${decision.reason}`;
    case 'require_approval': {
      const { mark } = markedRule(judging, standing, decision.rule);
      if (mark === approval.subject.rule.mark) return undefined;
      return `Another rule asks about the changed call (${decision.rule.pointer}), and it was not the one that asked.`;
    }
  }
}
