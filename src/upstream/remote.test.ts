import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { passage } from '../gateway/passage.ts';
import type { ConnectionEvents, Upstream } from '../gateway/ports.ts';
import type { Message } from '../wire/message.ts';
import { notification, request } from '../wire/replies.ts';
import { type RemoteOptions, remoteUpstream } from './remote.ts';

const upstreams: Upstream[] = [];
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const eventually = { timeout: 10_000, interval: 5 };

interface Asked {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The JSON-RPC method and id of a POST. */
  readonly rpc: string | undefined;
  readonly id: number;
}

/** A real HTTP server on a free port, and a connection to it. */
async function meet(answer: (asked: Asked, response: ServerResponse) => void, more: Partial<RemoteOptions> = {}) {
  const asked: Asked[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      const message = body === '' ? {} : JSON.parse(body);
      const one = {
        method: incoming.method ?? '',
        headers: incoming.headers,
        body,
        rpc: message.method,
        id: message.id,
      };
      asked.push(one);
      answer(one, response);
    });
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const log: string[] = [];
  const upstream = remoteUpstream({
    url: `http://127.0.0.1:${port}/mcp?tenant=1`,
    headers: { Authorization: 'Bearer very-secret-token' },
    onLog: (line) => log.push(line),
    ...more,
  });
  upstreams.push(upstream);
  const seen = recorder();
  return { asked, log, upstream, seen, connection: upstream.connect(seen.events, 'legacy') };
}

function recorder() {
  const received: (readonly [Message, number | undefined])[] = [];
  const failed: string[] = [];
  const noise: string[] = [];
  const closed: string[] = [];
  const events: ConnectionEvents = {
    received: (message, via) => received.push([message, via]),
    failed: (id, how, reason) => failed.push(`${id} ${how}: ${reason}`),
    paused: () => {},
    noise: (what) => noise.push(what),
    closed: (reason) => closed.push(reason),
  };
  return { events, received, failed, noise, closed };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}

const result = (id: number | null, value: unknown = {}) => ({ jsonrpc: '2.0', id, result: value });
const ask = (id: number, method = 'tools/call') => passage(request(id, method, {}));

