import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StreamableHTTPClientTransport as HttpTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as OldTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { startPrinting } from '../conformance/fixture.ts';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type Obj, readObj } from '../kit/json-rpc.ts';
import { type Started, started } from '../kit/started.ts';
import { EVERYTHING, TOOLGATE, tapped } from './servers.ts';

export type Way = 'HTTP' | 'stdio';
type Grant = 'alice' | 'bob';

/** Which way the client comes in, and which way the server is reached: all four. */
export const WAYS: readonly { readonly front: Way; readonly back: Way }[] = [
  { front: 'HTTP', back: 'HTTP' },
  { front: 'HTTP', back: 'stdio' },
  { front: 'stdio', back: 'HTTP' },
  { front: 'stdio', back: 'stdio' },
];

interface PlaceOptions {
  readonly front: Way;
  readonly back: Way;
  /** The command that serves this way, and keeps what reaches it in the file. Over HTTP it prints its address. */
  server(way: 'http' | 'stdio', record: string): readonly string[];
  readonly policy: Obj;
  /** More of the configuration, and of the server's own entry in it; for `serve` only. */
  readonly entry?: Obj;
}

/** One server behind `serve` or `wrap`, for clients of the official SDKs. */
export interface Place {
  readonly folder: string;
  /** Where the gateway's MCP address is; `serve` only. */
  readonly gateway: Gateway | undefined;
  /** `server`: another name under which the configuration has a server. */
  transport(grant?: Grant, server?: string): Transport;
  oldTransport(grant?: Grant): OldTransport;
  /** What reached the server, in its own record. */
  heard(): readonly Obj[];
  /** Writes another policy in place of the present one. */
  edit(policy: Obj): void;
  /** Writes another configuration; `serve` only. */
  configure(change: (config: Obj) => Obj): void;
  /** All that is in the log, newest first. */
  log(): Promise<readonly Obj[]>;
  /** Runs a command of `toolgate` on the data folder. */
  command(...args: readonly string[]): Promise<{ readonly code: number | string; readonly stdout: string }>;
  stop(): Promise<void>;
}

const SERVER = 'tested';

function tokenOf(grant: Grant): string {
  return `token-of-${grant}-with-enough-characters`;
}

export async function openPlace(options: PlaceOptions): Promise<Place> {
  const kit = started();
  try {
    return await startPlace(options, kit);
  } catch (fault) {
    await kit.endAll();
    throw fault;
  }
}

async function startPlace(options: PlaceOptions, kit: Started): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-place-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) });
  const policyFile = join(folder, 'policy.json');
  const data = join(folder, 'data');
  const record = join(folder, 'record.jsonl');
  const edit = (policy: Obj): void => writeFileSync(policyFile, JSON.stringify(policy));
  edit(options.policy);
  const commandFor = (way: 'http' | 'stdio'): readonly string[] => options.server(way, record);
  const remote = options.back === 'HTTP' ? kit.add(await startPrinting(commandFor('http'))) : undefined;

  const target = remote === undefined ? { command: commandFor('stdio') } : { url: remote.url };
  const grant = (name: Grant): Obj => ({ owner: name, servers: { [SERVER]: 'rules' }, token: tokenOf(name) });
  let config: Obj = {
    servers: { [SERVER]: { ...target, ...options.entry } },
    policies: { rules: 'policy.json' },
    grants: { alice: grant('alice'), bob: grant('bob') },
  };
  const gateway = options.front === 'HTTP' ? kit.add(await startGateway({ folder, config })) : undefined;

  const bearer = (name: Grant) => ({ requestInit: { headers: { Authorization: `Bearer ${tokenOf(name)}` } } });
  const [program = '', main = ''] = TOOLGATE;
  const wrapped = (name: Grant) => {
    const behind = remote === undefined ? ['--', ...commandFor('stdio')] : ['--url', remote.url];
    const given = ['--policy', policyFile, '--data', data, '--server', SERVER, '--grant', name];
    return { command: program, args: [main, 'wrap', ...given, ...behind], stderr: 'ignore' as const };
  };
  const url = (server = SERVER): URL => new URL(gateway?.url(server) ?? '');
  return {
    folder,
    gateway,
    transport: (name = 'alice', server) =>
      gateway === undefined ? new StdioTransport(wrapped(name)) : new HttpTransport(url(server), bearer(name)),
    oldTransport: (name = 'alice') =>
      (gateway === undefined
        ? new StdioClientTransport(wrapped(name))
        : // Not declared for exactOptionalPropertyTypes.
          new StreamableHTTPClientTransport(url(), bearer(name))) as OldTransport,
    heard: () => (existsSync(record) ? objectsIn(readFileSync(record, 'utf8')) : []),
    edit,
    configure(change) {
      config = change(config);
      writeFileSync(join(folder, 'toolgate.json'), JSON.stringify(config));
    },
    async log() {
      const { stdout } = await toolgate(['audit', 'list', '--data', data, '--all', '--jsonl', '--limit', '500']);
      return objectsIn(stdout);
    },
    command: (...args) => toolgate([...args, '--data', data]),
    stop: kit.endAll,
  };
}

function objectsIn(lines: string): readonly Obj[] {
  return lines.split('\n').flatMap((line) => {
    const found = readObj(line);
    return found === undefined ? [] : [found];
  });
}

/** A program of the tests that takes `http` or `stdio`, these arguments, and a file for its record. */
export function program(path: string, ...args: readonly string[]): PlaceOptions['server'] {
  const file = fileURLToPath(new URL(path, import.meta.url));
  return (way, record) => [process.execPath, file, way, ...args, record];
}

/** server-everything; what reaches it is kept over stdio only. */
export const everything: PlaceOptions['server'] = (way, record) => {
  if (way === 'stdio') return tapped(record, EVERYTHING);
  const [node = '', file = ''] = EVERYTHING;
  const onLoopback = fileURLToPath(new URL('../conformance/loopback-only.ts', import.meta.url));
  return [node, '--import', onLoopback, file, 'streamableHttp'];
};
