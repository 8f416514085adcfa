import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ConnectionEvents, Upstream } from '../../src/gateway/ports.ts';
import { type RemoteOptions, remoteUpstream } from '../../src/upstream/remote.ts';
import type { Message } from '../../src/wire/message.ts';
import { idOf, readObj } from './json-rpc.ts';

/** One HTTP request as the server saw it. */
export interface Asked {
  /** `POST tools/call`, `POST` for an answer, `GET`, `DELETE`. */
  readonly what: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly id: number;
  readonly response: ServerResponse;
}

/** What a connection told, in lists and, in order, as `story`. */
export interface Told {
  readonly received: (readonly [Message, number | undefined])[];
  readonly failed: string[];
  readonly paused: (readonly [number, number | undefined])[];
  readonly noise: string[];
  readonly closed: string[];
  readonly story: string[];
}

export function recordTold(): Told & { readonly events: ConnectionEvents } {
  const told: Told = { received: [], failed: [], paused: [], noise: [], closed: [], story: [] };
  const note = (what: keyof Told): number => told.story.push(what);
  const events: ConnectionEvents = {
    received: (message, via) => void [told.received.push([message, via]), note('received')],
    failed: (id, how, reason) => void [told.failed.push(`${id} ${how}: ${reason}`), note('failed')],
    paused: (via, retryMs) => void [told.paused.push([via, retryMs]), note('paused')],
    noise: (what) => void [told.noise.push(what), note('noise')],
    closed: (reason) => void [told.closed.push(reason), note('closed')],
  };
  return { ...told, events };
}

/** Servers on loopback and connections to them, for one test; `end` leaves nothing of them. */
export class RemoteRig {
  readonly #upstreams: Upstream[] = [];
  readonly #servers: Server[] = [];

  /** Starts a server that answers as it is told. `sockets`: how many connections it has had. */
  async serve(answer: (asked: Asked) => void) {
    const asked: Asked[] = [];
    const seen = { sockets: 0 };
    const server = createServer(async (incoming, response) => {
      response.on('error', () => {});
      const body = (await buffer(incoming).catch(() => Buffer.alloc(0))).toString();
      const message = readObj(body) ?? {};
      const { method = '' } = incoming;
      const what = message['method'] === undefined ? method : `${method} ${message['method']}`;
      const id = Number(idOf(message));
      const one = { what, path: incoming.url ?? '', headers: incoming.headers, body, id, response };
      asked.push(one);
      answer(one);
    });
    server.on('connection', () => seen.sockets++);
    this.#servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/mcp?tenant=1`,
      origin: `http://127.0.0.1:${port}`,
      port,
      asked,
      seen,
      server,
    };
  }

  upstream(url: string, more: Partial<RemoteOptions> = {}): Upstream {
    const upstream = remoteUpstream({
      url,
      headers: { authorization: 'Bearer the-configured-one' },
      onLog: () => {},
      ...more,
    });
    this.#upstreams.push(upstream);
    return upstream;
  }

  /** A server, and one connection to it. */
  async meet(era: 'legacy' | 'modern', answer: (asked: Asked) => void, more: Partial<RemoteOptions> = {}) {
    const server = await this.serve(answer);
    const upstream = this.upstream(server.url, more);
    const told = recordTold();
    return { ...server, ...told, upstream, connection: upstream.connect(told.events, era) };
  }

  async end(): Promise<void> {
    await Promise.all(this.#upstreams.splice(0).map((upstream) => upstream.close()));
    for (const server of this.#servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Begins an event stream with this text, and leaves it open. */
export function beginEvents(response: ServerResponse, text = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (text !== '') response.write(text);
  return response;
}

/** One event of a stream. */
export function eventOf(message: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;
}
