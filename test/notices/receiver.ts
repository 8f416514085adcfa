import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  /** All that came, in order. */
  readonly received: readonly Received[];
  /** Ids of the notices that came, in order. */
  ids(): readonly string[];
  /** Connections that are open now. */
  connections(): number;
  stop(): Promise<void>;
}

/** Answers a message, or leaves it without an answer. */
export type Answering = (response: ServerResponse, message: Received, nth: number) => void;

export const accept: Answering = (response) => void response.writeHead(204).end();
export const hang: Answering = () => {};
export const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  (response) =>
    void response.writeHead(code, headers).end('the receiver says something');

/** Starts a receiver of notices on a loopback port, any free one where none is given. */
export async function startReceiver(answer: Answering = accept, port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void text(request).then(
      (body) => {
        const message = { path: request.url, headers: request.headers, body };
        received.push(message);
        answer(response, message, received.length);
      },
      () => {},
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/t0p-s3cret-path?key=hidden`,
    received,
    ids: () => received.map(({ headers }) => String(headers['webhook-id'])),
    connections: () => sockets.size,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
