import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema, LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, test } from 'vitest';
import { httpClient } from './http-client.ts';
import { objAt, textOf } from './json-rpc.ts';
import { lineClient } from './line-client.ts';
import { startRecordingServer } from './recording-http-server.ts';
import { started } from './started.ts';

const kit = started();
afterEach(() => kit.endAll());

const program = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'toolgate-kit-'));
  kit.add({ stop: () => rm(path, { recursive: true }) });
  return path;
}

async function sdkClient(transport: StdioClientTransport | StreamableHTTPClientTransport): Promise<Client> {
  const client = new Client({ name: 'kit', version: '1.0.0' }, { capabilities: { sampling: {} } });
  // The SDK's transports are not declared for exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  kit.add({ stop: () => client.close() });
  return client;
}

function sdkOver(file: string, ...args: string[]): Promise<Client> {
  return sdkClient(new StdioClientTransport({ command: process.execPath, args: [program(file), ...args] }));
}

const recorded = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('the Mitmproxy stand-in lists 25 tools, shows what reached it, and fails in success', async () => {
  const record = join(await folder(), 'calls.jsonl');
  const client = await sdkOver('mitmproxy-stand-in.ts', '--record', record);
  const { tools } = await client.listTools();
  expect(tools).toHaveLength(25);

  const replayed = await client.callTool({ name: 'replay_flow', arguments: { flow_id: 'flow-1' } });
  expect(textOf(replayed)).toContain('200');
  const unknown = await client.callTool({ name: 'replay_flow', arguments: { flow_id: 'no such' } });
  expect([textOf(unknown), unknown['isError']]).toEqual(['Flow not found', undefined]);
  const all = textOf(await client.callTool({ name: 'list_tools' }));
  for (const tool of tools) expect(all).toContain(tool.name);
  expect(
    (await client.callTool({ name: 'replay_flow', arguments: { flow_id: 'flow-1', body: null } }))['isError'],
  ).toBe(true);
  expect(recorded(record)[0]).toEqual({ tool: 'replay_flow', arguments: { flow_id: 'flow-1' } });
});

test('the Flowforge stand-in lists 49 tools; replay makes a run, retry keeps it', async () => {
  const client = await sdkOver('flowforge-stand-in.ts');
  expect((await client.listTools()).tools).toHaveLength(49);
  const call = async (name: string): Promise<unknown> =>
    JSON.parse(textOf(await client.callTool({ name, arguments: { run_id: 'run-1' } })));
  expect(await call('flowforge_replay_run')).toMatchObject({
    request: 'POST /api/v1/runs/run-1/replay',
    run_id: 'run-3',
  });
  expect(await call('flowforge_retry_run')).toMatchObject({
    request: 'POST /api/v1/runs/run-1/retry',
    run_id: 'run-1',
  });
});

test.each([
  ['flowforge_delete_task', { task_id: '../credentials/prod_key' }, 'DELETE /api/v1/credentials/prod_key'],
  ['flowforge_get_run', { run_id: '../../../docs' }, 'GET /docs'],
  ['flowforge_delete_credential', { name: '../tasks/1' }, 'DELETE /api/v1/credentials/..%2Ftasks%2F1'],
  ['flowforge_mark_notifications_read', {}, 'POST /api/v1/notifications/read-all'],
])('the Flowforge stand-in keeps the original path building: %s', async (name, args, request) => {
  const record = join(await folder(), 'calls.jsonl');
  const client = await sdkOver('flowforge-stand-in.ts', '--record', record);
  await client.callTool({ name, arguments: args });
  expect(recorded(record)).toEqual([{ tool: name, arguments: args, request }]);
});

test('an id that names another verb makes the Flowforge stand-in do the other thing', async () => {
  const client = await sdkOver('flowforge-stand-in.ts');
  const cancelled = await client.callTool({ name: 'flowforge_cancel_run', arguments: { run_id: 'run-1/replay?x=' } });
  expect(JSON.parse(textOf(cancelled))).toMatchObject({ run_id: 'run-3' });
});

