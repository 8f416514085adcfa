import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerJson, beginEvents, eventOf, RemoteRig } from '../../test/kit/remote-rig.ts';
import { passage } from '../gateway/passage.ts';
import { permit } from '../gateway/permit.ts';
import { type JsonObject, objectOf } from '../wire/json.ts';
import { notification, result as replyOf, request } from '../wire/replies.ts';

const rig = new RemoteRig();
afterEach(() => rig.end());

const eventually = { timeout: 10_000, interval: 5 };
const result = (id: number) => ({ jsonrpc: '2.0', id, result: { resultType: 'complete' } });
const note = (n: number) => ({ jsonrpc: '2.0', method: 'notifications/progress', params: { n } });
const errorOf = (id: number | null, code: number) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message: 'no', data: [1] },
});
const cancel = (requestId: number) => passage(notification('notifications/cancelled', { requestId, reason: 'left' }));

const META = objectOf([['io.modelcontextprotocol/protocolVersion', '2026-07-28']]);
const call = (id: number, name = 'echo') => permit(request(id, 'tools/call', { name, _meta: META }));
const ask = (id: number, method: string, params: JsonObject = {}) => passage(request(id, method, params));

describe('a server of the modern era', () => {
  it.each<[string, JsonObject, string | undefined]>([
    ['tools/call', { name: 'read file' }, 'read file'],
    ['tools/call', { name: 'größe' }, '=?base64?Z3LDtsOfZQ==?='],
    ['prompts/get', { name: ' padded' }, '=?base64?IHBhZGRlZA==?='],
    ['resources/read', { uri: 'file:///a' }, 'file:///a'],
    ['tasks/cancel', { taskId: 't-1' }, 't-1'],
    ['tools/list', { name: 'x' }, undefined],
    ['server/discover', {}, undefined],
  ])('is told what %s %o says in headers too', async (method, params, name) => {
    const { connection, received, asked } = await rig.meet('modern', ({ id, response }) =>
      answerJson(response, 200, result(id)),
    );
    connection.send(ask(1, method, params));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(asked[0]?.headers).toMatchObject({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method });
    expect(asked[0]?.headers['mcp-name']).toBe(name);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ jsonrpc: '2.0', id: 1, method, params });
  });

  it('gets the headers of arguments as they were made, and no other that came along', async () => {
    const { connection, received, asked } = await rig.meet('modern', ({ id, response }) =>
      answerJson(response, 200, result(id)),
    );
    const strays = {
      authorization: 'Bearer inbound',
      'mcp-name': 'other',
      'mcp-method': 'x',
      cookie: 'a=b',
      host: 'evil',
    };
    connection.send(permit(request(1, 'tools/call', { name: 'echo' }), { 'mcp-param-region': 'eu-west', ...strays }));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    const headers = asked[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'mcp-param-region': 'eu-west', 'mcp-name': 'echo', 'mcp-method': 'tools/call' });
    expect(headers.authorization).toBe('Bearer the-configured-one');
    expect(headers.cookie).toBeUndefined();
    expect(headers.host).toMatch(/^127\.0\.0\.1:/);
  });

  it('has no session: what it says of one is not repeated, no stream is opened beside, and there is no goodbye', async () => {
    const { connection, received, asked } = await rig.meet('modern', ({ id, response }) =>
      answerJson(response, 200, result(id), { 'mcp-session-id': 'a b' }),
    );
    connection.send(ask(1, 'server/discover'));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    connection.send(ask(2, 'tools/list'));
    await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
    await connection.close();
    expect(asked.map(({ what }) => what)).toEqual(['POST server/discover', 'POST tools/list']);
    expect(asked.map(({ headers }) => headers['mcp-session-id'])).toEqual([undefined, undefined]);
  });

  it('takes a notification without an answer, and is never sent an answer', async () => {
    const { connection, asked, noise } = await rig.meet('modern', ({ response }) => response.writeHead(202).end());
    connection.send(passage(replyOf(4, {})));
    connection.send(passage(notification('notifications/progress', {})));
    await vi.waitFor(() => expect(asked).toHaveLength(1), eventually);
    expect(asked[0]?.headers['mcp-method']).toBe('notifications/progress');
    expect(noise).toEqual(['not sent: an answer, for which no modern server asks']);
  });

  it.each([
    [400, -32020, 1],
    [404, -32601, 1],
    [400, -32022, null],
    [404, -32601, null],
    [500, -32603, 1],
  ])('answers %i with the error %i under id %o: that is the answer', async (status, code, id) => {
    const { connection, received, failed } = await rig.meet('modern', ({ response }) =>
      answerJson(response, status, errorOf(id, code)),
    );
    connection.send(call(1));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(received).toEqual([[{ kind: 'error', id: 1, error: { code, message: 'no', data: [1] } }, 1]]);
    expect(failed).toEqual([]);
  });

  it.each([
    [400, errorOf(2, -32020), 'the server answered 400 ("no")'],
    [404, {}, 'the server answered 404: it knows nothing at this address; check its "url"'],
    [500, errorOf(null, -32603), 'the server answered 500 ("no")'],
    [403, '', 'the server answered 403: it forbids this; check its "headers"'],
  ])('answers %i with anything else (%o): lost', async (status, body, reason) => {
    const { connection, received, failed, closed } = await rig.meet('modern', ({ response }) =>
      answerJson(response, status, body),
    );
    connection.send(call(1));
    await vi.waitFor(() => expect(failed).toEqual([`1 lost: ${reason}`]), eventually);
    expect([...received, ...closed]).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const elsewhere = await rig.serve(({ id, response }) => answerJson(response, 200, result(id)));
    const { connection, failed, asked } = await rig.meet('modern', ({ response }) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    );
    connection.send(call(1));
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(failed[0]).toMatch(/^1 lost: the server answered 30\d, a redirect .* redirects are not followed/);
    expect([asked.length, elsewhere.seen.sockets]).toEqual([1, 0]);
  });
});

