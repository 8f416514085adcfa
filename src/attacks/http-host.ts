import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { answerOf, type Fields, fieldsIn } from './conversation.ts';
import type { PlayedServer } from './played-server.ts';

/** Something that listens on the loopback. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback; what `answer` rejects with becomes a 500. */
export async function listen(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => Promise<void> | void,
): Promise<Listening> {
  const server = createServer(async (request, response) => {
    try {
      await answer(request, await textOf(request), response);
    } catch {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A scenario's server over Streamable HTTP, without sessions. */
export function hostOverHttp(
  server: PlayedServer,
  record: (line: string) => void,
  read: (body: string) => Fields = (body) => fieldsIn(JSON.parse(body)),
): Promise<Listening> {
  return listen(({ method, headers }, body, response) => {
    if (method !== 'POST') return void response.writeHead(405).end();
    const { authorization } = headers;
    const answer = answerOf(server, read(body), { authorization }, record);
    if (answer === undefined) return void response.writeHead(202).end();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
}
