import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** How long a peer may go on sending a body that nobody wants; cut off at once, it would lose the answer. */
const LINGER_MS = 2_000;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
}

/** Sends an answer, whether the request's body was read or not. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers, text }: Reply): void {
  const all: OutgoingHttpHeaders = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(text),
  };
  for (const [name, value] of Object.entries(headers)) all[name] = typeof value === 'string' ? value : [...value];
  if (request.complete) {
    response.writeHead(status, all).end(text);
    return;
  }
  // A peer that stops sending when it is refused would have its next request taken for the rest of this one.
  response.writeHead(status, { ...all, connection: 'close' });
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