describe('a server at a URL', () => {
  it('answers in JSON, under the ids that the gateway gave', async () => {
    const { connection, seen, asked } = await meet((one, response) =>
      json(response, 200, result(one.id, { n: one.id })),
    );
    connection.send(ask(1));
    connection.send(ask(2));
    await vi.waitFor(() => expect(seen.received).toHaveLength(2), eventually);
    expect(new Set(seen.received)).toEqual(
      new Set([
        [{ kind: 'response', id: 1, result: { n: 1 } }, 1],
        [{ kind: 'response', id: 2, result: { n: 2 } }, 2],
      ]),
    );
    expect(asked[0]?.headers).toMatchObject({
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      authorization: 'Bearer very-secret-token',
    });
    expect(asked[0]?.headers['mcp-session-id']).toBeUndefined();
    expect(seen.failed).toEqual([]);
  });

  it('is told the session and the negotiated version with every later message, and goodbye at the end', async () => {
    const { connection, seen, asked } = await meet((one, response) => {
      if (one.rpc === 'initialize')
        json(response, 200, result(one.id, { protocolVersion: '2025-06-18' }), { 'mcp-session-id': 's-1' });
      else if (one.id !== undefined) json(response, 200, result(one.id));
      else response.writeHead(one.method === 'POST' ? 202 : 405).end();
    });
    connection.send(ask(1, 'initialize'));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    connection.send(passage(notification('notifications/initialized', {})));
    connection.send(ask(2, 'tools/list'));
    await vi.waitFor(() => expect(seen.received).toHaveLength(2), eventually);
    await vi.waitFor(() => expect(asked.map((one) => one.method)).toContain('GET'), eventually);
    await connection.close();
    expect(asked.map((one) => one.rpc ?? one.method).filter((name) => name !== 'GET')).toEqual([
      'initialize',
      'notifications/initialized',
      'tools/list',
      'DELETE',
    ]);
    for (const one of asked.slice(1)) {
      expect(one.headers).toMatchObject({ 'mcp-session-id': 's-1', 'mcp-protocol-version': '2025-06-18' });
      expect(one.headers.authorization).toBe('Bearer very-secret-token');
    }
    expect(seen.closed).toEqual([]);
  });

  it('does not see a later message before it took "initialized"', async () => {
    const order: string[] = [];
    const { connection, seen } = await meet((one, response) => {
      order.push(`${one.rpc} begins`);
      setImmediate(() => {
        order.push(`${one.rpc} ends`);
        if (one.id === undefined) response.writeHead(202).end();
        else json(response, 200, result(one.id));
      });
    });
    connection.send(ask(1, 'initialize'));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    order.length = 0;
    connection.send(passage(notification('notifications/initialized', {})));
    connection.send(ask(2, 'tools/list'));
    connection.send(ask(3, 'tools/call'));
    connection.send(passage(notification('notifications/cancelled', { requestId: 3 })));
    await vi.waitFor(() => expect(seen.received).toHaveLength(2), eventually);
    expect(order.filter((step) => !step.startsWith('undefined'))).toEqual([
      'notifications/initialized begins',
      'notifications/initialized ends',
      'tools/list begins',
      'tools/list ends',
    ]);
    expect(seen.failed).toEqual(['3 unsent: cancelled before it was sent']);
  });

  it('cannot hoard permitted calls by leaving "initialized" unanswered', async () => {
    const order: string[] = [];
    let answer = () => {};
    const { connection, seen } = await meet((one, response) => {
      if (one.rpc === 'notifications/initialized') {
        // Answered all the same in the end, but long after the calls should have been let go.
        const late = setTimeout(() => answer(), 4000);
        answer = () => {
          if (response.writableEnded) return;
          clearTimeout(late);
          order.push('initialized is answered');
          response.writeHead(202).end();
        };
      } else if (one.id === undefined) response.writeHead(405).end();
      else {
        order.push(`call ${one.id} arrives`);
        json(response, 200, result(one.id));
      }
    });
    connection.send(passage(notification('notifications/initialized', {})));
    connection.send(ask(2));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    answer();
    expect(order).toEqual(['call 2 arrives', 'initialized is answered']);
  });

  it('ends the session: it had the call, so the call is lost, and the connection is over', async () => {
    const { connection, seen, asked } = await meet((one, response) => {
      if (one.rpc === 'initialize') json(response, 200, result(one.id), { 'mcp-session-id': 's-1' });
      else json(response, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } });
    });
    connection.send(ask(1, 'initialize'));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    connection.send(ask(2));
    await vi.waitFor(() => expect(seen.closed).toEqual(['the server ended the session']), eventually);
    expect(seen.failed).toEqual(['2 lost: the server ended the session']);
    connection.send(ask(3));
    expect(seen.failed[1]).toBe('3 unsent: the server ended the session');
    await connection.close();
    expect(asked.map((one) => one.method)).not.toContain('DELETE');
  });

  it('answers an error status with a JSON-RPC error of ours: that is the answer', async () => {
    const { connection, seen } = await meet((one, response) =>
      json(response, 404, { jsonrpc: '2.0', id: one.id, error: { code: -32601, message: 'Unknown method' } }),
    );
    connection.send(ask(1));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    expect(seen.received[0]?.[0]).toMatchObject({ kind: 'error', id: 1, error: { code: -32601 } });
    expect([...seen.failed, ...seen.closed]).toEqual([]);
  });
});

