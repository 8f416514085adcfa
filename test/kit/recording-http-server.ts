import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Obj, readObj } from './json-rpc.ts';
import { recordingTools } from './recording-tools.ts';
import { type Conversation, converse } from './tool-server.ts';

interface Session {
  readonly conversation: Conversation;
  stream: ServerResponse | undefined;
}

interface RecordingServer {
  readonly url: string;
  /** Bodies of all POSTs as they came, and the headers they came with, at the same index. */
  readonly received: string[];
  readonly requestHeaders: IncomingHttpHeaders[];
  /** Live sessions by id; DELETE removes one, and a test may clear them all as a restart would. */
  readonly sessions: Map<string, Session>;
  /** Sends a message on every open GET stream. */
  push(message: Obj): void;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the recording tools as a Streamable HTTP server with sessions, on a free loopback port. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const received: string[] = [];
  const requestHeaders: IncomingHttpHeaders[] = [];
  const sessions = new Map<string, Session>();

  async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString('utf8');
    received.push(body);
    requestHeaders.push(request.headers);
    const message = readObj(body);
    if (!message) return end(response, 400, 'one JSON object, please');
    if (message['method'] === 'initialize') {
      const id = randomUUID();
      sessions.set(id, { conversation: converse(recordingTools), stream: undefined });
      response.setHeader('mcp-session-id', id);
      return answer(sessions.get(id), message, response);
    }
    const session = sessionOf(request, response);
    if (session) await answer(session, message, response);
  }

  function sessionOf(request: IncomingMessage, response: ServerResponse): Session | undefined {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') {
      end(response, 400, 'Mcp-Session-Id is missing');
      return undefined;
    }
    const session = sessions.get(id);
    if (!session) end(response, 404, 'no such session');
    return session;
  }

  const server = createServer((request, response) => {
    if (request.method === 'POST') return void post(request, response);
    const session = sessionOf(request, response);
    if (!session) return;
    if (request.method === 'GET') {
      session.stream = openStream(response);
    } else if (request.method === 'DELETE') {
      session.stream?.end();
      sessions.delete(String(request.headers['mcp-session-id']));
      end(response, 200, '');
    } else {
      end(response, 405, 'POST, GET or DELETE');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    received,
    requestHeaders,
    sessions,
    push: (message) => {
      for (const { stream } of sessions.values()) if (stream) writeEvent(stream, JSON.stringify(message));
    },
    close,
    stop: close,
  };
}

/** Answers with plain JSON, unless something was sent on the call's stream before: then the answer follows it there. */
async function answer(session: Session | undefined, message: Obj, response: ServerResponse): Promise<void> {
  const event = (text: string): void => {
    if (!response.headersSent) openStream(response);
    writeEvent(response, text);
  };
  const reply = await session?.conversation.receive(message, {
    send: (related) => event(JSON.stringify(related)),
    garbage: event,
    die: () => {
      response.socket?.destroy();
      return new Promise(() => {});
    },
  });
  if (response.headersSent) {
    if (reply) writeEvent(response, JSON.stringify(reply));
    response.end();
  } else if (reply) {
    response.setHeader('content-type', 'application/json');
    end(response, 200, JSON.stringify(reply));
  } else {
    end(response, 202, '');
  }
}

function openStream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  return response;
}

function writeEvent(response: ServerResponse, text: string): void {
  response.write(`event: message\ndata: ${text}\n\n`);
}

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
