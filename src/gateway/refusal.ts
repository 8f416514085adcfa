import type { Ruling } from '../policy/decision.ts';
import type { Era } from '../wire/era.ts';
import { type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { MessageId, RpcError } from '../wire/message.ts';
import { INVALID_PARAMS } from '../wire/read-message.ts';
import { error, result } from '../wire/replies.ts';
import { isoTime } from './approvals/iso-time.ts';

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
  /** The question that a person is asked. */
  readonly asked?: AskedQuestion | undefined;
}

/** A question as the agent is told of it. */
export interface AskedQuestion {
  readonly id: string;
  /** Wall time, ms since the epoch. */
  readonly expiresAt: number;
  /** About earlier ones that do not fit this call, in whole sentences. */
  readonly notes: readonly string[];
  /** Where a person answers it; undefined for the command line. */
  readonly url?: string | undefined;
  /** Nobody is named who could answer it. */
  readonly isUnanswerable?: boolean | undefined;
}

/** The refusal of a call about which a person is asked. */
export function refusalWith(refusal: Refusal, asked: AskedQuestion): Refusal {
  return { ...refusal, asked };
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

/** What the agent reads. Where nobody can be asked, a call that needs a person is refused like any other, and says so. */
export function spoken({ decision, reason, asked }: Refusal): string {
  if (decision === 'deny') return `[POLICY DENIED] ${reason}`;
  if (asked === undefined)
    return `[APPROVAL REQUIRED] ${reason} Nobody can be asked for approval of this, so it is refused.`;
  const { id, url, expiresAt, notes, isUnanswerable } = asked;
  const where = url === undefined ? `with "toolgate approvals show ${id}"` : `at ${url}`;
  const until = clockTime(expiresAt);
  if (isUnanswerable === true) {
    return `[APPROVAL REQUIRED] ${reason} A person must approve of this call, and nobody is named who could answer the request ${id}: tell the operator to name people in the configuration ("people"; toolgate wrap is given it by --config). Nothing was sent to the server.`;
  }
  const told = notes.length === 0 ? '' : ` ${notes.join(' ')}`;
  return `[APPROVAL REQUIRED] ${reason}${told} A person must approve of exactly this call, under the request ${id}: ask the user to answer it ${where} before ${until} UTC. Then repeat the same call with the same arguments. Nothing was sent to the server.`;
}

function clockTime(at: number): string {
  return (isoTime(at) ?? '').slice(11, 19);
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
  if (refusal.asked !== undefined) entries.push(['approval', askedNote(refusal.asked)]);
  if (refusal.retryAfterSeconds !== undefined) entries.push(['retryAfterSeconds', refusal.retryAfterSeconds]);
  return objectOf(entries);
}

function askedNote({ id, expiresAt, url }: AskedQuestion): JsonObject {
  const entries: [string, Json][] = [
    ['id', id],
    ['expiresAt', isoTime(expiresAt) ?? null],
  ];
  if (url !== undefined) entries.push(['url', url]);
  return objectOf(entries);
}
