import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPrinting } from '../conformance/fixture.ts';
import { toolgate, wrap } from '../kit/gateway.ts';
import { type Obj, objAt, readObj, textOf } from '../kit/json-rpc.ts';
import type { LineClient } from '../kit/line-client.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { until } from './alive.ts';
import { connectStdio } from './sdk.ts';
import { TOOLGATE } from './servers.ts';

const TOKEN = 'remote-token-0123456789';

interface Ground {
  readonly folder: string;
  readonly data: string;
  readonly policy: string;
}

function ground(rules: Obj): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-wrap-url-'));
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(rules));
  return { folder, policy, data: join(folder, 'data') };
}

function clear({ folder }: Ground): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

describe('a wrap of a remote server', () => {
  const kit = started();
  let place: Ground;
  let server: Awaited<ReturnType<typeof startRecordingServer>>;
  beforeEach(async () => {
    place = ground({ version: '1', default: 'deny', tools: { echo: {}, die: {}, ask: {} } });
    server = await startRecordingServer();
    kit.add({ stop: async () => clear(place) });
    kit.add(server);
  });
  afterEach(() => kit.endAll());

  function start(url: string, ...options: string[]): LineClient {
    const args = ['--policy', place.policy, '--data', place.data, '--url', url, ...options];
    return kit.add(wrap(args, { env: { REMOTE_TOKEN: TOKEN } }));
  }

  async function wrapped(...options: string[]): Promise<LineClient> {
    const client = start(server.url, ...options);
    await client.initialize();
    return client;
  }

  function heard(method: string): readonly Obj[] {
    return server.received.flatMap((body) => {
      const message = readObj(body);
      return message?.['method'] === method ? [message] : [];
    });
  }

  test('what the policy allows is answered, what it refuses does not leave the machine', async () => {
    const client = await wrapped();
    const { tools } = objAt(await client.request('tools/list'), 'result');
    expect((tools as Obj[]).map(({ name }) => name)).toEqual(['echo', 'die', 'ask']);
    expect(textOf((await client.call('echo', { text: 'hello' }))['result'])).toBe('hello');
    expect(textOf((await client.call('sum', { a: 1, b: 2 }))['result'])).toMatch(/^\[POLICY DENIED\] /);
    expect(textOf((await client.call('echo', { text: 'again' }))['result'])).toBe('again');
    expect(heard('tools/call').map((message) => objAt(message, 'params')['name'])).toEqual(['echo', 'echo']);
    const { stdout } = await toolgate(['audit', 'list', '--data', place.data, '--jsonl']);
    const servers = stdout.split('\n').map((line) => readObj(line)?.['server']);
    expect(new Set(servers.filter((name) => name !== undefined))).toEqual(new Set([new URL(server.url).host]));
  });

  test('headers arrive with every request, their variables replaced, and the secret is told to nobody else', async () => {
    const client = await wrapped('--header', `Authorization: Bearer \${REMOTE_TOKEN}`, '--header', 'X-Team: blue');
    await client.call('echo', { text: 'hello' });
    expect(server.requestHeaders.length).toBeGreaterThanOrEqual(3);
    for (const headers of server.requestHeaders) {
      expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-team': 'blue' });
    }
    await client.stop();
    const { stdout } = await toolgate(['audit', 'list', '--data', place.data, '--jsonl', '--all']);
    expect(client.stderr() + stdout).not.toContain(TOKEN);
    expect(client.stderr()).not.toContain('warning');
  });

  test('a secret that stands on the command line is warned of, and works', async () => {
    const client = await wrapped('--header', `Authorization: Bearer ${TOKEN}`);
    expect(textOf((await client.call('echo', { text: 'hello' }))['result'])).toBe('hello');
    expect(client.stderr()).toMatch(
      /^toolgate wrap: warning: the value of --header Authorization stands on the command line/m,
    );
    expect(client.stderr()).not.toContain(TOKEN);
  });

  test('what the server asks of the client is judged, and travels when it may', async () => {
    const sampling = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };
    const asked: unknown[] = [];
    const answering = (client: LineClient): void =>
      client.answering('sampling/createMessage', (params) => {
        asked.push(params);
        return { model: 'm', role: 'assistant', content: { type: 'text', text: 'four' } };
      });
    const careful = start(server.url);
    answering(careful);
    await careful.initialize({ sampling: {} });
    expect(textOf((await careful.call('ask', sampling))['result'])).toContain('[POLICY DENIED]');
    expect(asked).toEqual([]);

    writeFileSync(place.policy, JSON.stringify({ version: '1', default: 'allow' }));
    const open = start(server.url);
    answering(open);
    await open.initialize({ sampling: {} });
    expect(textOf((await open.call('ask', sampling))['result'])).toContain('four');
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['the client closes its side', (client: LineClient) => client.stop()],
    ['SIGTERM', async (client: LineClient) => void process.kill(client.pid, 'SIGTERM')],
  ])('the session at the server ends with the wrap: %s', async (_how, end) => {
    const client = await wrapped();
    expect(server.sessions.size).toBe(1);
    await end(client);
    expect(await client.exited).toBe(0);
    await until('the end of the session', () => server.sessions.size === 0);
  });

  test('a server that breaks off a call: the caller is told that it may have taken effect, and the next call passes', async () => {
    const client = await wrapped();
    const answer = await client.call('die');
    expect(objAt(answer, 'error')['message']).toMatch(/may have taken effect/);
    expect(heard('tools/call')).toHaveLength(1);
    expect(textOf((await client.call('echo', { text: 'still here' }))['result'])).toBe('still here');
  });

  test('a server that has forgotten the session: the caller is told, nothing is sent twice, and the wrap ends', async () => {
    const client = await wrapped();
    expect(textOf((await client.call('echo', { text: 'before' }))['result'])).toBe('before');
    server.sessions.clear();
    const answer = await client.call('echo', { text: 'hello' });
    expect(objAt(answer, 'error')['message']).toMatch(/session/);
    expect(heard('tools/call')).toHaveLength(2);
    expect(await client.exited).toBe(1);
    expect(client.stderr()).toMatch(/^toolgate: .*session/m);
  });

  test('a server that is down: the client is told where, and the wrap ends', async () => {
    await server.close();
    const client = start(server.url);
    const answer = await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    expect(objAt(answer, 'error')['message']).toMatch(/refused|ECONNREFUSED/i);
    expect(await client.exited).toBe(1);
    expect(client.stderr()).toMatch(/^toolgate: .*could not be initialized: .*check its "url" and whether/m);
  });

  test.each([
    ['a broken policy', 1, (): string[] => ['--policy', place.policy, '--url', server.url], /policy\.json:1:\d+ /],
    ['no policy', 2, (): string[] => ['--url', server.url], /--policy FILE is missing/],
    ['a command as well', 2, (): string[] => ['--policy', place.policy, '--url', server.url, '--', 'node'], /not both/],
    [
      'a variable that is not set',
      2,
      (): string[] => ['--policy', place.policy, '--url', server.url, '--header', `A: \${NO_SUCH}`],
      /--header A: the environment variable NO_SUCH is not set/,
    ],
  ])('reaches no server: %s', async (_what, code, args, told) => {
    writeFileSync(place.policy, '{"version":"1","default":"maybe"}');
    const ran = await toolgate(['wrap', '--data', place.data, ...args()]);
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(told) });
    expect(server.received).toEqual([]);
  });
});

