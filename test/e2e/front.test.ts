import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../kit/child.ts';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { AGENT, arrived, eventually, linesIn, OPEN_POLICY, OTHER, processesWith, recordingCommand } from './rig.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-front-'));
const record = join(folder, 'record.jsonl');
const HELLO = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {} },
});

let gateway: Gateway;
let remote: Awaited<ReturnType<typeof startRecordingServer>>;

beforeAll(async () => {
  remote = kit.add(await startRecordingServer());
  const both = { recorder: 'open', remote: 'open' };
  gateway = kit.add(
    await startGateway({
      config: {
        servers: {
          recorder: { command: recordingCommand(record) },
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own way to name a variable.
          remote: { url: remote.url, headers: { Authorization: 'Bearer ${UPSTREAM_TOKEN}', 'X-Team': 'blue' } },
        },
        policies: { open: OPEN_POLICY },
        grants: {
          agent: { owner: 'alice', servers: both, token: AGENT },
          other: { owner: 'bob', servers: both, token: OTHER },
        },
        hosts: ['gateway.example'],
        origins: ['https://console.example'],
      },
      env: { UPSTREAM_TOKEN: 'the-token-for-upstream' },
    }),
  );
});

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

function newClient(server = 'recorder', token: string = AGENT): HttpClient {
  return kit.add(httpClient(gateway.url(server), token));
}

async function openClient(server = 'recorder', token: string = AGENT): Promise<HttpClient> {
  const client = newClient(server, token);
  await client.initialize();
  return client;
}

describe('a web page that should not be here', () => {
  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'evil.example:8787',
    'localhost@evil.example',
    'evil.example#localhost',
    'gateway.example.evil',
  ])('comes under the name %s: 403, whatever token it has', async (host) => {
    const answer = await newClient().raw(HELLO, { host });
    expect(answer.status).toBe(403);
    expect(objAt(answer.messages[0], 'error')['message']).toContain('"hosts"');
  });

  it.each([
    'http://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://console.example.evil',
    'http://console.example',
    'https://console.example:444',
    'file://',
  ])('comes from the origin %s: 403', async (origin) => {
    const answer = await newClient().raw(HELLO, { origin });
    expect(answer.status).toBe(403);
    expect(objAt(answer.messages[0], 'error')['message']).toContain('"origins"');
  });

  it('started no server and opened no session', () => {
    expect(linesIn(record)).toEqual([]);
    expect(processesWith(record)).toEqual([]);
  });
});

describe('a client that may be here', () => {
  it.each(['localhost', 'LOCALHOST:1234', '127.0.0.1', '[::1]:8787', 'gateway.example', 'Gateway.Example:443'])(
    'comes under the name %s',
    async (host) => {
      const client = newClient();
      const answer = await client.raw(HELLO, { host });
      expect(answer.status).toBe(200);
      client.sessionId = String(answer.headers['mcp-session-id']);
      expect((await client.delete()).status).toBe(204);
    },
  );

  it.each(['http://localhost:3000', 'http://127.0.0.1:6274', 'https://console.example'])(
    'comes from the origin %s',
    async (origin) => {
      const client = newClient();
      const answer = await client.raw(HELLO, { origin });
      expect(answer.status).toBe(200);
      client.sessionId = String(answer.headers['mcp-session-id']);
      expect((await client.delete()).status).toBe(204);
    },
  );
});

/** Sends these bytes and no more; gives the answer, and a promise of the end of the connection. */
function exchange(bytes: string): Promise<{ readonly answer: string; readonly ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(bytes));
    const ended = new Promise<void>((end) => socket.once('close', () => end()));
    let text = '';
    socket.setTimeout(20_000, () => socket.destroy(new Error(`nothing more came; so far: ${text}`)));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.endsWith('}}')) resolve({ answer: text, ended });
    });
    socket.on('error', reject);
    kit.add({ stop: async () => void socket.destroy() });
  });
}

