import { setTimeout as pause } from 'node:timers/promises';
import { Client as NextClient, StreamableHTTPClientTransport as NextHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as NextStdio } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export type ModernClient = NextClient;

type Env = Readonly<Record<string, string>>;

/** The SDKs' transports are not declared for exactOptionalPropertyTypes. */
type Carrier = Parameters<Client['connect']>[0];

const WHO = { name: 'e2e', version: '1.0.0' };
/** Everything that a client can offer to a server. */
const CAPABILITIES = { sampling: {}, elicitation: {}, roots: { listChanged: true } };

function newClient(prepare: (client: Client) => void): Client {
  const client = new Client(WHO, { capabilities: CAPABILITIES });
  prepare(client);
  return client;
}

function bearer(token: string): { requestInit: { headers: Record<string, string> } } {
  return { requestInit: { headers: { Authorization: `Bearer ${token}` } } };
}

export async function connectHttp(url: string, token: string, prepare: (client: Client) => void): Promise<Client> {
  const client = newClient(prepare);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), bearer(token)) as Carrier);
  return client;
}

interface StdioConnected {
  readonly client: Client;
  /** Kills the program at the other end. */
  kill9(): Promise<void>;
}

export async function connectStdio(
  command: string,
  args: string[],
  env: Env,
  prepare: (client: Client) => void,
): Promise<StdioConnected> {
  const client = newClient(prepare);
  const transport = new StdioClientTransport({ command, args, env: { ...env }, stderr: 'ignore' });
  await client.connect(transport as Carrier);
  return {
    client,
    async kill9() {
      const { pid } = transport;
      if (pid === null) return;
      const closed = new Promise<void>((resolve) => {
        client.onclose = resolve;
      });
      process.kill(pid, 'SIGKILL');
      await Promise.race([closed, pause(10_000)]);
    },
  };
}

const negotiation = { capabilities: {}, versionNegotiation: { mode: 'auto' } } as const;

export async function connectModernHttp(url: string, token: string): Promise<ModernClient> {
  const client = new NextClient(WHO, negotiation);
  await client.connect(new NextHttp(new URL(url), bearer(token)));
  return client;
}

export async function connectModernStdio(command: string, args: string[], env: Env): Promise<ModernClient> {
  const client = new NextClient(WHO, negotiation);
  await client.connect(new NextStdio({ command, args, env: { ...env }, stderr: 'ignore' }));
  return client;
}
