import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Conversation } from '../gateway/conversation.ts';
import type { Gate } from '../gateway/gate.ts';
import { ALL } from '../gateway/hub/hub.ts';
import type { Limits } from '../gateway/limits.ts';
import type { Front } from '../gateway/ports.ts';
import { recordRefusal } from '../gateway/refuse-message.ts';
import { MODERN, REVISIONS } from '../wire/era.ts';
import { serveGet } from './get.ts';
import { sessionNamed } from './legacy-session.ts';
import { mcpHeaders, VERSION } from './mcp-headers.ts';
import { servePost } from './post.ts';
import type { BodyRoom } from './reading.ts';
import { refuseRequest } from './refuse-request.ts';
import { NO_SESSION, senderOf, turnDown, type Visit } from './visit.ts';

/** What stands at an address: one server, or all servers of a grant. */
export interface Route {
  /** What records call it. */
  readonly server: string;
  /** Begins a session of the legacy era. */
  open(grant: string, front: Front): Conversation;
  /** The open session of this id, if it is the grant's own. */
  find(id: string, grant: string): Conversation | undefined;
  /** All that a grant has under way in the modern era. */
  lane(grant: string): Conversation;
}

/** What the addresses below `/mcp` need of the gateway. */
export interface McpEndpoint {
  readonly gate: Gate;
  limits(): Limits;
  /** How many sessions a grant has open, whatever they are with. */
  sessionsOf(grant: string): number;
  route(server: string): Route | undefined;
  /** All servers of a grant as one; undefined when it has none. */
  all(grant: string): Route | undefined;
}

/** Who comes, and to which server; to all of them, if none is named. */
export interface Caller {
  readonly grant: string;
  readonly server: string | undefined;
  readonly room: BodyRoom;
  isDraining(): boolean;
}

/** Serves `/mcp/<server>`, or `/mcp`, for a request whose grant is known: POST a message; in the legacy era GET a stream beside, DELETE the session. */
export async function serveMcp(
  endpoint: McpEndpoint,
  { grant, server, room, isDraining }: Caller,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = routeFor(endpoint, grant, server);
  if (found.kind === 'none') {
    const { status, reason } = found;
    await recordRefusal(endpoint.gate, senderOf(endpoint, grant, server ?? ALL), request.method, reason);
    return refuseRequest(request, response, status, reason);
  }
  const { route } = found;
  const headers = mcpHeaders(request.rawHeaders);
  const visit: Visit = { endpoint, route, grant, request, response, headers, room, isDraining };
  switch (request.method) {
    case 'POST':
      return servePost(visit);
    case 'GET':
    case 'DELETE':
      return serveSession(visit);
    default:
      response.setHeader('allow', 'POST, GET, DELETE');
      return turnDown(visit, 405, 'The endpoint takes POST, GET and DELETE.');
  }
}

type Found =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'none'; readonly status: 403 | 404; readonly reason: string };

function routeFor(endpoint: McpEndpoint, grant: string, server: string | undefined): Found {
  const { gate } = endpoint;
  const route = server === undefined ? endpoint.all(grant) : endpoint.route(server);
  if (server === undefined) {
    const reason = `The grant ${grant} may use no server now: it was revoked, has expired, or names none.`;
    return route === undefined ? { kind: 'none', status: 403, reason } : { kind: 'route', route };
  }
  if (route === undefined) {
    const reason = `There is no server ${JSON.stringify(server)} here; look at "servers" in the configuration.`;
    return { kind: 'none', status: 404, reason };
  }
  if (gate.standing(grant, server) !== undefined) return { kind: 'route', route };
  return { kind: 'none', status: 403, reason: gate.whyNone(grant, server) };
}

/** GET and DELETE: there are sessions in the legacy era only. */
async function serveSession(visit: Visit): Promise<void> {
  const { request, response, headers } = visit;
  const version = headers.values.get(VERSION);
  if (headers.doubled !== undefined) return turnDown(visit, 400, `The header ${headers.doubled} stands there twice.`);
  if (version === MODERN) {
    response.setHeader('allow', 'POST');
    return turnDown(visit, 405, `In ${MODERN} there are no sessions and no streams beside the requests: use POST.`);
  }
  if (version !== undefined && !REVISIONS.includes(version)) {
    return turnDown(visit, 400, `Unsupported MCP-Protocol-Version; here are ${[MODERN, ...REVISIONS].join(', ')}.`);
  }
  const session = sessionNamed(visit);
  if (session === undefined) return turnDown(visit, 404, NO_SESSION);
  if (request.method === 'GET') return serveGet(visit, session);
  await session.end('ended by the client');
  response.writeHead(204).end();
}
