import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gate } from '../gateway/gate.ts';
import type { Upstream } from '../gateway/ports.ts';
import { receive } from '../gateway/receive.ts';
import type { Sender } from '../gateway/record.ts';
import { recordRefusal } from '../gateway/refuse-message.ts';
import { NO_ROOM, type Session } from '../gateway/session.ts';
import type { Sessions } from '../gateway/sessions.ts';
import type { JsonObject } from '../wire/json.ts';
import { REVISIONS } from '../wire/methods.ts';
import { STRICT } from '../wire/read-json.ts';
import { INVALID_REQUEST, PARSE_ERROR, type ReadMessage, readMessage } from '../wire/read-message.ts';
import { error } from '../wire/replies.ts';
import { readBody } from './body.ts';
import { HttpFront } from './http-front.ts';
import { PostReply } from './post-reply.ts';
import { refuseRequest } from './refuse-request.ts';

/** A server as the front sees it. */
interface Route {
  readonly server: string;
  readonly upstream: Upstream;
  readonly timeoutMs: number;
  readonly idleMs: number;
}

export interface McpEndpoint {
  readonly gate: Gate;
  readonly sessions: Sessions;
  readonly maxBodyBytes: number;
  readonly maxSessionsPerGrant: number;
  route(server: string): Route | undefined;
}

const SESSION_HEADER = 'mcp-session-id';
const UNSUPPORTED_VERSION = -32022;

/** Serves `/mcp/<server>` for a request whose grant is known: POST a message, GET the stream beside, DELETE the session. */
export async function serveMcp(
  endpoint: McpEndpoint,
  grant: string,
  server: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = endpoint.route(server);
  const refuse = async (status: number, reason: string): Promise<void> => {
    await recordRefusal(endpoint.gate, senderOf(endpoint, grant, server), request.method, reason);
    refuseRequest(request, response, status, reason);
  };
  if (route === undefined)
    return refuse(404, `There is no server ${JSON.stringify(server)} here; look at "servers" in the configuration.`);
  if (endpoint.gate.standing(grant, server) === undefined) {
    return refuse(403, endpoint.gate.whyNone(grant, server));
  }
  switch (request.method) {
    case 'POST':
      return servePost(endpoint, route, grant, request, response, refuse);
    case 'GET': {
      const session = sessionOf(endpoint, grant, server, request);
      if (session === undefined) return refuse(404, 'No such session: initialize a new one.');
      if (!accepts(request, 'text/event-stream')) return refuse(406, 'Accept must name text/event-stream.');
      (session.front as HttpFront).attach(response, { [SESSION_HEADER]: session.id });
      return;
    }
    case 'DELETE': {
      const session = sessionOf(endpoint, grant, server, request);
      if (session === undefined) return refuse(404, 'No such session: initialize a new one.');
      await session.end('ended by the client');
      response.writeHead(204).end();
      return;
    }
    default:
      response.setHeader('allow', 'POST, GET, DELETE');
      return refuse(405, 'The endpoint takes POST, GET and DELETE.');
  }
}

async function servePost(
  endpoint: McpEndpoint,
  route: Route,
  grant: string,
  request: IncomingMessage,
  response: ServerResponse,
  refuse: (status: number, reason: string) => Promise<void>,
): Promise<void> {
  const unfit = unfitHeaders(request);
  if (unfit !== undefined) return refuse(unfit.status, unfit.reason);
  const body = await readBody(request, endpoint.maxBodyBytes);
  if (body.kind === 'fault' && body.status === 413) return refuse(413, body.reason);
  const read: ReadMessage =
    body.kind === 'text'
      ? readMessage(body.text, STRICT)
      : { kind: 'fault', code: PARSE_ERROR, reason: body.reason, id: null };

  const reply = new PostReply(response, accepts(request, 'text/event-stream'));
  const modern = modernRefusal(request, read);
  if (modern !== undefined) {
    await recordRefusal(
      endpoint.gate,
      senderOf(endpoint, grant, route.server),
      methodOf(read),
      'protocol revision not supported',
    );
    return refuseModern(response, modern);
  }
  const session = sessionFor(endpoint, route, grant, request, read);
  if (session.kind === 'none') {
    if (read.kind !== 'fault') return refuse(session.status, session.reason);
    await recordRefusal(endpoint.gate, senderOf(endpoint, grant, route.server), undefined, read.reason);
    return reply.finish(error(read.id, { code: read.code, message: read.reason }));
  }
  reply.setHeader(SESSION_HEADER, session.session.id);
  const size = body.kind === 'text' ? body.text.length : 0;
  if (!session.session.hold(size)) return refuse(429, NO_ROOM);
  try {
    const answer = await receive(session.session, read, reply);
    if (session.session.phase === 'ended') reply.removeHeader(SESSION_HEADER);
    reply.finish(answer);
  } finally {
    session.session.release(size);
  }
}

