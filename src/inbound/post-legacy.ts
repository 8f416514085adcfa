import { REFUSED } from '../gateway/refusal.ts';
import { NO_ROOM } from '../gateway/session.ts';
import { HEADER_MISMATCH } from '../wire/modern/envelope.ts';
import { accepts, prefersEvents } from './accepts.ts';
import { EventWriter } from './event-writer.ts';
import { marksFor, sessionFor } from './legacy-session.ts';
import { SESSION } from './mcp-headers.ts';
import type { Posted } from './post.ts';
import { PostReply } from './post-reply.ts';
import { legacyStream } from './reply-stream.ts';
import { refuseRead, STOPPING, turnDown, type Visit } from './visit.ts';

/** A message of a session, or the `initialize` that opens one. */
export async function postLegacy(visit: Visit, { read, size }: Posted): Promise<void> {
  const { request, response, headers } = visit;
  if (headers.doubled !== undefined) {
    const message = `The header ${headers.doubled} stands there twice; send it once.`;
    return refuseRead(visit, read, 400, { code: HEADER_MISMATCH, message });
  }
  // Answers and cancellations go on: requests that are under way may wait for them.
  if (visit.isDraining() && read.kind === 'message' && read.message.kind === 'request') {
    return refuseRead(visit, read, 503, { code: REFUSED, message: STOPPING });
  }
  const found = sessionFor(visit, read);
  if (found.kind === 'none') {
    if (read.kind === 'fault') return refuseRead(visit, read, 400, { code: read.code, message: read.reason });
    return turnDown(visit, found.status, found.reason);
  }
  const { session, front } = found;
  if (!session.hold(size)) return turnDown(visit, 429, NO_ROOM);
  const reply = new PostReply({
    era: 'legacy',
    response,
    flow: session.flow,
    paramHeaders: undefined,
    open: accepts(request, 'text/event-stream')
      ? (way) => legacyStream(front, new EventWriter(response, way), marksFor(session))
      : undefined,
    // To leave is not to cancel: the client may come back for the answer.
    onLeft() {},
  });
  reply.setHeader(SESSION, session.id);
  const isRequest = read.kind === 'message' && read.message.kind === 'request';
  // Not for what opens a session: whether there is one is told by a header of the answer.
  if (isRequest && session.phase === 'open' && prefersEvents(request)) reply.open();
  try {
    const answer = await session.receive(read, reply);
    if (session.phase === 'ended') reply.removeHeader(SESSION);
    reply.finish(answer);
  } finally {
    session.release(size);
  }
}
