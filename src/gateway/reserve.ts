import type { Asked } from '../policy/count/plan-pass.ts';
import type { Decision } from '../policy/decision.ts';
import type { Gate } from './gate.ts';
import { type Judged, NO_COUNTS } from './judge.ts';
import { type Plan, type Receipt, StoreFault } from './ports.ts';
import { allowedBody, type CallFields, refusedBody } from './record.ts';
import { fixedRefusal, type Refusal, refusalOf } from './refusal.ts';
import { askedBy, refusalFor } from './verdict.ts';

export type Reserved =
  | { readonly kind: 'reserved'; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Whether a message is counted, or continues a call that was. */
export type Count = 'first' | 'continued';

const NOTHING: Asked = { reservations: [], mode: 'take', tallies: [], shadow: [] };

/** One transaction: all of the call's limits or none, and its record, whatever it says. The store down means refused. */
export async function reserveAndRecord(gate: Gate, id: string, judged: Judged, count: Count): Promise<Reserved> {
  const { fields, answer } = judged;
  const at = gate.clock.now();
  const { tick, lead } = gate.clock;
  const counts = answer.kind === 'question' ? answer.counts : [];
  let refusal: Refusal | undefined;
  const heard = (refused: Refusal | undefined): void => {
    refusal = refused;
  };
  const judge = (found: ReadonlyMap<string, number>): Plan =>
    answer.kind === 'question'
      ? planFor(fields, answer.decide(found), heard, count)
      : refusing(fields, answer.refusal, heard);
  try {
    const { receipt } = await gate.store.commit({ id, at, tick, lead, counts, judge });
    return refusal === undefined ? { kind: 'reserved', receipt } : { kind: 'refused', refusal };
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    gate.log(`refused ${id}: the store is unavailable: ${fault.message}`);
    return { kind: 'refused', refusal: withoutStore(answer) };
  }
}

/** What a decision asks of the counters; `heard` is told what the verdict makes of it. */
function planFor(
  fields: CallFields,
  decision: Decision,
  heard: (refused: Refusal | undefined) => void,
  count: Count,
): Plan {
  return {
    ...(count === 'first' ? askedBy(decision) : NOTHING),
    body(verdict, shadow) {
      const refused = refusalFor(decision, verdict);
      heard(refused);
      const wouldHave = decision.shadow && refusalFor(decision.shadow, shadow);
      return refused === undefined
        ? allowedBody(fields, decision, wouldHave)
        : refusedBody(fields, refused, refused.decision === 'deny' ? undefined : wouldHave);
    },
  };
}

function refusing(fields: CallFields, refusal: Refusal, heard: (refused: Refusal) => void): Plan {
  const body = (): string => {
    heard(refusal);
    return refusedBody(fields, refusal, undefined);
  };
  return { reservations: [], mode: 'check', tallies: [], shadow: [], body };
}

function withoutStore(answer: Judged['answer']): Refusal {
  if (answer.kind === 'refused') return answer.refusal;
  // Without the counts of earlier calls that it asks for, what the policy says is not known.
  const decision = answer.counts.length === 0 ? answer.decide(NO_COUNTS) : undefined;
  if (decision?.effect === 'deny') return refusalOf(decision);
  const reason = 'The gateway cannot write its record now, so no call passes. Tell its operator; its log says why.';
  return fixedRefusal('(store unavailable)', reason);
}
