import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Asked, answerJson, beginEvents, RemoteRig } from '../../test/kit/remote-rig.ts';
import { passage } from '../gateway/passage.ts';
import { notification, request } from '../wire/replies.ts';
import type { RemoteOptions } from './remote.ts';

const rig = new RemoteRig();
afterEach(() => rig.end());

const eventually = { timeout: 10_000, interval: 5 };
const settled = (id: number) => ({ jsonrpc: '2.0', id, result: { protocolVersion: '2024-11-05' } });
const initialize = passage(request(1, 'initialize', { protocolVersion: '2025-11-25' }));
const initialized = passage(notification('notifications/initialized', {}));
const call = (id: number) => passage(request(id, 'tools/call', { name: 'echo' }));

interface Old {
  /** How POST to the configured address is refused. */
  readonly status?: number;
  /** What the stream begins with. */
  readonly begin?: string;
  /** Answers a POST to the other address; else it is taken and its answer sent on the stream. */
  readonly post?: (asked: Asked, stream: ServerResponse) => void;
}

const ENDPOINT = 'event: endpoint\ndata: /messages?session=s3cret\n\n';

/** A server of 2024-11-05: GET gives the stream, whose first event names the address for messages. */
async function meetOld(old: Old = {}, more: Partial<RemoteOptions> = {}) {
  let stream: ServerResponse | undefined;
  const met = await rig.meet(
    'legacy',
    (asked) => {
      const { what, path, response, id } = asked;
      if (what === 'GET') {
        stream = beginEvents(response, old.begin ?? ENDPOINT);
      } else if (path.startsWith('/mcp')) {
        response.writeHead(old.status ?? 405).end('no');
      } else if (old.post !== undefined && stream !== undefined) {
        old.post(asked, stream);
      } else {
        response.writeHead(202).end('Accepted');
        if (!Number.isNaN(id)) stream?.write(`event: message\ndata: ${JSON.stringify(settled(id))}\n\n`);
      }
    },
    more,
  );
  return { ...met, stream: () => stream };
}

