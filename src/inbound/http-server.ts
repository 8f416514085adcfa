import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { FAILED_INSIDE } from '../gateway/door-texts.ts';
import type { Strangers } from '../gateway/strangers.ts';
import { identify, type TokenTable } from './credentials.ts';
import { doubledHeader } from './doubled-header.ts';
import { foreignness, type GuardOptions } from './guard.ts';
import { type McpEndpoint, serveMcp } from './mcp-endpoint.ts';
import { OpenAnswers } from './open-answers.ts';
import { Reading } from './reading.ts';
import { refuseRequest } from './refuse-request.ts';

/** Answers what is for people; false where nothing is there for them. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly endpoint: McpEndpoint;
  readonly strangers: Strangers;
  /** Gets what is below `/api` and `/approvals`, where no grant's token opens anything. */
  readonly pages?: PageHandler | undefined;
  tokens(): TokenTable;
  guard(): GuardOptions;
  /** Whether calls could pass now; for `/readyz`. */
  isReady(): Promise<boolean>;
  log(line: string): void;
}

export interface HttpListener {
  /** The port that was bound; of use when 0 was asked for. */
  readonly port: number;
  /**
   * Turns new requests away with 503. What is under way goes on, and what it needs still gets in, on new connections too: answers to questions,
   * cancellations, clients that come back to a stream.
   */
  drain(): void;
  /** Takes no new connections and ends the old ones. */
  close(): Promise<void>;
}

/** What all requests have in common. */
interface State {
  readonly reading: Reading;
  isDraining(): boolean;
}

/** How long a reader may take for an answer that is on its way when the gateway stops. */
const DELIVERY_MS = 1_000;
const TOO_MANY = 'too many requests at once on one connection';
const FOR_PEOPLE = /^\/(?:api|approvals)(?:\/|$)/;

/** Starts the front. Rejects when the address cannot be bound. */
export async function listenHttp(options: HttpOptions): Promise<HttpListener> {
  let draining = false;
  const isDraining = (): boolean => draining;
  const open = new OpenAnswers();
  const reading = new Reading(() =>
    Math.max(options.endpoint.limits().heldBytes, options.endpoint.limits().messageBytes),
  );
  const state: State = { isDraining, reading };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const admitted = open.admit(request, response);
    if (admitted === 'too many') {
      options.strangers.refused(request.socket.remoteAddress ?? 'unknown', TOO_MANY);
      request.socket.destroy();
    }
    if (admitted !== 'answer') return;
    serve(options, state, request, response).catch((fault: Error) => fail(options, request, response, fault));
  };
  const limits = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 75_000 };
  const server =
    options.tls === undefined
      ? createServer(limits, listener)
      : createTlsServer({ ...limits, ...options.tls }, listener);
  await bound(server as Server, options.host, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    drain() {
      draining = true;
    },
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      await delivered(open);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Resolves when the answers that are given have left, or after a moment; who waits for more is not waited for. */
async function delivered(open: OpenAnswers): Promise<void> {
  // What has its answer in this very turn is to send it.
  await new Promise(setImmediate);
  const leaving = open.all().filter((response) => response.writableEnded);
  const gone = leaving.map((response) => new Promise<void>((resolve) => void response.once('close', () => resolve())));
  await Promise.race([Promise.all(gone), setTimeout(DELIVERY_MS, undefined, { ref: false })]);
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  options: HttpOptions,
  { isDraining, reading }: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (path === '/healthz') return plain(response, 200, 'ok');
  if (path === '/readyz')
    return !isDraining() && (await options.isReady())
      ? plain(response, 200, 'ready')
      : plain(response, 503, 'not ready');

  const doubled = doubledHeader(request.rawHeaders);
  if (doubled !== undefined) {
    return turnAway(options, request, response, 400, `The header ${doubled} stands there twice; send it once.`);
  }
  const foreign = foreignness(request, options.guard());
  if (foreign !== undefined) return turnAway(options, request, response, 403, foreign);
  if (FOR_PEOPLE.test(path) && (await options.pages?.(request, response)) === true) return;
  const who = identify(request.headers.authorization, options.tokens());
  if (who.kind === 'stranger') return turnAway(options, request, response, 401, who.reason);

  const match = /^\/mcp(?:\/([^/]+))?\/?$/.exec(path);
  if (match === null) {
    const reason = 'Nothing is here; servers are at /mcp/<server>, and all of a grant together at /mcp.';
    return refuseRequest(request, response, 404, reason);
  }
  const server = match[1] === undefined ? undefined : decoded(match[1]);
  const caller = { grant: who.label, server, room: reading.roomFor(who.label), isDraining };
  await serveMcp(options.endpoint, caller, request, response);
}

/** Before identification nothing of the body is read and nothing of what was sent is repeated. */
function turnAway(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
  status: 400 | 401 | 403,
  reason: string,
): void {
  options.strangers.refused(request.socket.remoteAddress ?? 'unknown', reason);
  const challenge: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  refuseRequest(
    request,
    response,
    status,
    status === 401 ? `Unauthorized: ${reason}. Send "Authorization: Bearer <the grant's token>".` : reason,
    challenge,
  );
}

function fail(options: HttpOptions, request: IncomingMessage, response: ServerResponse, fault: Error): void {
  if (request.destroyed && !request.complete) return;
  options.log(`a request failed inside the gateway: ${fault.stack ?? fault.message}`);
  if (response.headersSent) response.destroy();
  else refuseRequest(request, response, 500, `${FAILED_INSIDE} Nothing was decided as allowed.`);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
