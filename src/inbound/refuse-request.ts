import type { IncomingMessage, ServerResponse } from 'node:http';
import { error } from '../wire/replies.ts';
import { writeJson } from '../wire/write-json.ts';
import { sendJson } from './post-reply.ts';

/** Our code for a refusal that is the transport's, not the message's; the reason says which. */
const TRANSPORT_REFUSED = -32000;

/** Answers without having read the body, and hangs up so that nobody has to. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = writeJson(error(null, { code: TRANSPORT_REFUSED, message: reason }));
  sendJson(response, status, text, request.complete ? headers : { ...headers, connection: 'close' });
  if (!request.complete) response.once('finish', () => request.destroy());
}