describe('a server of the older HTTP+SSE transport', () => {
  it.each([400, 404, 405])(
    'that refuses POST with %i is asked for its stream, and spoken to at the address that it names',
    async (status) => {
      const { connection, received, failed, asked } = await meetOld({ status });
      connection.send(initialize);
      await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
      connection.send(initialized);
      connection.send(call(2));
      await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
      expect(received.map(([message, via]) => [message.kind, via])).toEqual([
        ['response', undefined],
        ['response', undefined],
      ]);
      expect(asked.map(({ what, path }) => `${what} ${path}`)).toEqual([
        'POST initialize /mcp?tenant=1',
        'GET /mcp?tenant=1',
        'POST initialize /messages?session=s3cret',
        'POST notifications/initialized /messages?session=s3cret',
        'POST tools/call /messages?session=s3cret',
      ]);
      expect(asked[1]?.headers.accept).toBe('text/event-stream');
      expect(asked[2]?.body).toBe(asked[0]?.body);
      expect(asked[4]?.headers['mcp-protocol-version']).toBe('2024-11-05');
      for (const { headers } of asked) expect(headers.authorization).toBe('Bearer the-configured-one');
      await connection.close();
      expect(asked.map(({ what }) => what)).not.toContain('DELETE');
      expect(failed).toEqual([]);
    },
  );

  it.each([
    ['a path', '/messages', '/messages'],
    ['a path beside', 'messages?x=1', '/messages?x=1'],
    ['a query', '?session=1', '/mcp?session=1'],
    ['a whole address', 'ORIGIN/a/b?c#d', '/a/b?c'],
    ['a path that climbs', '../../x', '/x'],
  ])('may name %s', async (_, address, path) => {
    const { connection, asked } = await meetOld({ begin: '' });
    connection.send(initialize);
    await vi.waitFor(() => expect(asked).toHaveLength(2), eventually);
    const origin = `http://${asked[0]?.headers.host}`;
    asked[1]?.response.write(`event: endpoint\ndata: ${address.replace('ORIGIN', origin)}\n\n`);
    await vi.waitFor(() => expect(asked).toHaveLength(3), eventually);
    expect([asked[2]?.what, asked[2]?.path]).toEqual(['POST initialize', path]);
  });

  it.each([
    ['another port', 'http://127.0.0.1:PORT/x?t=s3cret', 'http://127.0.0.1:PORT'],
    ['another host', '//localhost:PORT/x', 'http://localhost:PORT'],
    ['another host by back-slashes', '\\\\localhost:PORT\\x', 'http://localhost:PORT'],
    ['another scheme', 'https://127.0.0.1:OWN/x', 'https://127.0.0.1:OWN'],
    ['a file', 'file:///etc/passwd', 'null'],
    ['its own address in disguise', 'blob:http://127.0.0.1:OWN/x', 'http://127.0.0.1:OWN'],
    ['a user name', 'http://me:s3cret@127.0.0.1:OWN/x', 'one with a user name or password'],
    ['nothing that is an address', 'http://', 'no URL'],
    ['a very long one', `/${'x'.repeat(5000)}`, 'no URL of at most 4096 characters'],
  ])('may not name %s: nothing is sent there', async (_, address, reason) => {
    const other = await rig.serve(({ response }) => response.writeHead(202).end());
    const { connection, failed, asked, seen, port } = await meetOld({ begin: '' });
    const filled = (text: string) => text.replace('PORT', String(other.port)).replace('OWN', String(port));
    connection.send(initialize);
    connection.send(call(2));
    await vi.waitFor(() => expect(asked.map(({ what }) => what)).toContain('GET'), eventually);
    asked.find(({ what }) => what === 'GET')?.response.write(`event: endpoint\ndata: ${filled(address)}\n\n`);
    await vi.waitFor(() => expect(failed.some((line) => line.startsWith('1 '))).toBe(true), eventually);
    const line = failed.find((one) => one.startsWith('1 '));
    expect(line).toContain('1 lost: the server answered 405');
    expect(line).toContain(filled(reason));
    expect(line).not.toContain('s3cret');
    expect(other.asked).toEqual([]);
    expect(asked.filter(({ what }) => what === 'POST initialize')).toHaveLength(1);
    expect(seen.sockets).toBeGreaterThan(0);
  });

  it.each<[string, Old, Partial<RemoteOptions>, RegExp]>([
    [
      'names no address',
      { begin: ': hello\n\n' },
      { endpointTimeoutMs: 100 },
      /it named no address for messages within 0\.1 s$/,
    ],
    [
      'begins with a message',
      { begin: 'data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n' },
      {},
      /does not begin with an address/,
    ],
    [
      'begins with too much',
      { begin: `event: endpoint\ndata: ${'x'.repeat(3000)}\n\n` },
      { maxBodyBytes: 2000 },
      /larger than allowed/,
    ],
  ])('whose stream %s is told apart from one that works', async (_, old, more, reason) => {
    const { connection, received, failed, asked } = await meetOld(old, more);
    connection.send(initialize);
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(failed[0]).toMatch(
      /^1 lost: the server answered 405: .*; nor is it a server of the older HTTP\+SSE transport: /,
    );
    expect(failed[0]).toMatch(reason);
    expect(asked.map(({ what }) => what)).toEqual(['POST initialize', 'GET']);
    expect(received).toEqual([]);
  });

  it('answers on its stream alone, whatever the line ends and wherever a character is cut', async () => {
    const answer = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { text: 'größe 😀' } }));
    const { connection, received } = await meetOld({
      post: async (asked, stream) => {
        asked.response.writeHead(202).end();
        const text = Buffer.concat([Buffer.from('\revent: message\r\ndata: '), answer, Buffer.from('\r\r')]);
        for (const byte of text) {
          stream.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
      },
    });
    connection.send(initialize);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(received[0]).toEqual([{ kind: 'response', id: 1, result: { text: 'größe 😀' } }, undefined]);
  });

  it('brings its own messages, noise, and no second address', async () => {
    const { connection, received, noise, stream, asked } = await meetOld();
    connection.send(initialize);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    const question = { jsonrpc: '2.0', id: 'q', method: 'roots/list' };
    stream()?.write(`event: endpoint\ndata: /elsewhere\n\nevent: ping\ndata: x\n\ndata: {oops\n\n`);
    stream()?.write(`data: ${JSON.stringify(settled(1))}\n\ndata: ${JSON.stringify(question)}\n\n`);
    await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
    connection.send(passage({ jsonrpc: '2.0', id: 'q', result: { roots: [] } }));
    await vi.waitFor(() => expect(asked).toHaveLength(4), eventually);
    expect(received[1]).toEqual([{ kind: 'request', id: 'q', method: 'roots/list', params: {} }, undefined]);
    expect(noise.map((line) => line.slice(0, 38))).toEqual([
      'a second address for messages, which i',
      'an event of type "ping": x',
      'not strict JSON: a key in double quote',
      'an answer to 1, which nobody waits for',
    ]);
    expect(asked[3]?.path).toBe('/messages?session=s3cret');
  });

  it.each(['ends', 'breaks off'])(
    'whose stream %s is over: what was under way is left to the owner, and nothing follows',
    async (how) => {
      const { connection, received, failed, closed, asked, stream } = await meetOld({
        post: ({ response, id }, events) => {
          response.writeHead(202).end();
          if (id === 1) events.write(`data: ${JSON.stringify(settled(id))}\n\n`);
        },
      });
      connection.send(initialize);
      await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
      connection.send(call(2));
      await vi.waitFor(() => expect(asked).toHaveLength(4), eventually);
      if (how === 'ends') stream()?.end();
      else stream()?.destroy();
      await vi.waitFor(() => expect(closed).toHaveLength(1), eventually);
      expect(closed[0]).toMatch(
        /^(the server ended its event stream|its event stream broke off: the server closed the connection)$/,
      );
      connection.send(call(3));
      expect(failed).toEqual([`3 unsent: ${closed[0]}`]);
      expect(asked).toHaveLength(4);
    },
  );

  it('that refuses a message had it: lost; and a notification is noise', async () => {
    const { connection, received, failed, noise } = await meetOld({
      post: ({ response, id }, events) => {
        response.writeHead(id === 1 ? 202 : 500).end();
        if (id === 1) events.write(`data: ${JSON.stringify(settled(id))}\n\n`);
      },
    });
    connection.send(initialize);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    connection.send(call(2));
    connection.send(passage(notification('notifications/roots/list_changed', {})));
    await vi.waitFor(() => expect([...failed, ...noise]).toHaveLength(2), eventually);
    expect(failed).toEqual(['2 lost: the server answered 500']);
    expect(noise).toEqual(['notifications/roots/list_changed was not taken: the server answered 500']);
  });

  it('that never ends what it says to a POST is left there', async () => {
    const left = Promise.withResolvers<void>();
    const { connection, received } = await meetOld({
      post: ({ response, id }, events) => {
        response.writeHead(202).write('Acc');
        response.once('close', () => left.resolve());
        events.write(`data: ${JSON.stringify(settled(id))}\n\n`);
      },
    });
    connection.send(initialize);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    await left.promise;
  });

  it('keeps the order of the first messages', async () => {
    const order: string[] = [];
    const { connection, received } = await meetOld({
      post: ({ response, what, id }, events) => {
        order.push(`${what} begins`);
        setImmediate(() => {
          order.push(`${what} ends`);
          response.writeHead(202).end();
          if (!Number.isNaN(id)) events.write(`data: ${JSON.stringify(settled(id))}\n\n`);
        });
      },
    });
    connection.send(initialize);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    connection.send(initialized);
    connection.send(call(2));
    await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
    expect(order.slice(2)).toEqual([
      'POST notifications/initialized begins',
      'POST notifications/initialized ends',
      'POST tools/call begins',
      'POST tools/call ends',
    ]);
  });

  it('closing while its stream is awaited leaves it', async () => {
    const { connection, failed, closed, asked, stream } = await meetOld({ begin: '' });
    connection.send(initialize);
    await vi.waitFor(() => expect(asked).toHaveLength(2), eventually);
    await connection.close();
    await vi.waitFor(() => expect(stream()?.closed).toBe(true), eventually);
    expect([...failed, ...closed]).toEqual([]);
  });
});