describe('server-everything over Streamable HTTP, wrapped for a client of the SDK', () => {
  const kit = started();
  let client: Client;
  beforeAll(async () => {
    const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    const everything = at('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js');
    const loopbackOnly = at('../conformance/loopback-only.ts');
    const remote = kit.add(
      await startPrinting([process.execPath, '--import', loopbackOnly, everything, 'streamableHttp']),
    );
    const place = ground({ version: '1', default: 'allow', hide: ['get-env'] });
    kit.add({ stop: async () => clear(place) });
    const [program = '', main = ''] = TOOLGATE;
    const args = [main, 'wrap', '--policy', place.policy, '--data', place.data, '--url', remote.url];
    const connected = await connectStdio(program, args, {}, (fresh) => {
      fresh.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
        model: 'a-model',
        role: 'assistant',
        content: { type: 'text', text: `four, to: ${JSON.stringify(params.messages)}` },
      }));
      fresh.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
      fresh.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///garden', name: 'Garden' }] }));
    });
    client = connected.client;
    kit.add({ stop: () => client.close() });
  });
  afterAll(() => kit.endAll());

  test('calls pass, and what is hidden is not there', async () => {
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain('get-sum');
    expect(names).not.toContain('get-env');
    expect(await client.callTool({ name: 'echo', arguments: { message: 'hello' } })).toEqual({
      content: [{ type: 'text', text: 'Echo: hello' }],
    });
    await expect(client.callTool({ name: 'get-env', arguments: {} })).rejects.toThrow('Unknown tool: get-env');
  });

  test('progress, resources and prompts pass', async () => {
    const seen: unknown[] = [];
    const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.6, steps: 3 } };
    await client.callTool(long, undefined, { onprogress: ({ progress, total }) => seen.push([progress, total]) });
    expect(seen[0]).toEqual([1, 3]);
    const { resources } = await client.listResources();
    const uri = resources.find((one) => one.uri.endsWith('features.md'))?.uri ?? '';
    expect(JSON.stringify(await client.readResource({ uri }))).toContain('Everything Server');
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('simple-prompt');
  });

  test('the server asks the client, and gets the answers', async () => {
    const sampling = { name: 'trigger-sampling-request', arguments: { prompt: 'two and two?' } };
    expect(textOf(await client.callTool(sampling))).toMatch(/four, to: .*two and two\?/);
    expect(textOf(await client.callTool({ name: 'trigger-elicitation-request', arguments: {} }))).toContain(
      'Name: Ada',
    );
    expect(textOf(await client.callTool({ name: 'get-roots-list', arguments: {} }))).toContain('file:///garden');
  });
});
