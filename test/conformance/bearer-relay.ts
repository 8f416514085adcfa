import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Relay {
  readonly port: number;
  stop(): Promise<void>;
}

/** Stands before the gateway and adds the token, which the suite cannot send; all else, Host and Origin too, it leaves as it is. */
export async function startBearerRelay(gatewayPort: number, token: string): Promise<Relay> {
  const server = createServer((asked, answer) => pass(asked, answer, gatewayPort, token));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(asked: IncomingMessage, answer: ServerResponse, port: number, token: string): void {
  const onward = request({
    host: '127.0.0.1',
    port,
    method: asked.method,
    path: asked.url,
    headers: [...asked.rawHeaders, 'Authorization', `Bearer ${token}`],
  });
  onward.on('response', (came) => {
    answer.writeHead(came.statusCode ?? 502, came.rawHeaders);
    answer.flushHeaders();
    came.pipe(answer);
    came.on('error', () => answer.destroy());
  });
  onward.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end();
  });
  answer.on('close', () => onward.destroy());
  asked.pipe(onward);
}
