import type { IncomingMessage, ServerResponse } from 'node:http';
import { recordRefusal } from '../gateway/refuse-message.ts';
import { MODERN, REVISIONS } from '../wire/era.ts';
import { serveGet } from './get.ts';
import { sessionNamed } from './legacy-session.ts';
import { mcpHeaders, VERSION } from './mcp-headers.ts';
import { servePost } from './post.ts';
import { refuseRequest } from './refuse-request.ts';
import { type McpEndpoint, senderOf, turnDown, type Visit } from './visit.ts';

export type { McpEndpoint } from './visit.ts';

/** Who comes, and to which server. */
export interface Caller {
  readonly grant: string;
  readonly server: string;
  isDraining(): boolean;
}

/** Serves `/mcp/<server>` for a request whose grant is known: POST a message; in the legacy era GET a stream beside, DELETE the session. */
export async function serveMcp(
  endpoint: McpEndpoint,
  { grant, server, isDraining }: Caller,
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
  const headers = mcpHeaders(request.rawHeaders);
  const visit: Visit = { endpoint, route, grant, request, response, headers, isDraining };
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
  if (session === undefined) return turnDown(visit, 404, 'No such session: initialize a new one.');
  if (request.method === 'GET') return serveGet(visit, session);
  await session.end('ended by the client');
  response.writeHead(204).end();
}
