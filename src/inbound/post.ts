import { PARSE_ERROR, type ReadMessage, readMessage } from '../wire/read-message.ts';
import { unfitForPost } from './accepts.ts';
import { readBody } from './body.ts';
import { eraOf } from './era-of.ts';
import { postLegacy } from './post-legacy.ts';
import { postModern } from './post-modern.ts';
import { refuseRead, turnDown, type Visit } from './visit.ts';

/** A posted message that was read, and how much it holds in memory. */
export interface Posted {
  readonly read: ReadMessage;
  readonly size: number;
}

/** Reads one message and leads it to its era. */
export async function servePost(visit: Visit): Promise<void> {
  const unfit = unfitForPost(visit.request);
  if (unfit !== undefined) return turnDown(visit, unfit.status, unfit.reason);
  const { messageBytes, depth, nodes } = visit.endpoint.limits();
  const body = await readBody(visit.request, messageBytes, visit.room);
  if (body.kind === 'fault' && body.status !== 400) return turnDown(visit, body.status, body.reason);
  const read: ReadMessage =
    body.kind === 'text'
      ? readMessage(body.text, { depth, nodes, numbers: 'exact' })
      : { kind: 'fault', code: PARSE_ERROR, reason: body.reason, id: null };
  const posted: Posted = { read, size: body.kind === 'text' ? body.text.length : 0 };
  const era = eraOf(visit.headers, read);
  switch (era.kind) {
    case 'legacy':
      return postLegacy(visit, posted);
    case 'modern':
      return postModern(visit, posted);
    case 'neither':
      return refuseRead(visit, read, 400, era.error);
  }
}
