import type { Conversation } from '../gateway/conversation.ts';
import type { ReadMessage } from '../wire/read-message.ts';
import { HttpFront } from './http-front.ts';
import { SESSION } from './mcp-headers.ts';
import type { Marks } from './resumable-stream.ts';
import { NO_SESSION, type Visit } from './visit.ts';

/** The first revision whose clients read events without a message. */
const WITH_PRIMING = '2025-11-25';

type SessionFor =
  | { readonly kind: 'session'; readonly session: Conversation; readonly front: HttpFront }
  | { readonly kind: 'none'; readonly status: number; readonly reason: string };

/** The open session that the request names; a foreign one is as unknown as none. */
export function sessionNamed({ grant, route, headers }: Visit): Conversation | undefined {
  const id = headers.values.get(SESSION);
  return id === undefined ? undefined : route.find(id, grant);
}

/** The session that a posted message names, or a new one for an `initialize` that names none. */
export function sessionFor(visit: Visit, read: ReadMessage): SessionFor {
  const { endpoint, grant, route, headers } = visit;
  if (headers.values.has(SESSION)) {
    const session = sessionNamed(visit);
    const front = session === undefined ? undefined : frontOf(session);
    if (session !== undefined && front !== undefined) return { kind: 'session', session, front };
    return { kind: 'none', status: 404, reason: NO_SESSION };
  }
  const opens = read.kind === 'message' && read.message.kind === 'request' && read.message.method === 'initialize';
  if (!opens) {
    const reason = 'The header Mcp-Session-Id is missing: initialize first, then send it along.';
    return { kind: 'none', status: 400, reason };
  }
  const { sessions } = endpoint.limits();
  if (endpoint.sessionsOf(grant) >= sessions) {
    return {
      kind: 'none',
      status: 429,
      reason: `The grant ${grant} has ${sessions} sessions open ("limits.sessions"); end some first.`,
    };
  }
  const { crypto } = endpoint.gate;
  const front = new HttpFront({ newKey: () => crypto.id(), limits: () => endpoint.limits() });
  return { kind: 'session', session: route.open(grant, front), front };
}

/** The front of a session that was opened over HTTP. */
export function frontOf({ front }: Pick<Conversation, 'front'>): HttpFront | undefined {
  return front instanceof HttpFront ? front : undefined;
}

/** What the client of a session can use of a stream. */
export function marksFor({ revision }: Pick<Conversation, 'revision'>): Marks {
  return revision !== undefined && revision >= WITH_PRIMING ? 'primed' : 'numbered';
}