describe('a stream of the modern era', () => {
  it('brings notifications and then the answer, and nothing that does not belong there', async () => {
    const question = { jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage', params: {} };
    const { connection, received, noise, asked } = await rig.meet('modern', ({ id, response }) => {
      if (id === 2) return;
      beginEvents(
        response,
        `${eventOf(note(1))}${eventOf(question)}${eventOf(result(2))}${eventOf(errorOf(null, -1))}`,
      );
      response.end(`${eventOf(result(1))}${eventOf(result(1))}`);
    });
    connection.send(call(2));
    await vi.waitFor(() => expect(asked).toHaveLength(1), eventually);
    connection.send(call(1));
    await vi.waitFor(() => expect(noise).toHaveLength(4), eventually);
    expect(received.map(([message, via]) => [message.kind, via])).toEqual([
      ['notification', 1],
      ['response', 1],
    ]);
    expect(noise).toEqual([
      'a request (sampling/createMessage), which a modern server may not send',
      'an answer to 2 on the stream of 1',
      'an answer to null on the stream of 1',
      'an answer to 1, which nobody waits for',
    ]);
    expect(asked.map(({ what }) => what)).toEqual(['POST tools/call', 'POST tools/call']);
  });

  it.each(['ends', 'breaks off'])(
    'that %s loses its request: it is not taken up again, and not sent again',
    async (how) => {
      const { connection, failed, paused, asked } = await rig.meet('modern', ({ id, response }) => {
        if (id === 2) return answerJson(response, 200, result(id));
        beginEvents(response, `retry: 1\nid: a\ndata:\n\n${eventOf(note(1), 'b')}`);
        if (how === 'ends') response.end();
        else setImmediate(() => response.destroy());
      });
      connection.send(call(1));
      await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
      expect(failed[0]).toMatch(/^1 lost: the (server ended its answer without a result|connection broke before)/);
      connection.send(call(2));
      await vi.waitFor(() => expect(asked).toHaveLength(2), eventually);
      expect(asked.map(({ what, id }) => `${what} ${id}`)).toEqual(['POST tools/call 1', 'POST tools/call 2']);
      expect(paused).toEqual([]);
    },
  );

  it.each(['before its head', 'in its body'])(
    'is left when its request is cancelled %s; nothing is POSTed for that',
    async (when) => {
      const left = Promise.withResolvers<number>();
      const { connection, received, failed, asked } = await rig.meet('modern', ({ id, response }) => {
        if (id === 2) return answerJson(response, 200, result(id));
        response.once('close', () => left.resolve(id));
        if (when === 'in its body') beginEvents(response, eventOf(note(1)));
      });
      connection.send(call(1));
      await vi.waitFor(() => expect(asked).toHaveLength(1), eventually);
      if (when === 'in its body') await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
      connection.send(cancel(1));
      connection.send(cancel(99));
      expect(await left.promise).toBe(1);
      connection.send(call(2));
      await vi.waitFor(() => expect(received.at(-1)?.[1]).toBe(2), eventually);
      expect(asked.map(({ what }) => what)).toEqual(['POST tools/call', 'POST tools/call']);
      expect(failed).toEqual([]);
    },
  );

  it('that is cancelled before there is a way to the server was never sent', async () => {
    const { connection, received, failed, asked } = await rig.meet('modern', ({ id, response }) =>
      answerJson(response, 200, result(id)),
    );
    connection.send(call(1));
    connection.send(cancel(1));
    connection.send(call(2));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(failed).toEqual(['1 unsent: cancelled before it was sent']);
    expect(asked.map(({ id }) => id)).toEqual([2]);
  });

  it('of a listen is held open while others come and go, and closed by its cancellation', async () => {
    const left = Promise.withResolvers<void>();
    const { connection, received, asked, failed, closed } = await rig.meet('modern', ({ what, id, response }) => {
      if (what !== 'POST subscriptions/listen') return answerJson(response, 200, result(id));
      response.once('close', () => left.resolve());
      beginEvents(
        response,
        eventOf({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: {} }),
      );
    });
    connection.send(ask(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } }));
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    for (let id = 2; id < 22; id++) connection.send(call(id));
    await vi.waitFor(() => expect(received).toHaveLength(21), eventually);
    asked[0]?.response.write(eventOf({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }));
    await vi.waitFor(() => expect(received).toHaveLength(22), eventually);
    expect(received.at(0)?.[1]).toBe(1);
    expect(received.at(-1)).toEqual([
      { kind: 'notification', method: 'notifications/tools/list_changed', params: {} },
      1,
    ]);
    connection.send(cancel(1));
    await left.promise;
    expect([...failed, ...closed]).toEqual([]);
  });

  it('of a listen may end with an answer', async () => {
    const { connection, received, failed } = await rig.meet('modern', ({ id, response }) => {
      beginEvents(response, eventOf(note(1))).end(eventOf(result(id)));
    });
    connection.send(ask(1, 'subscriptions/listen'));
    await vi.waitFor(
      () => expect(received.map(([message]) => message.kind)).toEqual(['notification', 'response']),
      eventually,
    );
    expect(failed).toEqual([]);
  });
});

