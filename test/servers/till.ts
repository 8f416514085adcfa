import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop on this machine that keeps account of every request. */
export interface Till {
  readonly origin: string;
  /** `GET /path` of all that was asked for, in order. */
  readonly asked: () => readonly string[];
  /** The bodies and credentials that came with it. */
  readonly received: () => readonly { readonly authorization: string | undefined; readonly body: string }[];
  stop(): Promise<void>;
}

const PAGE =
  '<!doctype html><title>Till</title><h1>Till</h1><form action="/pay" method="post"><button id="pay">Pay</button></form>';

export async function openTill(): Promise<Till> {
  const asked: string[] = [];
  const received: { authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      if (request.url !== '/favicon.ico') {
        asked.push(`${request.method} ${request.url}`);
        received.push({ authorization: request.headers.authorization, body });
      }
      response.setHeader('content-type', 'text/html');
      response.end(PAGE);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked: () => [...asked],
    received: () => [...received],
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
