import type { JsonObject } from '../wire/json.ts';

// What a client is told at the door: the same whether it speaks to one server or to all of them.

export const NOT_OPEN = 'The session is not open: send initialize first.';
export const OPEN_ALREADY = 'The session is open already: initialize comes once.';
export const ENDED = 'The session has ended: initialize a new one.';
export const OTHER_ERA =
  'A request of the stateless era stands in a session of the older one: send it without the session.';
export const NOT_ASKED = 'an answer to a question that was not asked in this session';
export const NO_WISH = 'params.notifications must be an object';
export const FAILED_INSIDE = 'The gateway failed on this request; its log says why.';

/** The same for a request or notification that the era's table does not have. */
export function methodNotFound(method: string): string {
  return `Method not found: ${method.slice(0, 100)}`;
}

/** For a subscription beyond the limit. */
export function tooManyListens(max: number, grant: string): string {
  return `${max} subscriptions of the grant ${grant} are open already ("limits.listens"); end some first.`;
}

/** Why a client says that it cancels. */
export function cancelReason({ reason }: JsonObject): string {
  return typeof reason === 'string' ? reason : 'no reason given';
}
