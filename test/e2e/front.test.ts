import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../kit/certificate.ts';
import { startChild } from '../kit/child.ts';
import { type Gateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { objAt } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { startFront } from './front-config.ts';
import { AGENT, eventually, linesIn, processesWith, recordingCommand } from './rig.ts';

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

beforeAll(async () => {
  ({ gateway } = await startFront(kit, record));
});

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

function newClient(server = 'recorder', token: string = AGENT): HttpClient {
  return kit.add(httpClient(gateway.url(server), token));
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
    const own = selfSigned(Date.now());
    writeFileSync(cert, own.cert);
    writeFileSync(key, own.key, { mode: 0o600 });

    const config = join(folder, 'tls.json');
    writeFileSync(config, JSON.stringify({ servers: { recorder: { command: recordingCommand(record) } } }));
    const args = ['serve', '--config', config, '--data', join(folder, 'tls'), '--port', '0'];
    const child = kit.add(startChild(process.execPath, [MAIN, ...args, '--tls-cert', cert, '--tls-key', key]));
    await eventually('the gateway prints its address', () => child.stdout().includes('Ctrl-C'));
    const url = /https:\/\/127\.0\.0\.1:\d+/.exec(child.stdout())?.[0];
    const status = await new Promise((resolve, reject) => {
      httpsGet(`${url}/healthz`, { ca: own.cert }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
  });
});
