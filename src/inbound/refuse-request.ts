import type { IncomingMessage, ServerResponse } from 'node:http';
import { error } from '../wire/replies.ts';
import { writeJson } from '../wire/write-json.ts';
import { sendJson } from './post-reply.ts';

/** Our code for a refusal that is the transport's, not the message's; the reason says which. */
const TRANSPORT_REFUSED = -32000;

/** How long a peer may go on sending a body that nobody wants; cut off at once, it would lose the answer. */
const LINGER_MS = 2_000;

/** Answers without having read the body, which is thrown away. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, writeJson(error(null, { code: TRANSPORT_REFUSED, message: reason })), headers);
  if (request.complete) return;
  const cut = setTimeout(() => request.socket.destroy(), LINGER_MS);
  cut.unref();
  request.once('close', () => clearTimeout(cut));
  request.resume();
}
