import { REFUSED } from '../gateway/refusal.ts';
import { NO_ROOM } from '../gateway/session.ts';
import { accepts } from './accepts.ts';
import { EventWriter } from './event-writer.ts';
import { paramHeadersIn } from './mcp-headers.ts';
import { modernFault } from './modern-fault.ts';
import type { Posted } from './post.ts';
import { PostReply } from './post-reply.ts';
import { modernStream } from './reply-stream.ts';
import { refuseRead, STOPPING, type Visit } from './visit.ts';

/** A message that stands by itself: whatever it needs to be understood is in it and in its headers. */
export async function postModern(visit: Visit, { read, size }: Posted): Promise<void> {
  const { route, grant, request, response, headers } = visit;
  if (read.kind === 'fault') return refuseRead(visit, read, 400, { code: read.code, message: read.reason });
  const fault = modernFault(read.message, headers);
  if (fault !== undefined) return refuseRead(visit, read, 400, fault);
  if (visit.isDraining() && read.message.kind === 'request') {
    return refuseRead(visit, read, 503, { code: REFUSED, message: STOPPING });
  }
  // Over HTTP to close the stream is to cancel. Ids of requests are each client's own, and clients of one grant are not told apart here.
  if (read.message.kind === 'notification' && read.message.method === 'notifications/cancelled') {
    response.writeHead(202).end();
    return;
  }
  // A client that left before its message was whole has cancelled it.
  if (response.destroyed) return;
  const lane = route.lane(grant);
  if (!lane.hold(size)) return refuseRead(visit, read, 429, { code: REFUSED, message: NO_ROOM });
  const reply = new PostReply({
    era: 'modern',
    response,
    flow: lane.flow,
    paramHeaders: paramHeadersIn(headers),
    open: accepts(request, 'text/event-stream') ? (way) => modernStream(new EventWriter(response, way)) : undefined,
    onLeft: () => lane.abandon(reply, 'the client closed the stream of its request'),
  });
  try {
    reply.finish(await lane.receive(read, reply));
  } finally {
    lane.release(size);
  }
}
