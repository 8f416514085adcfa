import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { passage } from '../gateway/passage.ts';
import { permit } from '../gateway/permit.ts';
import type { Upstream } from '../gateway/ports.ts';
import type { Message } from '../wire/message.ts';
import { notification, request } from '../wire/replies.ts';
import { remoteUpstream } from './remote.ts';

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

/** One HTTP request as the server saw it: `POST tools/call`, `GET`, `DELETE`. */
interface Asked {
  readonly what: string;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
  readonly id: number;
}

async function serve(answer: (asked: Asked) => void): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const message = text === '' ? {} : JSON.parse(text);
      const what = message.method === undefined ? (incoming.method ?? '') : `${incoming.method} ${message.method}`;
      const one = { what, headers: incoming.headers, response, id: message.id };
      asked.push(one);
      answer(one);
    });
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, asked };
}

async function meet(answer: (asked: Asked) => void) {
  const { url, asked } = await serve(answer);
  const log: string[] = [];
  const received: (readonly [Message, number | undefined])[] = [];
  const failed: string[] = [];
  const paused: (readonly [number, number | undefined])[] = [];
  const noise: string[] = [];
  const closed: string[] = [];
  const upstream = remoteUpstream({ url, headers: {}, onLog: (line) => log.push(line) });
  upstreams.push(upstream);
  const connection = upstream.connect(
    {
      received: (message, via) => received.push([message, via]),
      failed: (id, how, reason) => failed.push(`${id} ${how}: ${reason}`),
      paused: (via, retryMs) => paused.push([via, retryMs]),
      noise: (what) => noise.push(what),
      closed: (reason) => closed.push(reason),
    },
    'legacy',
  );
  return { asked, log, received, failed, paused, noise, closed, upstream, connection };
}

function stream({ response }: Asked, text: string): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text);
  return response;
}

const event = (message: unknown, id?: string) =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;
const result = (id: number) => ({ jsonrpc: '2.0', id, result: {} });
const note = (n: number) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { n } });
const told = (n: number): Message => ({ kind: 'notification', method: 'notifications/message', params: { n } });
const answered = (id: number): Message => ({ kind: 'response', id, result: {} });
const call = (id: number) => passage(request(id, 'tools/call', {}));
const initialized = passage(notification('notifications/initialized', {}));

