import { appendFileSync } from 'node:fs';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Tap {
  /** Stands in the place of the gateway's `http://HOST:PORT`. */
  readonly base: string;
  stop(): Promise<void>;
}

/** Stands between a client and the gateway, and keeps what both say in `record`: one JSON line for each head, body and chunk. Tokens are left out. */
export async function startTap(gateway: () => string, record: string): Promise<Tap> {
  const began = Date.now();
  let count = 0;
  const keep = (number: number, what: string, value: unknown): void =>
    appendFileSync(record, `${JSON.stringify({ ms: Date.now() - began, number, [what]: value })}\n`);
  const server = createServer((request, response) => {
    count += 1;
    const number = count;
    const { authorization: _hidden, ...headers } = request.headers;
    keep(number, 'asked', { method: request.method, path: request.url, headers });
    const onward = ask(`${gateway()}${request.url}`, { method: request.method, headers: request.headers }, (answer) => {
      keep(number, 'answered', { status: answer.statusCode, headers: answer.headers });
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on('data', (chunk: Buffer) => {
        keep(number, 'got', chunk.toString('utf8'));
        response.write(chunk);
      });
      answer.on('end', () => response.end());
      answer.on('error', () => response.destroy());
    });
    request.on('data', (chunk: Buffer) => {
      keep(number, 'sent', chunk.toString('utf8'));
      onward.write(chunk);
    });
    request.on('end', () => onward.end());
    onward.on('error', () => response.destroy());
    response.on('close', () => {
      if (!response.writableEnded) keep(number, 'gone', 'the client went away');
      onward.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