it('a thousand requests one after the other leave no socket and no timer', async () => {
  const { url, asked, seen } = await rig.serve(({ id, response }) => {
    if (id % 2 === 0) answerJson(response, 200, result(id));
    else beginEvents(response, eventOf(note(id))).end(eventOf(result(id)));
  });
  const module = fileURLToPath(new URL('./remote.ts', import.meta.url));
  const program = `
    import { writeSync } from 'node:fs';
    import { remoteUpstream } from ${JSON.stringify(module)};
    const upstream = remoteUpstream({ url: ${JSON.stringify(url)}, headers: {}, onLog() {} });
    let id = 0;
    const connection = upstream.connect({
      received(message) { if (message.kind === 'response') next(); },
      failed(...what) { writeSync(1, 'failed ' + what); }, paused() {}, noise() {}, closed() {},
    }, 'modern');
    const left = () => process.getActiveResourcesInfo().join();
    function next() {
      if (id < 1000) return connection.send({ message: { jsonrpc: '2.0', id: ++id, method: 'tools/list', params: {} } });
      upstream.close().then(() => setTimeout(() => writeSync(1, left()), 50));
    }
    next();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  // The timer that asks is the program's own.
  expect(output).toBe('Timeout');
  expect(asked).toHaveLength(1000);
  expect(seen.sockets).toBeLessThan(20);
}, 60_000);
