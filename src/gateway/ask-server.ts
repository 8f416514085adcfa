import type { Policies } from '../policy/policy.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { request } from '../wire/replies.ts';
import type { Outcome } from './exchanges.ts';
import { outbound } from './outbound.ts';
import { passage } from './passage.ts';
import type { Sink } from './ports.ts';
import type { Session } from './session.ts';

/** Passes a client's request that is no call on to the server, with these params, and waits for what comes of it. Never rejects. */
export async function askServer(
  session: Session,
  message: Request,
  params: JsonObject,
  sink: Sink,
  policies: Policies | undefined,
): Promise<Outcome> {
  const { exchanges } = session;
  const exchange = exchanges.begin(message.id, params, sink);
  const pass = passage(request(exchange.id, message.method, outbound(session, exchange, params, policies)));
  const outcome = await exchanges.ask(session.connection, exchange, pass);
  exchanges.end(exchange);
  return outcome;
}