describe('a stranger', () => {
  it.each([
    ['without a token', ''],
    ['with a wrong token', 'Authorization: Bearer wrong-token-wrong-token\r\n'],
    ['with another scheme', 'Authorization: Basic YWxpY2U6c2VjcmV0\r\n'],
    ['with a token in the address only', ''],
  ])('%s gets 401 while most of the body is still to come: it is not waited for', async (_how, header) => {
    const head = `POST /mcp/recorder?token=${AGENT} HTTP/1.1\r\nHost: localhost\r\n${header}Content-Type: application/json\r\n`;
    const { answer } = await exchange(`${head}Content-Length: 3000000\r\n\r\n{"jsonrpc":"2.0",`);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.toLowerCase()).toContain('\r\nwww-authenticate: bearer\r\n');
    expect(answer).not.toContain(AGENT);
  });

  it('who never sends the rest of the body is not kept: the gateway hangs up', async () => {
    const head = 'POST /mcp/recorder HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const { answer, ended } = await exchange(`${head}Content-Length: 3000000\r\n\r\n{"jsonrpc":"2.0",`);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    await ended;
  });

  it('learns nothing of which servers there are', async () => {
    const answers = await Promise.all(
      ['recorder', 'no-such-server', 'a%2Fb'].map((server) => newClient(server, 'wrong-token-wrong-token').raw(HELLO)),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('may ask whether the gateway lives and is ready', async () => {
    expect((await fetch(`${gateway.base}/healthz`)).status).toBe(200);
    expect((await fetch(`${gateway.base}/readyz`)).status).toBe(200);
  });
});

describe('the address', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'gateway.example'])(
    '--host %s without TLS: refuses to start, and says what is needed',
    async (host) => {
      const config = join(folder, 'any.json');
      writeFileSync(config, JSON.stringify({ servers: { recorder: { command: ['true'] } } }));
      const ended = await toolgate([
        'serve',
        '--config',
        config,
        '--data',
        join(folder, 'any'),
        '--host',
        host,
        '--port',
        '0',
      ]);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/--host \S+ is not a loopback address.*--tls-cert.*--behind-proxy/);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    },
  );

  it('serves TLS with a certificate of its own', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=toolgate-test', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const made = spawnSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert]);
    expect(made.error, 'this test makes its certificate with openssl: install it').toBeUndefined();
    expect(made.status, String(made.stderr)).toBe(0);

    const config = join(folder, 'tls.json');
    writeFileSync(config, JSON.stringify({ servers: { recorder: { command: recordingCommand(record) } } }));
    const args = ['serve', '--config', config, '--data', join(folder, 'tls'), '--port', '0'];
    const child = kit.add(startChild(process.execPath, [MAIN, ...args, '--tls-cert', cert, '--tls-key', key]));
    await eventually('the gateway prints its address', () => child.stdout().includes('Ctrl-C'));
    const url = /https:\/\/127\.0\.0\.1:\d+/.exec(child.stdout())?.[0];
    const status = await new Promise((resolve, reject) => {
      httpsGet(`${url}/healthz`, { ca: readFileSync(cert) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
  });
});

describe('what the remote server gets to see', () => {
  it("is the headers of the configuration, and nothing of the client's", async () => {
    const client = await openClient('remote');
    const call = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hi' } } };
    const answer = await client.raw(JSON.stringify(call), {
      cookie: 'session=of-the-client',
      'proxy-authorization': 'Basic c2VjcmV0',
      'x-forwarded-for': '10.1.2.3',
      forwarded: 'for=10.1.2.3',
      'x-team': 'red',
      'x-of-the-client': 'yes',
      'mcp-method': 'tools/list',
    });
    expect(textOf(objAt(answer.messages[0], 'result'))).toBe('hi');
    expect(remote.requestHeaders.length).toBeGreaterThan(2);
    for (const headers of remote.requestHeaders) {
      expect(headers).toMatchObject({ authorization: 'Bearer the-token-for-upstream', 'x-team': 'blue' });
      const text = JSON.stringify(headers);
      for (const foreign of [
        AGENT,
        'of-the-client',
        '10.1.2.3',
        'c2VjcmV0',
        'x-of-the-client',
        String(client.sessionId),
      ]) {
        expect(text).not.toContain(foreign);
      }
    }
    expect(JSON.stringify(remote.received)).not.toContain(AGENT);
    expect(gateway.stderr()).not.toContain('the-token-for-upstream');
  });
});

describe('streams', () => {
  it('beside the requests: what the server says by itself comes there, and the stream ends with the session', async () => {
    const client = await openClient('remote');
    const stream = await client.stream();
    expect(stream.status).toBe(200);
    await eventually('the gateway listens to the remote', () =>
      [...remote.sessions.values()].every((one) => one.stream),
    );
    remote.push({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    await stream.next('the change', (message) => message['method'] === 'notifications/tools/list_changed');
    expect((await client.delete()).status).toBe(204);
    await stream.ended;
  });

  it('a stream needs its session, and a client that reads streams', async () => {
    const client = await openClient();
    expect((await client.raw('', { accept: 'application/json', 'content-type': '' }, { method: 'GET' })).status).toBe(
      406,
    );
    client.sessionId = undefined;
    expect((await client.stream()).status).toBe(404);
  });

  it('the answer to a POST is plain JSON, and an event stream once there is progress, under the token of the client', async () => {
    const client = await openClient();
    const call = (id: string, meta: Obj): Obj => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'slow', arguments: { ms: 40, steps: 2 }, ...meta },
    });
    const plain = await client.post(call('plain', {}));
    expect(plain.headers['content-type']).toBe('application/json');
    const streamed = await client.post(call('streamed', { _meta: { progressToken: 'tok-1' } }));
    expect(streamed.headers['content-type']).toBe('text/event-stream');
    expect(streamed.messages.map((message) => objAt(message, 'params')['progress'] ?? message['id'])).toEqual([
      1,
      2,
      'streamed',
    ]);
    expect(objAt(streamed.messages[0], 'params')['progressToken']).toBe('tok-1');
    const sent = arrived(record, 'tools/call').map(
      (message) => objAt(objAt(message, 'params'), '_meta')['progressToken'],
    );
    expect(sent).not.toContain('tok-1');
  });
});