describe('an answer that comes as a stream', () => {
  it('brings what belongs to the call before the answer', async () => {
    const { connection, received, failed } = await meet((one) => {
      if (one.what !== 'POST tools/call') return void one.response.writeHead(202).end();
      const question = { jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage', params: {} };
      stream(one, `: hello\n\nid: 0\ndata:\n\n${event(note(1))}${event(question)}${event(result(one.id))}`).end();
    });
    connection.send(call(5));
    await vi.waitFor(() => expect(received).toHaveLength(3), eventually);
    expect(received).toEqual([
      [told(1), 5],
      [{ kind: 'request', id: 'q', method: 'sampling/createMessage', params: {} }, 5],
      [answered(5), 5],
    ]);
    expect(failed).toEqual([]);
  });

  it('noise within it is no message, and a second answer is none', async () => {
    const { connection, received, noise } = await meet((one) => {
      const odd = `data: {oops\n\nevent: endpoint\ndata: /evil\n\n`;
      stream(one, `${odd}${event(result(1))}${event(result(1))}${event(result(9))}`).end();
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(noise).toHaveLength(4), eventually);
    expect(received).toEqual([[answered(1), 1]]);
    expect(noise.map((what) => what.slice(0, 40))).toEqual([
      expect.stringContaining('not strict JSON'),
      'an event of type "endpoint": /evil',
      'an answer to 1, which nobody waits for',
      'an answer to 9, which nobody waits for',
    ]);
  });

  it.each([
    ['ends', (one: Asked) => one.response.end(), '1 lost: the server ended its answer without a result'],
    ['breaks off', (one: Asked) => one.response.destroy(), '1 lost: the connection broke before the answer was whole'],
  ])('that %s without the answer is lost', async (_, finish, reason) => {
    const { connection, received, failed, asked } = await meet((one) => void stream(one, event(note(1))));
    connection.send(call(1));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    for (const one of asked) finish(one);
    await vi.waitFor(() => expect(failed).toEqual([expect.stringContaining(reason)]), eventually);
  });

  it('that told an id before it ended is taken up again where it stood', async () => {
    const { connection, received, failed, paused, asked } = await meet((one) => {
      if (one.what === 'POST tools/call') stream(one, `retry: 100\nid: a\ndata:\n\n`).end();
      else if (one.headers['last-event-id'] === 'a') stream(one, event(note(1), 'b')).end();
      else stream(one, event(result(1), 'c')).end();
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
    expect(received).toEqual([
      [told(1), 1],
      [answered(1), 1],
    ]);
    expect(asked.map((one) => [one.what, one.headers['last-event-id']])).toEqual([
      ['POST tools/call', undefined],
      ['GET', 'a'],
      ['GET', 'b'],
    ]);
    expect(paused).toEqual([
      [1, 100],
      [1, 100],
    ]);
    expect(failed).toEqual([]);
  });

  it('that told an id and ended is let go of for now, without a time where the server named none', async () => {
    const { connection, received, paused } = await meet((one) => {
      if (one.what === 'POST tools/call') stream(one, `id: a\ndata:\n\n`).end();
      else stream(one, event(result(1), 'c')).end();
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(paused).toEqual([[1, undefined]]), eventually);
    await vi.waitFor(() => expect(received).toEqual([[answered(1), 1]]), eventually);
    expect(paused).toHaveLength(1);
  });

  it('that broke off is taken up again too, but the server did not let go of it', async () => {
    const { connection, received, paused } = await meet((one) => {
      if (one.what !== 'POST tools/call') return void stream(one, event(result(1), 'c')).end();
      const begun = stream(one, `retry: 100\nid: a\ndata:\n\n`);
      setImmediate(() => begun.destroy());
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(received).toEqual([[answered(1), 1]]), eventually);
    expect(paused).toEqual([]);
  });

  it('of a session carries no headers for arguments, and nothing of who asked', async () => {
    const { connection, received, asked } = await meet((one) => void stream(one, event(result(1))).end());
    const along = { 'mcp-param-region': 'eu', authorization: 'Bearer inbound', 'mcp-session-id': 'x', cookie: 'a=b' };
    connection.send(permit(request(1, 'tools/call', {}), along));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(Object.keys(asked[0]?.headers ?? {}).toSorted()).toEqual([
      ...['accept', 'connection', 'content-length', 'content-type', 'host', 'user-agent'],
    ]);
  });

  it('that cannot be taken up again is lost', async () => {
    const { connection, failed } = await meet((one) => {
      if (one.what === 'POST tools/call') stream(one, `retry: 100\nid: a\ndata:\n\n`).end();
      else one.response.writeHead(405).end();
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(failed[0]).toMatch(/^1 lost: .* could not be resumed: the server answered 405/);
  });

  it('that stays open after the answer is left', async () => {
    let left = false;
    const { connection, received } = await meet((one) => {
      stream(one, event(result(1))).once('close', () => {
        left = true;
      });
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    await vi.waitFor(() => expect(left).toBe(true), eventually);
  });
});

describe('a server that hangs', () => {
  it('is told of the cancellation, and the hanging request is left after a while', async () => {
    let left = false;
    const { connection, asked, failed, closed } = await meet((one) => {
      if (one.id === undefined) return void one.response.writeHead(202).end();
      one.response.once('close', () => {
        left = true;
      });
    });
    connection.send(call(1));
    await vi.waitFor(() => expect(asked).toHaveLength(1), eventually);
    connection.send(passage(notification('notifications/cancelled', { requestId: 1, reason: 'no answer' })));
    await vi.waitFor(() => expect(asked.map((one) => one.what)).toContain('POST notifications/cancelled'), eventually);
    expect(left).toBe(false);
    await vi.waitFor(() => expect(left).toBe(true), eventually);
    expect([...failed, ...closed]).toEqual([]);
  });

  it('does not keep the connection from closing, not even when the goodbye hangs too', async () => {
    const { connection, asked, received, failed, closed } = await meet((one) => {
      if (one.what !== 'POST initialize') return;
      one.response
        .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's' })
        .end(JSON.stringify(result(one.id)));
    });
    connection.send(passage(request(1, 'initialize', {})));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    connection.send(call(2));
    await vi.waitFor(() => expect(asked).toHaveLength(2), eventually);
    await connection.close();
    expect(asked.map((one) => one.what)).toEqual(['POST initialize', 'POST tools/call', 'DELETE']);
    expect([...failed, ...closed]).toEqual([]);
    connection.send(call(3));
    expect(failed).toEqual(['3 unsent: the connection is closed']);
  });
});

describe('the stream beside the requests', () => {
  it('is opened once the session is, and brings what belongs to no call', async () => {
    const { connection, received, asked } = await meet((one) => {
      if (one.what === 'GET') stream(one, event(note(1)));
      else one.response.writeHead(202).end();
    });
    connection.send(initialized);
    await vi.waitFor(() => expect(received).toEqual([[told(1), undefined]]), eventually);
    expect(asked.map((one) => one.what)).toEqual(['POST notifications/initialized', 'GET']);
    expect(asked[1]?.headers.accept).toBe('text/event-stream');
  });

  it('is opened again when it ends or the server fails, from where it stood', async () => {
    let turn = 0;
    const { connection, received, asked } = await meet((one) => {
      if (one.what !== 'GET') return void one.response.writeHead(202).end();
      turn++;
      if (turn === 1) stream(one, `retry: 100\n${event(note(1), 'one')}`).end();
      else if (turn === 2) one.response.writeHead(503).end();
      else if (turn === 3) one.response.destroy();
      else stream(one, event(note(2)));
    });
    connection.send(initialized);
    await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
    expect(received).toEqual([
      [told(1), undefined],
      [told(2), undefined],
    ]);
    const ids = asked.filter((one) => one.what === 'GET').map((one) => one.headers['last-event-id']);
    expect(ids).toEqual([undefined, 'one', 'one', 'one']);
  });

  it.each([
    [405, []],
    [404, ['no stream beside the requests: the server answered 404 to GET']],
    [400, ['no stream beside the requests: the server answered 400 to GET']],
  ])('is not missed where the server has none (%i)', async (status, lines) => {
    const { connection, received, log, noise, closed, asked } = await meet((one) => {
      if (one.what === 'POST tools/call') stream(one, event(result(one.id))).end();
      else one.response.writeHead(one.what === 'GET' ? status : 202).end();
    });
    connection.send(initialized);
    await vi.waitFor(() => expect(asked).toHaveLength(2), eventually);
    connection.send(call(1));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    await vi.waitFor(() => expect(log).toEqual(lines), eventually);
    expect([...noise, ...closed]).toEqual([]);
  });
});

it('closing leaves no socket and no timer behind, whatever was under way', async () => {
  const silent = createTcpServer((socket) => socket.resume().on('error', () => {}));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { url, asked } = await serve((one) => {
    if (one.what === 'GET') stream(one, event(note(1)));
    else if (one.id === 7) stream(one, 'id: x\ndata:\n\n').end();
    else if (one.id === undefined) one.response.writeHead(202).end();
  });
  const module = fileURLToPath(new URL('./remote.ts', import.meta.url));
  const program = `
    import { writeSync } from 'node:fs';
    import { remoteUpstream } from ${JSON.stringify(module)};
    const events = { received() {}, failed() {}, paused() {}, noise() {}, closed() {} };
    const at = (url) => remoteUpstream({ url, headers: {}, onLog() {} });
    const [hanging, unconnected] = [at(${JSON.stringify(url)}), at('https://127.0.0.1:${(silent.address() as AddressInfo).port}/')];
    const connection = hanging.connect(events, 'legacy');
    const send = (message) => connection.send({ message: { jsonrpc: '2.0', ...message } });
    send({ method: 'notifications/initialized' });
    for (const id of [6, 7, 8]) send({ id, method: 'tools/call' });
    unconnected.connect(events, 'legacy').send({ message: { jsonrpc: '2.0', id: 1, method: 'ping' } });
    process.once('SIGUSR2', async () => {
      await Promise.all([hanging.close(), unconnected.close()]);
      setTimeout(() => writeSync(1, process.getActiveResourcesInfo().join()), 50);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(5), eventually);
  const ended = once(child, 'close');
  child.kill('SIGUSR2');
  expect(await ended).toEqual([0, null]);
  // A signal listener and the timer that asks are the program's own.
  expect(output.split(',').filter((name) => !/^(?:Timeout|SignalWrap)$/.test(name))).toEqual([]);
  expect(output.match(/Timeout/g)).toHaveLength(1);
  await new Promise((resolve) => silent.close(resolve));
});
