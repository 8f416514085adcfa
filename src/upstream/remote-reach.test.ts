import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { passage } from '../gateway/passage.ts';
import { request } from '../wire/replies.ts';
import { type RemoteOptions, remoteUpstream } from './remote.ts';

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function ended(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

describe('no way to the server', () => {
  async function failure(url: string, more: Partial<RemoteOptions> = {}): Promise<string> {
    const failed = Promise.withResolvers<string>();
    const upstream = remoteUpstream({ url, headers: {}, onLog: () => {}, ...more });
    const connection = upstream.connect(
      {
        received() {},
        failed: (id, how, reason) => failed.resolve(`${id} ${how}: ${reason}`),
        paused() {},
        noise() {},
        closed() {},
      },
      'legacy',
    );
    connection.send(passage(request(1, 'tools/call', {})));
    const reason = await failed.promise;
    await upstream.close();
    return reason;
  }

  it('nothing listens: the call was not sent', async () => {
    const server = createServer();
    const port = await portOf(server);
    await ended(server);
    expect(await failure(`http://127.0.0.1:${port}/`)).toMatch(
      /^1 unsent: cannot reach the server: nothing listens there/,
    );
  });

  it('no such host: the call was not sent', async () => {
    expect(await failure('http://no-such-host.invalid/')).toMatch(/^1 unsent: cannot reach the server: its host name/);
  });

  it('no TLS on that port: the call was not sent', async () => {
    const asked: string[] = [];
    const server = createHttpServer((incoming) => asked.push(incoming.url ?? ''));
    const port = await portOf(server);
    expect(await failure(`https://127.0.0.1:${port}/`)).toMatch(/^1 unsent: cannot reach the server: .*TLS/);
    expect(asked).toEqual([]);
    await ended(server);
  });

  it('a port that accepts and says nothing: the call was not sent, once the time for it is over', async () => {
    const silent = createServer((socket) => socket.resume().on('error', () => {}));
    const reason = await failure(`https://127.0.0.1:${await portOf(silent)}/`, { connectTimeoutMs: 100 });
    expect(reason).toBe('1 unsent: cannot reach the server: no connection within the time for it');
    await ended(silent);
  });

  it.each([
    ['ftp://127.0.0.1/', {}, /only http: and https:/],
    ['http://user:hidden@127.0.0.1/', {}, /put them into "headers"/],
    ['127.0.0.1', {}, /not a URL/],
    ['http://127.0.0.1/', { 'Mcp-Session-Id': 'hidden' }, /"mcp-session-id" is set by the gateway/],
    ['http://127.0.0.1/', { 'MCP-Protocol-Version': 'hidden' }, /"mcp-protocol-version" is set by the gateway/],
    ['http://127.0.0.1/', { 'Mcp-Method': 'hidden' }, /"mcp-method" is set by the gateway/],
    ['http://127.0.0.1/', { 'mcp-name': 'hidden' }, /"mcp-name" is set by the gateway/],
    ['http://127.0.0.1/', { 'Mcp-Param-Region': 'hidden' }, /"mcp-param-region" is set by the gateway/],
    ['http://127.0.0.1/', { Authorization: 'hidden\r\nX: y' }, /"authorization" holds a line break/],
  ])('%s with %o cannot be configured, and no secret is told', (url, headers, reason) => {
    const make = () => remoteUpstream({ url, headers, onLog: () => {} });
    expect(make).toThrow(reason);
    expect(make).not.toThrow(/hidden/);
  });
});
