import type { Conversation } from '../gateway/conversation.ts';
import { accepts } from './accepts.ts';
import { EventWriter } from './event-writer.ts';
import { frontOf, marksFor } from './legacy-session.ts';
import { LAST_EVENT, SESSION } from './mcp-headers.ts';
import { NO_SESSION, STOPPING, turnDown, type Visit } from './visit.ts';

type Listener = Pick<Conversation, 'id' | 'front' | 'flow' | 'revision' | 'touch'>;

const UNKNOWN_EVENT =
  'Last-Event-ID names no event of this session that anything comes after, or none that is kept still ("replay_events" and "replay_size" in the configuration). Open a stream without it.';

/** A stream beside the requests, or the rest of one that the client lost. */
export async function serveGet(visit: Visit, session: Listener): Promise<void> {
  const { request, response, headers } = visit;
  if (!accepts(request, 'text/event-stream')) return turnDown(visit, 406, 'Accept must name text/event-stream.');
  const front = frontOf(session);
  if (front === undefined) return turnDown(visit, 404, NO_SESSION);
  const lastEvent = headers.values.get(LAST_EVENT);
  const place = lastEvent === undefined ? undefined : front.find(lastEvent);
  // 404 would tell the client that its session has ended.
  if (lastEvent !== undefined && place === undefined) return turnDown(visit, 400, UNKNOWN_EVENT);
  if (place === undefined && visit.isDraining()) return turnDown(visit, 503, STOPPING);
  session.touch();
  const writer = new EventWriter(response, { headers: { [SESSION]: session.id }, flow: session.flow });
  // A client that lost its stream gets the whole idle time to come back.
  writer.onClose(() => session.touch());
  if (place === undefined) front.attach(writer, marksFor(session));
  else front.resume(place, writer);
}