function senderOf(endpoint: McpEndpoint, grant: string, server: string): Sender {
  const owner = endpoint.gate.standing(grant, server)?.grant.owner;
  return { grant, owner, session: undefined, client: { name: undefined, version: undefined }, server };
}

function methodOf(read: ReadMessage): string | undefined {
  return read.kind === 'message' && 'method' in read.message ? read.message.method : undefined;
}

function unfitHeaders(request: IncomingMessage): { readonly status: number; readonly reason: string } | undefined {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { status: 415, reason: 'Content-Type must be application/json.' };
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return { status: 415, reason: 'The body must not be compressed.' };
  if (!accepts(request, 'application/json'))
    return { status: 406, reason: 'Accept must name application/json and text/event-stream.' };
  return undefined;
}

function accepts(request: IncomingMessage, type: string): boolean {
  const { accept } = request.headers;
  if (accept === undefined) return true;
  const major = `${type.split('/')[0]}/*`;
  return accept.split(',').some((range) => {
    const named = range.split(';')[0]?.trim().toLowerCase();
    return named === type || named === '*/*' || named === major;
  });
}

function sessionOf(
  endpoint: McpEndpoint,
  grant: string,
  server: string,
  request: IncomingMessage,
): Session | undefined {
  const id = request.headers[SESSION_HEADER];
  return typeof id === 'string' ? endpoint.sessions.find(id, grant, server) : undefined;
}

type SessionFor =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'none'; readonly status: number; readonly reason: string };

/** The session that the request names, or a new one for an `initialize` that names none. */
function sessionFor(
  endpoint: McpEndpoint,
  route: Route,
  grant: string,
  request: IncomingMessage,
  read: ReadMessage,
): SessionFor {
  if (request.headers[SESSION_HEADER] !== undefined) {
    const session = sessionOf(endpoint, grant, route.server, request);
    if (session !== undefined) return { kind: 'session', session };
    return { kind: 'none', status: 404, reason: 'No such session: initialize a new one.' };
  }
  const opens = read.kind === 'message' && read.message.kind === 'request' && read.message.method === 'initialize';
  if (!opens)
    return {
      kind: 'none',
      status: 400,
      reason: 'The header Mcp-Session-Id is missing: initialize first, then send it along.',
    };
  if (endpoint.sessions.countOf(grant) >= endpoint.maxSessionsPerGrant) {
    return {
      kind: 'none',
      status: 429,
      reason: `The grant ${grant} has ${endpoint.maxSessionsPerGrant} sessions open; end some first.`,
    };
  }
  const session = endpoint.sessions.open({ ...route, grant, front: new HttpFront(), onEnd() {} });
  return { kind: 'session', session };
}

/** A message of a revision that is not served yet gets that revision's own error, so that clients fall back by themselves. */
function modernRefusal(request: IncomingMessage, read: ReadMessage): JsonObject | undefined {
  const header = request.headers['mcp-protocol-version'];
  const meta = read.kind === 'message' && 'params' in read.message ? read.message.params['_meta'] : undefined;
  const claimed = (meta as JsonObject | undefined)?.['io.modelcontextprotocol/protocolVersion'] ?? header;
  const discovers = methodOf(read) === 'server/discover';
  if (!discovers && (claimed === undefined || (typeof claimed === 'string' && REVISIONS.includes(claimed))))
    return undefined;
  const id = read.kind === 'message' && read.message.kind === 'request' ? read.message.id : null;
  const requested = typeof claimed === 'string' ? claimed.slice(0, 40) : 'unknown';
  return error(id, {
    code: claimed === undefined ? INVALID_REQUEST : UNSUPPORTED_VERSION,
    message: `Unsupported protocol version: ${requested}. Use initialize with one of ${REVISIONS.join(', ')}.`,
    data: { supported: REVISIONS, requested },
  });
}

function refuseModern(response: ServerResponse, refusal: JsonObject): void {
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
}
