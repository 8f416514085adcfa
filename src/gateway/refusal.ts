import type { Ruling } from '../policy/decision.ts';
import type { Era } from '../wire/era.ts';
import { type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { MessageId, RpcError } from '../wire/message.ts';
import { INVALID_PARAMS } from '../wire/read-message.ts';
import { error, result } from '../wire/replies.ts';

/** Why a call does not pass, as the agent is told and as the log keeps it. */
export interface Refusal {
  readonly decision: 'deny' | 'require_approval';
  /** JSON Pointer into the document, or a fixed name such as `(default deny)`. */
  readonly rule: string;
  readonly ruleId?: string | undefined;
  readonly document?: 'policy' | 'baseline' | undefined;
  readonly reason: string;
  readonly retryAfterSeconds?: number | undefined;
  /** Answered as if the name did not exist. */
  readonly hidden: boolean;
}

/** The refusal that a ruling of the policy amounts to. */
export function refusalOf(ruling: Ruling): Refusal {
  const { rule, hidden, reason } = ruling;
  const asked = ruling.effect === 'require_approval';
  return {
    decision: asked ? 'require_approval' : 'deny',
    rule: rule.pointer,
    ruleId: rule.id,
    document: rule.document,
    reason,
    hidden,
  };
}

/** A refusal that no document of the user speaks: `(unknown)`, `(no policy)`, `(store unavailable)` … */
export function fixedRefusal(rule: string, reason: string): Refusal {
  return { decision: 'deny', rule, reason, hidden: rule === '(unknown)' };
}

/** The answer to a refused call: for tools a result that the model reads, for the rest an error. */
export function refusalReply(
  id: MessageId,
  kind: string,
  name: string,
  refusal: Refusal,
  requestId: string,
  era: Era,
): JsonObject {
  if (refusal.hidden) return error(id, unknownName(kind, name));
  const text = spoken(refusal);
  const decision = decisionNote(refusal, requestId);
  if (kind !== 'tool') {
    return error(id, { code: REFUSED, message: text, data: objectOf([['toolgate/decision', decision]]) });
  }
  return result(
    id,
    objectOf([
      ...RESULT_TYPE[era],
      [
        'content',
        [
          objectOf([
            ['type', 'text'],
            ['text', text],
          ]),
        ],
      ],
      ['isError', true],
      ['_meta', objectOf([['toolgate/decision', decision]])],
    ]),
  );
}

const RESULT_TYPE: { readonly [era in Era]: readonly (readonly [string, Json])[] } = {
  legacy: [],
  modern: [['resultType', 'complete']],
};

/** What the agent reads. Until people can be asked, a call that needs one is refused like any other, and says so. */
export function spoken({ decision, reason }: Refusal): string {
  if (decision === 'deny') return `[POLICY DENIED] ${reason}`;
  return `[APPROVAL REQUIRED] ${reason} Nobody can be asked for approval here yet, so it is refused.`;
}

/** Our own error code for what a policy refuses outside tools; in the range left free for implementations. */
export const REFUSED = -32010;

function unknownName(kind: string, name: string): RpcError {
  const word = kind === 'tool' ? 'tool' : kind;
  return { code: INVALID_PARAMS, message: `Unknown ${word}: ${name}` };
}

function decisionNote(refusal: Refusal, requestId: string): JsonObject {
  const entries: [string, Json][] = [
    ['decision', refusal.decision],
    ['rule', refusal.rule],
    ['reason', refusal.reason],
    ['requestId', requestId],
  ];
  if (refusal.ruleId !== undefined) entries.push(['id', refusal.ruleId]);
  if (refusal.document === 'baseline') entries.push(['document', 'baseline']);
  if (refusal.retryAfterSeconds !== undefined) entries.push(['retryAfterSeconds', refusal.retryAfterSeconds]);
  return objectOf(entries);
}