describe('it is not looked for', () => {
  it.each([401, 403, 406, 409, 415, 429, 500, 503, 307])('after %i', async (status) => {
    const { connection, failed, asked } = await meetOld({ status });
    connection.send(initialize);
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(failed[0]).toMatch(new RegExp(`^1 lost: the server answered ${status}`));
    expect(asked.map(({ what }) => what)).toEqual(['POST initialize']);
  });

  it('after an answer to our id, whatever its status', async () => {
    const { connection, received, asked } = await rig.meet('legacy', ({ response, id }) =>
      answerJson(response, 400, { jsonrpc: '2.0', id, error: { code: -32602, message: 'unsupported version' } }),
    );
    connection.send(initialize);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(received[0]?.[0]).toMatchObject({ kind: 'error', error: { code: -32602 } });
    expect(asked.map(({ what }) => what)).toEqual(['POST initialize']);
  });

  it.each([404, 405])('for another message than initialize (%i)', async (status) => {
    const { connection, failed, asked } = await meetOld({ status });
    connection.send(call(2));
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(asked.map(({ what }) => what)).toEqual(['POST tools/call']);
  });

  it('in the modern era', async () => {
    const { connection, failed, asked } = await rig.meet('modern', ({ response }) => response.writeHead(405).end());
    connection.send(initialize);
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(asked.map(({ what }) => what)).toEqual(['POST initialize']);
  });

  it.each([
    [404, 'to GET the server answered 404: it knows nothing at this address; check its "url"'],
    [
      302,
      'to GET the server answered 302, a redirect to "/sse"; redirects are not followed: put the final address into its "url"',
    ],
    [405, 'it has no event stream (it answered 405 to GET)'],
    [200, 'the server answered GET with no event stream'],
  ])('again where GET is answered with %i: both answers are told, and a new try is possible', async (status, why) => {
    const { connection, failed, asked } = await rig.meet('legacy', ({ what, response }) =>
      response
        .writeHead(what === 'GET' ? status : 404, { location: '/sse?t=s3cret', 'content-type': 'text/html' })
        .end(),
    );
    connection.send(initialize);
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    const first = 'the server answered 404: it knows nothing at this address; check its "url"';
    expect(failed).toEqual([`1 lost: ${first}; nor is it a server of the older HTTP+SSE transport: ${why}`]);
    connection.send(passage(request(2, 'initialize', {})));
    await vi.waitFor(() => expect(failed).toHaveLength(2), eventually);
    expect(asked.map(({ what }) => what)).toEqual(['POST initialize', 'GET', 'POST initialize', 'GET']);
  });
});