describe('a server that refuses', () => {
  it.each([
    [400, 'the server answered 400 ("no •••• here")'],
    [401, 'the server answered 401: it wants other credentials; check its "headers" ("no •••• here")'],
    [403, 'the server answered 403: it forbids this; check its "headers" ("no •••• here")'],
    [404, 'the server answered 404: it knows nothing at this address; check its "url" ("no •••• here")'],
    [405, 'the server answered 405: it takes no POST there; check its "url" ("no •••• here")'],
    [413, 'the server answered 413: the message is too large for it ("no •••• here")'],
    [415, 'the server answered 415: it does not take JSON there; check its "url" ("no •••• here")'],
    [429, 'the server answered 429: it says that there were too many requests ("no •••• here")'],
    [500, 'the server answered 500 ("no •••• here")'],
  ])('with %i may have acted before it did: lost, with its own words but without our token', async (status, reason) => {
    const { connection, seen } = await meet((_, response) =>
      json(response, status, { error: { message: 'no very-secret-token here' } }),
    );
    connection.send(ask(1));
    await vi.waitFor(() => expect(seen.failed).toEqual([`1 lost: ${reason}`]), eventually);
  });

  it('after it acted, and without a word: the call counts as sent', async () => {
    const acted: number[] = [];
    const { connection, seen } = await meet((one, response) => {
      acted.push(one.id);
      response.writeHead(one.id === 1 ? 403 : 429).end();
    });
    connection.send(ask(1));
    connection.send(ask(2));
    await vi.waitFor(() => expect(seen.failed).toHaveLength(2), eventually);
    expect(acted.toSorted()).toEqual([1, 2]);
    for (const line of seen.failed) expect(line).toMatch(/^[12] lost: /);
  });

  it('a redirect is not followed, and named without its query', async () => {
    const { connection, seen, asked } = await meet((_, response) => {
      response.writeHead(307, { location: '/elsewhere?token=abc' }).end();
    });
    connection.send(ask(1));
    await vi.waitFor(() => expect(seen.failed).toHaveLength(1), eventually);
    expect(seen.failed[0]).toMatch(
      /^1 lost: the server answered 307, a redirect to "\/elsewhere"; redirects are not followed/,
    );
    expect(asked).toHaveLength(1);
  });

  it('a refused notification is noise', async () => {
    const { connection, seen } = await meet((_, response) => response.writeHead(500).end());
    connection.send(passage(notification('notifications/roots/list_changed', {})));
    await vi.waitFor(() => expect(seen.noise).toHaveLength(1), eventually);
    expect(seen.noise[0]).toBe('notifications/roots/list_changed was not taken: the server answered 500');
  });

  it('cannot flood the log with what is no message, and one connection does not use up the lines of another', async () => {
    const { connection, seen, upstream } = await meet((one, response) => {
      const babble = one.rpc === 'tools/call' ? 'data: {oops\n\n'.repeat(20_000) : 'data: {oops\n\n';
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(`${babble}data: ${JSON.stringify(result(one.id))}\n\n`);
    });
    connection.send(ask(1));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    expect(seen.noise.length).toBeGreaterThan(0);
    expect(seen.noise.length).toBeLessThan(1100);
    const other = recorder();
    upstream.connect(other.events, 'legacy').send(ask(1, 'ping'));
    await vi.waitFor(() => expect(other.received).toHaveLength(1), eventually);
    expect(other.noise).toHaveLength(1);
  });
});

describe('an answer that cannot be used is lost, with the reason', () => {
  const html = { 'content-type': 'text/html' };
  it.each<[string, (response: ServerResponse, id: number) => void, RegExp]>([
    ['a web page', (response) => response.writeHead(200, html).end('<html>'), /content type "text\/html"/],
    ['nothing', (response) => response.writeHead(202).end(), /answered 202 without a result/],
    [
      'broken JSON',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":'),
      /not strict JSON/,
    ],
    ['a batch', (response, id) => json(response, 200, [result(id)]), /batches are not accepted/],
    [
      'the answer to something else',
      (response, id) => json(response, 200, result(id + 1)),
      /ended its answer without a result/,
    ],
    ['a huge one', (response, id) => json(response, 200, result(id, 'x'.repeat(2_000_000))), /more than 1 MiB/],
    [
      'a huge event',
      (response) => event(response, 'x'.repeat(2_000_000)),
      /event is larger than allowed \(1 MiB an event\)/,
    ],
    [
      'bytes that are not UTF-8',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.of(0x22, 0xff, 0x22)),
      /not UTF-8/,
    ],
    ['one that was cut', cutShort, /broke before the answer was whole/],
    ['compressed', (response) => json(response, 200, {}, { 'content-encoding': 'gzip' }), /compressed/],
    ['a hang-up', (response) => response.socket?.destroy(), /server closed the connection/],
    [
      'a session id with a blank',
      (response, id) => json(response, 200, result(id), { 'mcp-session-id': 'a b' }),
      /session id that cannot/,
    ],
  ])('%s', async (_, answer, reason) => {
    const { connection, seen } = await meet((one, response) => answer(response, one.id), { maxBodyBytes: 1024 * 1024 });
    connection.send(ask(1, 'initialize'));
    await vi.waitFor(() => expect(seen.failed).toHaveLength(1), eventually);
    expect(seen.failed[0]).toMatch(/^1 lost: /);
    expect(seen.failed[0]).toMatch(reason);
    expect(seen.received).toEqual([]);
  });

  function cutShort(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"jsonrpc":"2.0",', () => response.socket?.destroy());
  }

  function event(response: ServerResponse, data: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${data}\n\n`);
  }
});