test('the recording tools serve the SDK client over stdio and keep every byte that came', async () => {
  const record = join(await folder(), 'lines');
  await behaves(await sdkOver('recording-server.ts', '--record', record));
  expect(readFileSync(record, 'utf8')).toContain('"method":"initialize"');
});

test('the recording tools serve the SDK client over HTTP and keep every body that came', async () => {
  const server = kit.add(await startRecordingServer());
  await behaves(await sdkClient(new StreamableHTTPClientTransport(new URL(server.url))));
  expect(server.received[0]).toContain('"method":"initialize"');
  expect(server.requestHeaders).toHaveLength(server.received.length);
});

async function behaves(client: Client): Promise<void> {
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'm',
    role: 'assistant',
    content: { type: 'text', text: 'four' },
  }));
  const logged: unknown[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, (message) => void logged.push(message.params.data));
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<string> =>
    textOf(await client.callTool({ name, arguments: args }));

  expect(await call('sum', { a: 2, b: 3 })).toBe('5');
  expect(await call('ask')).toContain('four');
  expect(await call('log', { count: 2 })).toBe('logged');
  expect(logged).toEqual(['line 1', 'line 2']);
  expect(await call('foreign')).toBe('my own answer');
  expect(await call('huge', { bytes: 100_000 })).toHaveLength(100_000);
  const steps: number[] = [];
  await client.callTool({ name: 'slow', arguments: { ms: 20, steps: 2 } }, undefined, {
    onprogress: ({ progress }) => steps.push(progress),
  });
  expect(steps).toEqual([1, 2]);
}

test('the line client sees what the SDK hides: garbage, second answers, sudden death', async () => {
  const client = kit.add(lineClient(process.execPath, [program('recording-server.ts')]));
  expect(objAt(await client.initialize(), 'result')['protocolVersion']).toBe('2025-11-25');
  expect(textOf((await client.call('garbage', { text: 'not json' }))['result'])).toBe('after the garbage');
  expect(client.noise).toEqual(['not json']);
  expect(textOf((await client.call('twice'))['result'])).toBe('first');
  expect(textOf((await client.next('the second answer', (message) => 'result' in message))['result'])).toBe('second');
  client.answering('sampling/createMessage', () => ({ content: 'hello' }));
  expect(textOf((await client.call('ask'))['result'])).toContain('hello');
  await expect(client.call('die')).rejects.toThrow('the program ended (7)');
});

test('a server that hangs records and says nothing', async () => {
  const record = join(await folder(), 'lines');
  const client = kit.add(lineClient(process.execPath, [program('recording-server.ts'), '--hang', '--record', record]));
  client.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
  await client.stop();
  expect(client.messages).toEqual([]);
  expect(readFileSync(record, 'utf8')).toBe('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n');
});

test('the HTTP client speaks sessions, streams and hostile bytes', async () => {
  const server = kit.add(await startRecordingServer());
  const client = kit.add(httpClient(server.url, 'a-token-of-twenty-characters'));
  expect((await client.raw('{"jsonrpc"', { 'mcp-session-id': '' })).status).toBe(400);
  await client.initialize();
  expect(server.requestHeaders.at(-1)).toMatchObject({ authorization: 'Bearer a-token-of-twenty-characters' });
  client.answering('elicitation/create', () => ({ action: 'decline' }));
  expect(textOf((await client.call('ask', { method: 'elicitation/create' }))['result'])).toContain('decline');
  await expect(client.call('die')).rejects.toThrow();

  const stream = await client.stream();
  server.push({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  await stream.next('the change', (message) => message['method'] === 'notifications/tools/list_changed');
  expect((await client.delete()).status).toBe(200);
  await stream.ended;
  expect((await client.post({ jsonrpc: '2.0', id: 9, method: 'ping' })).status).toBe(404);
});