describe('the end of a session', () => {
  it('DELETE ends it and its process', async () => {
    const before = processesWith(record).length;
    const client = await openClient();
    expect(processesWith(record)).toHaveLength(before + 1);
    expect((await client.delete()).status).toBe(204);
    expect(processesWith(record)).toHaveLength(before);
    expect((await client.notify('notifications/initialized')).status).toBe(404);
  });
});

describe('ids', () => {
  it('clients that use the same id at once get their own answers', async () => {
    const clients = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => openClient('remote', n % 2 === 0 ? AGENT : OTHER)));
    const answers = await Promise.all(
      clients.map((client, n) =>
        client.post({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'sum', arguments: { a: n, b: 100 } },
        }),
      ),
    );
    expect(answers.map(({ messages }) => textOf(objAt(messages[0], 'result')))).toEqual([
      '100',
      '101',
      '102',
      '103',
      '104',
      '105',
    ]);
  });

  it('one id used twice at once in one session is answered twice, each time rightly; 1 and "1" are two', async () => {
    const client = await openClient();
    const slow = (id: string | number, ms: number): ReturnType<HttpClient['post']> =>
      client.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'slow', arguments: { ms, steps: 1 } } });
    const answers = await Promise.all([slow(5, 150), slow(5, 20), slow(1, 90), slow('1', 40)]);
    expect(answers.map(({ messages }) => [messages[0]?.['id'], textOf(objAt(messages[0], 'result'))])).toEqual([
      [5, 'waited 150 ms'],
      [5, 'waited 20 ms'],
      [1, 'waited 90 ms'],
      ['1', 'waited 40 ms'],
    ]);
    const sent = arrived(record, 'tools/call').slice(-4);
    expect(new Set(sent.map((message) => message['id'])).size).toBe(4);
  });

  it("a cancellation reaches the server under the id that it knows; a stranger's with the same id does not", async () => {
    const calls = (): readonly Obj[] =>
      arrived(record, 'tools/call').filter((one) => objAt(one, 'params')['name'] === 'hang');
    const cancels = (): readonly unknown[] =>
      arrived(record, 'notifications/cancelled').map((one) => objAt(one, 'params')['requestId']);
    const client = await openClient();
    const stranger = await openClient('recorder', OTHER);
    const hang = (id: string): ReturnType<HttpClient['post']> =>
      client.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'hang', arguments: {} } });
    const first = hang('first');
    await eventually('the first call hangs', () => calls().length === 1);
    const second = hang('second');
    await eventually('the second call hangs', () => calls().length === 2);

    await stranger.notify('notifications/cancelled', { requestId: 'second', reason: 'mischief' });
    await client.notify('notifications/cancelled', { requestId: 'first', reason: 'enough' });
    expect((await first).status).toBe(202);
    await eventually('the server is told', () => cancels().length === 1);
    expect(cancels()).toEqual([calls()[0]?.['id']]);
    await client.notify('notifications/cancelled', { requestId: 'second' });
    expect((await second).status).toBe(202);
  });

  it('a client that vanishes in the middle of a call has not cancelled it: the call ends as it would have', async () => {
    const client = await openClient();
    const cancels = arrived(record, 'notifications/cancelled').length;
    const leave = new AbortController();
    const call = { jsonrpc: '2.0', id: 'left', method: 'tools/call', params: { name: 'slow', arguments: { ms: 150 } } };
    const left = client.raw(JSON.stringify(call), {}, { signal: leave.signal });
    await eventually('the call is under way', () =>
      JSON.stringify(arrived(record, 'tools/call').at(-1)).includes('"ms":150'),
    );
    leave.abort();
    await expect(left).rejects.toThrow();
    expect(textOf(objAt(await client.call('slow', { ms: 300 }), 'result'))).toBe('waited 300 ms');
    expect(arrived(record, 'notifications/cancelled')).toHaveLength(cancels);
    const listed = await toolgate(['audit', 'list', '--data', gateway.data, '--json']);
    expect(listed.stdout).toContain('"ms":150');
  });
});
