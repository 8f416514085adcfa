// The client under test: `node client-driver.ts direct|http|stdio URL`, as the suite starts it; the URL is that of the suite's own server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { TOOLGATE } from '../e2e/servers.ts';
import { startGateway } from '../kit/gateway.ts';
import { isObj, type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { OPEN, openConfig, TOKEN } from './behind-gateway.ts';

const [front = 'direct', url = ''] = process.argv.slice(2);
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const era = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] === '2026-07-28' ? 'auto' : 'legacy';
const context = readObj(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') ?? {};
const kit = started();

/** The way to the server: straight, or through the gateway. */
async function way(): Promise<Transport> {
  if (front === 'direct') return new StreamableHTTPClientTransport(new URL(url));
  if (front === 'stdio') {
    const folder = mkdtempSync(join(tmpdir(), 'toolgate-conformance-'));
    kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) });
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, JSON.stringify(OPEN));
    const [command = '', ...main] = TOOLGATE;
    const args = [...main, 'wrap', '--policy', policy, '--data', join(folder, 'data'), '--url', url];
    return new StdioClientTransport({ command, args, stderr: 'inherit' });
  }
  const gateway = kit.add(await startGateway({ config: openConfig({ url }) }));
  const headers = { Authorization: `Bearer ${TOKEN}` };
  return new StreamableHTTPClientTransport(new URL(gateway.url('tested')), { requestInit: { headers } });
}

function newClient(): Client {
  const client = new Client(
    { name: 'conformance-client', version: '1.0.0' },
    {
      capabilities: { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: era },
    },
  );
  const content: Record<string, string | boolean> = scenario.endsWith('defaults')
    ? {}
    : { ok: true, confirmed: true, name: 'x' };
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content }));
  client.setRequestHandler('sampling/createMessage', async () => ({
    role: 'assistant',
    model: 'none',
    content: { type: 'text', text: 'x' },
  }));
  client.setRequestHandler('roots/list', async () => ({ roots: [] }));
  return client;
}

type Tool = Awaited<ReturnType<Client['listTools']>>['tools'][number];

/** The calls that the scenario wants to see. */
function callsFor(tools: readonly Tool[]): readonly (readonly [string, Obj])[] {
  switch (scenario) {
    case 'tools_call':
      return [['add_numbers', { a: 5, b: 3 }]];
    case 'json-schema-ref-no-deref':
      return [];
    case 'http-custom-headers': {
      const calls = Array.isArray(context['toolCalls']) ? context['toolCalls'].filter(isObj) : [];
      return calls.map((call) => [String(call['name']), objAt(call, 'arguments')]);
    }
    case 'http-invalid-tool-headers':
      return tools.map(({ name }) => [name, { region: 'x', value: 'x', header: 'x' }]);
    case 'json-schema-2020-12-preservation': {
      // One tool has the schema, the other takes it back, as the client has it.
      const schema = tools.find(({ inputSchema }) => '$defs' in inputSchema)?.inputSchema;
      return tools.filter(({ inputSchema }) => inputSchema !== schema).map(({ name }) => [name, { schema }]);
    }
    default:
      return tools.map(({ name }) => [name, {}]);
  }
}

const told = (what: string) => (fault: Error) => console.error(`${what}: ${fault.message}`);

async function play(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  for (const [name, args] of callsFor(tools)) {
    await client.callTool({ name, arguments: args }).catch(told(name));
  }
  if (scenario !== 'http-standard-headers') return;
  for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri }).catch(told(uri));
  for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name }).catch(told(name));
}

const client = newClient();
try {
  await client.connect(await way());
  await play(client);
  // What the suite wants to see of a client that comes back is told a moment later.
  if (scenario === 'sse-retry') await sleep(3000);
  await client.close();
} finally {
  await kit.endAll();
}
process.exit();
