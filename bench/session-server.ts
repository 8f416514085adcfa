// An HTTP server of both eras for the sessions bench, a process of its own: sessions with GET streams, and `subscriptions/listen`. Prints its port;
// `GET /state` tells what it has open.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.ts';

/** What `GET /state` gives. */
export interface ServerState {
  readonly calls: number;
  readonly sessions: number;
  readonly streams: number;
}

const NEWS_EVERY_MS = 5_000;
const MODERN_META = '"io.modelcontextprotocol/protocolVersion":"2026-07-28"';
const DISCOVERED =
  '{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{},"prompts":{"listChanged":true}},"serverInfo":{"name":"bench","version":"1.0.0"},"ttlMs":0,"cacheScope":"private"}';

const sessions = new Set<string>();
/** With the id of the subscription that each belongs to. */
const streams = new Map<ServerResponse, number | undefined>();
let calls = 0;
let opened = 0;

const server = createServer((request, response) => {
  if (request.url === '/state') {
    const state: ServerState = { calls, sessions: sessions.size, streams: streams.size };
    response.end(JSON.stringify(state));
    return;
  }
  const session = String(request.headers['mcp-session-id']);
  switch (request.method) {
    case 'GET':
      if (sessions.has(session)) stream(response, undefined);
      else response.writeHead(404).end();
      return;
    case 'DELETE':
      response.writeHead(sessions.delete(session) ? 200 : 404).end();
      return;
    default:
      return take(request, response);
  }
});

function take(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const message = JSON.parse(body);
    if (message.method === 'tools/call') calls += 1;
    if (message.method === 'subscriptions/listen') return stream(response, message.id);
    const text = textFor(message, body.includes(MODERN_META));
    if (text === undefined) {
      response.writeHead(202).end();
      return;
    }
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    response.writeHead(200, message.method === 'initialize' ? { ...headers, 'mcp-session-id': begin() } : headers);
    response.end(text);
  });
}

function textFor(message: { readonly id: number; readonly method: string }, isModern: boolean): string | undefined {
  if (message.method === 'server/discover') return `{"jsonrpc":"2.0","id":${message.id},"result":${DISCOVERED}}`;
  const text = answer(message);
  return isModern ? text?.replace('"result":{', '"result":{"resultType":"complete",') : text;
}

function begin(): string {
  opened += 1;
  const session = `session-${opened}`;
  sessions.add(session);
  return session;
}

function stream(response: ServerResponse, subscription: number | undefined): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  streams.set(response, subscription);
  response.once('close', () => streams.delete(response));
  if (subscription !== undefined) tell(response, 'notifications/subscriptions/acknowledged');
}

function tell(response: ServerResponse, method: string): void {
  const subscription = streams.get(response);
  const meta = subscription === undefined ? {} : { _meta: { 'io.modelcontextprotocol/subscriptionId': subscription } };
  response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method, params: meta })}\n\n`);
}

setInterval(() => {
  for (const response of streams.keys()) tell(response, 'notifications/prompts/list_changed');
}, NEWS_EVERY_MS).unref();
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', 4096, () => console.log((server.address() as AddressInfo).port));
