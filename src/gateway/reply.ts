import type { Era } from '../wire/era.ts';
import type { JsonObject } from '../wire/json.ts';
import type { MessageId } from '../wire/message.ts';
import { INTERNAL_ERROR } from '../wire/read-message.ts';
import { error, result } from '../wire/replies.ts';
import type { Outcome } from './exchanges.ts';
import type { InspectedOutcome } from './inspect-result.ts';
import { refusalReply } from './refusal.ts';

/** How the two errors about the server itself begin. */
export const NOT_REACHED = 'The server was not reached';
export const NO_RESULT = 'The request was sent but got no result';

/** The client's answer for what came of a request that has no effect of its own; undefined for a cancelled one, which gets none. */
export function replyTo(id: MessageId, outcome: Outcome): JsonObject | undefined {
  switch (outcome.kind) {
    case 'answered':
      return result(id, outcome.result);
    case 'failed':
      return error(id, outcome.error);
    case 'unsent':
      return error(id, {
        code: INTERNAL_ERROR,
        message: unsentText(outcome.reason),
      });
    case 'lost':
      return error(id, { code: INTERNAL_ERROR, message: `${NO_RESULT}: ${outcome.reason}. It can be sent again.` });
    case 'cancelled':
      return undefined;
  }
}

/** What a client is told of a request of which nothing reached the server. */
export function unsentText(reason: string): string {
  return `${NOT_REACHED}, nothing was sent: ${reason}. The request can be sent again.`;
}

/** The same for a call, whose answer was inspected: what the rules withhold is replaced by the reason. */
export function replyToCall(
  id: MessageId,
  call: { readonly kind: string; readonly name: string },
  { outcome, withheld }: InspectedOutcome,
  requestId: string,
  era: Era,
): JsonObject | undefined {
  if (withheld === undefined && outcome.kind === 'lost') {
    return lostCall(id, outcome.reason);
  }
  if (withheld === undefined) return replyTo(id, outcome);
  // An error stays an error, also of a tool.
  const kind = outcome.kind === 'failed' ? 'request' : call.kind;
  return refusalReply(id, kind, call.name, withheld, requestId, era);
}

/** The answer to a call that was sent and of which nobody knows what came. */
export function lostCall(id: MessageId, reason: string): JsonObject {
  const message = `${NO_RESULT}: ${reason}. It may have taken effect; check before sending it again.`;
  return error(id, { code: INTERNAL_ERROR, message });
}
