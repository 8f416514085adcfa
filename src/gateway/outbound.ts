import type { Policies } from '../policy/policy.ts';
import type { JsonObject } from '../wire/json.ts';
import { withOffered } from './capabilities.ts';
import type { Exchange } from './exchanges.ts';
import type { Session } from './session.ts';

/** A request's params as the server gets them: our progress token in place of the client's, and only the capabilities that it may use. */
export function outbound(
  session: Session,
  exchange: Exchange,
  params: JsonObject,
  policies: Policies | undefined,
): JsonObject {
  const outward = session.exchanges.outward(exchange, params);
  return session.era === 'modern' ? withOffered(outward, policies) : outward;
}
