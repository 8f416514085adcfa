// A fast Streamable HTTP server for the bench, a process of its own. Prints its port; `GET /calls` tells how many calls have come.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.ts';

let calls = 0;

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    const isCount = request.method === 'GET' && request.url === '/calls';
    response.statusCode = isCount || request.method === 'DELETE' ? 200 : 405;
    response.end(isCount ? String(calls) : '');
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const message = JSON.parse(body);
    if (message.method === 'tools/call') calls += 1;
    const text = answer(message);
    if (text === undefined) {
      response.writeHead(202).end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'mcp-session-id': 'the-only-session-of-the-bench',
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
