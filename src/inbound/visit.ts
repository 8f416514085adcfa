import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sender } from '../gateway/record.ts';
import { recordRefusal } from '../gateway/refuse-message.ts';
import type { RpcError } from '../wire/message.ts';
import type { ReadMessage } from '../wire/read-message.ts';
import { error } from '../wire/replies.ts';
import { writeJson } from '../wire/write-json.ts';
import type { McpEndpoint, Route } from './mcp-endpoint.ts';
import type { McpHeaders } from './mcp-headers.ts';
import type { BodyRoom } from './reading.ts';
import { refuseRequest } from './refuse-request.ts';
import { sendJson } from './send-json.ts';

/** One HTTP request of a grant to a server that it may use. */
export interface Visit {
  readonly endpoint: McpEndpoint;
  readonly route: Route;
  readonly grant: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: McpHeaders;
  /** For the message, while it comes in. */
  readonly room: BodyRoom;
  /** Whether the gateway is about to stop: what is under way goes on, nothing new begins. */
  isDraining(): boolean;
}

export const NO_SESSION = 'No such session: initialize a new one.';
export const STOPPING = 'The gateway is stopping: send this again in a moment.';
const RETRY_AFTER = { 'retry-after': '5' } as const;

/** Records a refusal that is the transport's, and answers with it. */
export async function turnDown(visit: Visit, status: number, reason: string): Promise<void> {
  const { endpoint, grant, route, request, response } = visit;
  await recordRefusal(endpoint.gate, senderOf(endpoint, grant, route.server), request.method, reason);
  refuseRequest(request, response, status, reason, status === 503 ? RETRY_AFTER : {});
}

/** The same for a message that was read, so that the error names its id. */
export async function refuseRead(visit: Visit, read: ReadMessage, status: number, fault: RpcError): Promise<void> {
  const { endpoint, grant, route, response } = visit;
  const method = read.kind === 'message' && 'method' in read.message ? read.message.method : undefined;
  await recordRefusal(endpoint.gate, senderOf(endpoint, grant, route.server), method, fault.message);
  sendJson(response, status, writeJson(error(idIn(read), fault)), status === 503 ? RETRY_AFTER : {});
}

function idIn(read: ReadMessage): string | number | null {
  if (read.kind === 'fault') return read.id;
  return read.message.kind === 'request' ? read.message.id : null;
}

/** Whom records name for a request that no session took. */
export function senderOf(endpoint: McpEndpoint, grant: string, server: string): Sender {
  const owner = endpoint.gate.standing(grant, server)?.grant.owner;
  return { grant, owner, session: undefined, client: { name: undefined, version: undefined }, server };
}
