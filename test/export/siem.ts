import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ExportedLink, linkIn } from './link-check.ts';

interface Delivery {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

/** Answers a delivery; gives whether its records are to be kept. */
export type Taking = (response: ServerResponse, delivery: Delivery) => 'keep' | 'drop';

export const SECRET = 'hunter2-hunter2-hunter2';

export const take: Taking = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  return 'keep';
};

export const refuse =
  (status: number, headers: Record<string, string> = {}): Taking =>
  (response) => {
    response.writeHead(status, headers).end(`you are ${SECRET}`);
    return 'drop';
  };

/** A receiver of exports on the loopback. */
export interface Siem {
  readonly port: number;
  /** With a secret in it. */
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** What it kept, of JSON lines. */
  links(): readonly ExportedLink[];
  answer(taking: Taking): void;
  stop(): Promise<void>;
}

export async function startSiem(first: Taking = take, port = 0): Promise<Siem> {
  const deliveries: Delivery[] = [];
  const kept: string[] = [];
  let taking = first;
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void text(request).then(
      (body) => {
        const delivery = { url: request.url ?? '', headers: request.headers, body, at: Date.now() };
        deliveries.push(delivery);
        if (taking(response, delivery) === 'keep') kept.push(body);
      },
      () => {},
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    port: own,
    url: `http://127.0.0.1:${own}/in?key=${SECRET}`,
    deliveries,
    links: () => linesOf(kept.join('')),
    answer(next) {
      taking = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function linesOf(jsonLines: string): readonly ExportedLink[] {
  return jsonLines.split('\n').flatMap((line) => (line === '' ? [] : (linkIn(line) ?? [])));
}
