import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { type Answer, type HttpClient, httpClient } from '../kit/http-client.ts';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { BAD_MESSAGES, CALL, stillServes } from './bad-messages.ts';
import { AGENT, arrived, eventually, linesIn, OPEN_POLICY, OTHER, recordingCommand } from './rig.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-bad-'));
const record = join(folder, 'record.jsonl');
const EXPIRED = 'expired-token-expired-token';
const BARE = 'bare-token-bare-token-bare';
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

function stoppable(server: Server): { stop(): Promise<void> } {
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function errorOf(answer: Answer): { readonly status: number; readonly code: unknown; readonly message: string } {
  const error = objAt(answer.messages[0], 'error');
  return { status: answer.status, code: error['code'], message: String(error['message']) };
}

describe('over HTTP', () => {
  let gateway: Gateway;
  let client: HttpClient;
  const redirectedTo: Awaited<ReturnType<typeof startRecordingServer>>[] = [];
  const again = (): Promise<unknown> => client.call('echo', { text: 'still here' });

  beforeAll(async () => {
    const remote = kit.add(await startRecordingServer());
    redirectedTo.push(remote);
    const redirecting = createServer((_request, response) => {
      response.writeHead(307, { location: remote.url }).end();
    });
    const hanging = createServer(() => {});
    const gone = createServer();
    kit.add(stoppable(redirecting));
    kit.add(stoppable(hanging));
    const goneUrl = await listening(gone);
    await stoppable(gone).stop();
    const everywhere = {
      recorder: 'open',
      hurried: 'open',
      redirecting: 'open',
      hanging: 'open',
      gone: 'open',
      broken: 'open',
    };
    gateway = kit.add(
      await startGateway({
        config: {
          servers: {
            recorder: { command: recordingCommand(record) },
            hurried: { command: recordingCommand(record), timeout: 1 },
            redirecting: { url: await listening(redirecting), timeout: 5 },
            hanging: { url: await listening(hanging), timeout: 1 },
            gone: { url: goneUrl },
            broken: { command: [process.execPath, '-e', 'process.exit(3)'] },
          },
          policies: { open: OPEN_POLICY },
          grants: {
            agent: { owner: 'alice', servers: everywhere, token: AGENT },
            other: { owner: 'bob', servers: { recorder: 'open' }, token: OTHER },
            expired: { owner: 'carol', servers: { recorder: 'open' }, token: EXPIRED, expires: '2020-01-01' },
            bare: { owner: 'dave', servers: { gone: 'open' }, token: BARE },
          },
        },
      }),
    );
    client = kit.add(httpClient(gateway.url('recorder'), AGENT));
    await client.initialize();
  });

  it.each(BAD_MESSAGES)('$title: refused with $code, and the gateway runs on', async ({ bytes, code }) => {
    const before = linesIn(record);
    const answer = await client.raw(bytes);
    expect(errorOf(answer).code).toBe(code);
    expect(errorOf(answer).message.length).toBeGreaterThan(10);
    await stillServes(record, again, before);
  });

  it.each([
    ['announced', {}],
    ['in chunks that never say how much will come', { 'content-length': '', 'transfer-encoding': 'chunked' }],
  ])('a body of 20 MB, %s: 413 before it is read', async (_how, headers) => {
    const before = linesIn(record);
    const one = kit.add(httpClient(gateway.url('recorder'), AGENT));
    const body = CALL.replace('hostile', 'hostile '.repeat(2_600_000));
    for (let n = 1; n <= 3; n += 1) {
      const answer = await one.raw(body, headers);
      expect(errorOf(answer)).toMatchObject({
        status: 413,
        message: expect.stringContaining('4194304 bytes ("limits.message"'),
      });
    }
    // The client stops sending once it is refused: what comes next on its connection must not be taken for the body's rest.
    await one.initialize();
    expect((await one.delete()).status).toBe(204);
    await stillServes(record, again, before);
  });

  it.each([
    ['another content type', { 'content-type': 'text/plain' }, CALL, 415],
    ['no content type', { 'content-type': '' }, CALL, 415],
    ['a compressed body', { 'content-encoding': 'gzip' }, gzipSync(CALL), 415],
    ['a client that takes no JSON', { accept: 'text/html' }, CALL, 406],
    ['no session id', { 'mcp-session-id': '' }, CALL, 400],
    ['a session id nobody gave out', { 'mcp-session-id': 'made-up' }, CALL, 404],
    ['the current revision, which is not served yet', { 'mcp-protocol-version': '2026-07-28' }, CALL, 400],
    ['two revisions at once', { 'mcp-protocol-version': '2025-11-25, 2025-06-18' }, CALL, 400],
  ])('%s: refused by its headers', async (_title, headers, body, status) => {
    const before = linesIn(record);
    expect(errorOf(await client.raw(body, headers))).toMatchObject({ status, code: expect.any(Number) });
    await stillServes(record, again, before);
  });

  it('a method of HTTP that the endpoint does not take: 405 and what it takes', async () => {
    const answer = await client.raw('{}', {}, { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST, GET, DELETE');
  });

  it('a probe for the 2026-07-28 protocol: 400, -32022 and the revisions that are served, so that clients fall back', async () => {
    const probe = httpClient(gateway.url('recorder'), AGENT);
    kit.add(probe);
    const params = {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    };
    const answer = await probe.raw(JSON.stringify({ jsonrpc: '2.0', id: 'probe', method: 'server/discover', params }), {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'server/discover',
    });
    expect(answer.status).toBe(400);
    expect(answer.messages[0]).toMatchObject({
      id: 'probe',
      error: {
        code: -32022,
        data: { supported: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'], requested: '2026-07-28' },
      },
    });
  });

  it('an unknown server: 404, and the answer says where servers are named', async () => {
    const lost = kit.add(httpClient(gateway.url('recorderr'), AGENT));
    expect(errorOf(await lost.raw(CALL))).toMatchObject({ status: 404, message: expect.stringContaining('"servers"') });
  });

  it.each([
    ['an expired grant', EXPIRED],
    ['a grant that holds no policy for this server', BARE],
  ])('%s: 403, for the handshake already', async (_title, token) => {
    const before = linesIn(record);
    const refused = kit.add(httpClient(gateway.url('recorder'), token));
    const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25' } };
    expect(errorOf(await refused.post(hello))).toMatchObject({ status: 403 });
    await stillServes(record, again, before);
  });

  it("another grant's session: as unknown as one that never was, for every method", async () => {
    const before = linesIn(record);
    const thief = kit.add(httpClient(gateway.url('recorder'), OTHER));
    thief.sessionId = client.sessionId;
    expect(errorOf(await thief.raw(CALL)).status).toBe(404);
    expect((await thief.stream()).status).toBe(404);
    expect((await thief.delete()).status).toBe(404);
    await stillServes(record, again, before);
  });

  it('a second initialize in one session: refused, and the first goes on', async () => {
    const before = linesIn(record);
    const hello = { jsonrpc: '2.0', id: 'again', method: 'initialize', params: { protocolVersion: '2025-11-25' } };
    expect(errorOf(await client.post(hello)).code).toBe(-32600);
    expect(linesIn(record)).toEqual(before);
    await stillServes(record, again, before);
  });

  it('an answer to a question that nobody asked: taken, dropped, not passed on', async () => {
    const before = linesIn(record);
    const answer = await client.post({ jsonrpc: '2.0', id: 'gate-1', result: { hostile: true } });
    expect(answer.status).toBe(202);
    await stillServes(record, again, before);
  });

  it('a cancellation of what is not there, and progress for a token nobody gave: nothing hostile arrives', async () => {
    const before = linesIn(record);
    await client.notify('notifications/cancelled', { requestId: 4711, reason: 'hostile' });
    await client.notify('notifications/cancelled', { requestId: { hostile: 1 } });
    await stillServes(record, again, before);
  });

  describe('from the server', () => {
    async function fresh(server = 'recorder'): Promise<HttpClient> {
      const one = kit.add(httpClient(gateway.url(server), AGENT));
      await one.initialize();
      return one;
    }

    it('its end in the middle of a call: the call may have taken effect; it is started again, and the session goes on', async () => {
      const one = await fresh();
      const answer = await one.call('die');
      expect(objAt(answer, 'error')['message']).toMatch(/exit code 7.*may have taken effect/);
      await eventually('it is back', async () => {
        const again = await one.call('echo', { text: 'still here' });
        const { message } = objAt(again, 'error');
        if (message !== undefined) expect(message).toMatch(/nothing was sent.*exit code 7.*started again/);
        return textOf(objAt(again, 'result')) === 'still here';
      });
    });

    it('lines that are no message: for the log, not for the client', async () => {
      const one = await fresh();
      const answer = await one.call('garbage', { text: 'Listening on port 3000 \u001b[31m{"jsonrpc":' });
      expect(textOf(objAt(answer, 'result'))).toBe('after the garbage');
      await eventually('the log has it', () => gateway.stderr().includes('Listening on port 3000'));
      expect(gateway.stderr()).not.toContain('\u001b');
    });

    it.each([
      ['a second answer', 'twice', 'first'],
      ['an answer to a request that nobody made', 'foreign', 'my own answer'],
    ])('%s: dropped', async (_title, tool, text) => {
      const one = await fresh();
      expect(textOf(objAt(await one.call(tool), 'result'))).toBe(text);
      expect(textOf(objAt(await one.call('echo', { text: 'mine' }), 'result'))).toBe('mine');
      await eventually('the log has it', () => gateway.stderr().includes('nobody waits for was dropped'));
    });

    it('an answer of 5 MB passes whole; one of 20 MB ends the session with a reason', async () => {
      const one = await fresh();
      expect(textOf(objAt(await one.call('huge', { bytes: 5_000_000 }), 'result'))).toHaveLength(5_000_000);
      const answer = await one.call('huge', { bytes: 20_000_000 });
      expect(objAt(answer, 'error')['message']).toMatch(/line of more than 10 MiB.*may have taken effect/);
      await one.initialize();
      expect(textOf(objAt(await one.call('echo', { text: 'still here' }), 'result'))).toBe('still here');
    });

    it('silence: the call ends at the time-out of its server, and the server hears that nobody waits', async () => {
      const before = arrived(record, 'notifications/cancelled').length;
      const one = await fresh('hurried');
      const answer = await one.call('hang');
      expect(objAt(answer, 'error')['message']).toMatch(/no answer within 1 s.*may have taken effect/);
      await eventually('the server is told', () => arrived(record, 'notifications/cancelled').length === before + 1);
      expect(textOf(objAt(await one.call('echo', { text: 'still here' }), 'result'))).toBe('still here');
    });

    it.each([
      ['a remote that never answers', 'hanging', /no answer within 1 s/],
      ['a remote that sends us elsewhere', 'redirecting', /307|redirect/i],
      ['a remote that is down', 'gone', /nothing was sent: cannot reach the server/],
      ['a command that ends at once', 'broken', /exit code 3|closed/],
    ])('%s: the handshake fails with the reason, and other servers go on', async (_title, server, reason) => {
      const before = linesIn(record);
      const one = kit.add(httpClient(gateway.url(server), AGENT));
      const answer = await one.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
      expect(objAt(answer, 'error')['message']).toMatch(reason);
      await stillServes(record, again, before);
    });

    it('a redirect is not followed: the place it names heard nothing, and above all no credentials', () => {
      expect(redirectedTo[0]?.received).toEqual([]);
    });
  });
});
