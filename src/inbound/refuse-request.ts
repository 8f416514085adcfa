import type { IncomingMessage, ServerResponse } from 'node:http';
import { error } from '../wire/replies.ts';
import { writeJson } from '../wire/write-json.ts';
import { sendJson } from './send-json.ts';

/** Our code for a refusal that is the transport's, not the message's; the reason says which. */
const TRANSPORT_REFUSED = -32000;

/** How long a peer may go on sending a body that nobody wants; cut off at once, it would lose the answer. */
const LINGER_MS = 2_000;

/**
 * Answers without having read the body, which is thrown away. The connection is closed, since a peer that stops sending when
 * it is refused would have its next request taken for the rest of this one.
 */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = writeJson(error(null, { code: TRANSPORT_REFUSED, message: reason }));
  if (request.complete) return sendJson(response, status, text, headers);
  response.writeHead(status, {
    ...headers,
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.write(text);
  const finish = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, LINGER_MS);
  timer.unref();
  request.once('end', finish);
  request.once('close', finish);
  request.resume();
}
