import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client as NextClient,
  StreamableHTTPClientTransport as NextHttp,
  type Transport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as NextStdio } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as OldTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type Gateway, startGateway, toolgate, wrap } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, readObj, textOf } from '../kit/json-rpc.ts';
import type { LineClient } from '../kit/line-client.ts';
import { type ModernHttpClient, modernClient } from '../kit/modern-client.ts';
import { startModernRecorder } from '../kit/modern-recorder.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { type Started, started } from '../kit/started.ts';
import { type ApiPerson, apiPerson } from './approval-person.ts';
import { arrived, eventually, recordingCommand } from './rig.ts';
import { TOOLGATE } from './servers.ts';

export const ALICE = 'token-of-alice-with-enough-characters';
export const BOB = 'token-of-bob-with-enough-characters';
const PEOPLE = {
  ann: { roles: ['approver', 'editor'], token: 'token-of-ann-with-enough-characters' },
  ben: { roles: ['approver'], token: 'token-of-ben-with-enough-characters' },
};

/** Where people would open the page; nothing is there, tests answer what the page is about. */
const PAGE_URL = 'https://gateway.example';
export const REQUIRE: Obj = { action: 'require_approval' };
/** A person is asked about everything. */
export const ASKS: Obj = {
  version: '1',
  default: 'deny',
  requests: { elicitation: 'allow' },
  tools: { '*': REQUIRE },
};

interface SiteOptions {
  /** Policies by name; `asks` is there always. */
  readonly policies?: Readonly<Record<string, Obj>>;
  /** More servers; a text stands for another entry of `old` or `new`. */
  readonly servers?: Readonly<Record<string, Obj | 'old' | 'new'>>;
  /** Which policy a server has, where it is not `asks`. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly approvals?: Obj;
  readonly more?: Obj;
}

interface Wrapping {
  readonly policy?: Obj;
  readonly approvals?: Obj;
  /** The server of the modern era, by its address; else one over stdio. */
  readonly isModern?: boolean;
  /** The server's name; a name of its own where it is not given. */
  readonly server?: string;
}

/** A gateway whose policy asks people, in front of servers in this process which keep what reaches them. */
export interface ApprovalSite {
  readonly folder: string;
  /** The one that runs now. */
  gateway(): Gateway;
  readonly ann: ApiPerson;
  readonly ben: ApiPerson;
  /** Raw clients; of the legacy era after its handshake. `server` may be `hub`: all of them, at `/mcp`. */
  legacy(server?: string, token?: string): Promise<HttpClient>;
  modern(server?: string, capabilities?: Obj, token?: string): ModernHttpClient;
  /** Transports of the SDKs. */
  oldTransport(server?: string, token?: string): OldTransport;
  transport(server?: string, token?: string): Transport;
  /** `wrap` on the same data folder, so that whoever answers for the gateway answers for it. */
  oldWrap(wrapping?: Wrapping): OldTransport;
  wrap(wrapping?: Wrapping): Transport;
  /** A raw client of the same. */
  lineWrap(wrapping?: Wrapping): LineClient;
  /** Arguments of the calls with this word in them that reached any of the servers, and their headers over HTTP of the modern era. */
  sent(word: string): readonly Obj[];
  headersOf(word: string): readonly Obj[];
  configure(change: (config: Obj) => Obj): Promise<void>;
  /** Writes a policy, and waits until it is in force. */
  edit(policy: string, document: Obj): Promise<void>;
  /** Ends the gateway in order, or without a word, and starts it again on the same folder. */
  restart(): Promise<void>;
  crash(meanwhile?: () => Promise<void>): Promise<void>;
  /** One more gateway on the same data folder. */
  second(): Promise<Gateway>;
  /** All events and calls of the log, newest first. */
  log(): Promise<readonly Obj[]>;
  command(...args: readonly string[]): ReturnType<typeof toolgate>;
  readonly kit: Started;
  stop(): Promise<void>;
}

export async function openSite(options: SiteOptions = {}): Promise<ApprovalSite> {
  const kit = started();
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-approvals-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) });
  try {
    return await startSite(options, kit, folder);
  } catch (fault) {
    await kit.endAll();
    throw fault;
  }
}

async function startSite(options: SiteOptions, kit: Started, folder: string): Promise<ApprovalSite> {
  const [old, next] = [kit.add(await startRecordingServer()), kit.add(await startModernRecorder())];
  const record = join(folder, 'wrapped.jsonl');
  const data = join(folder, 'data');
  const targets = { old: { url: old.url }, new: { url: next.url } };
  const more = Object.entries(options.servers ?? {}).map(([name, entry]) => [
    name,
    typeof entry === 'string' ? targets[entry] : entry,
  ]);
  const servers: Obj = { ...targets, ...Object.fromEntries(more) };
  const policies: Readonly<Record<string, Obj>> = { asks: ASKS, ...options.policies };
  const reach = Object.fromEntries(Object.keys(servers).map((name) => [name, options.rules?.[name] ?? 'asks']));
  for (const [name, document] of Object.entries(policies)) put(join(folder, `${name}.json`), document);
  const asking = { url: PAGE_URL, open: 500, open_per_tool: 500, ...options.approvals };
  let config: Obj = {
    servers,
    policies: Object.fromEntries(Object.keys(policies).map((name) => [name, `${name}.json`])),
    grants: {
      alice: { owner: 'alice', servers: reach, token: ALICE },
      // Who may answer themselves.
      bob: { owner: 'ben', servers: reach, token: BOB },
    },
    people: PEOPLE,
    approvals: asking,
    ...options.more,
  };
  let gateway = await startGateway({ folder, config });
  kit.add({ stop: () => gateway.stop() });
  const begin = async (): Promise<void> => {
    gateway = await startGateway({ folder });
  };
  const urlOf = (server: string): string => (server === 'hub' ? `${gateway.base}/mcp` : gateway.url(server));
  const bearer = (token: string) => ({ requestInit: { headers: { Authorization: `Bearer ${token}` } } });

  let wraps = 0;
  function wrapping({ policy = ASKS, approvals = {}, isModern = false, server }: Wrapping = {}) {
    wraps += 1;
    const [policyFile, configFile] = [join(folder, `wrap-${wraps}-policy.json`), join(folder, `wrap-${wraps}.json`)];
    put(policyFile, policy);
    put(configFile, { servers: {}, people: PEOPLE, approvals: { open: 500, open_per_tool: 500, ...approvals } });
    const [command = '', main = ''] = TOOLGATE;
    const behind = isModern ? ['--url', next.url] : ['--', ...recordingCommand(record)];
    const given = [
      '--policy',
      policyFile,
      '--config',
      configFile,
      '--data',
      data,
      '--server',
      server ?? `wrapped-${wraps}`,
    ];
    return { command, args: [main, 'wrap', ...given, ...behind], stderr: 'ignore' as const };
  }

  const heardOfOld = (): readonly Obj[] => present(old.received.map(readObj));
  const calls = (): readonly Obj[] =>
    [...heardOfOld(), ...next.heard.map(({ message }) => message), ...arrived(record, 'tools/call')].filter(
      ({ method }) => method === 'tools/call',
    );
  const takenUp = (): number => gateway.stderr().split('took up').length;
  const inForce = async (write: () => void): Promise<void> => {
    const before = takenUp();
    write();
    await eventually('the change is in force', () => takenUp() > before);
  };

  return {
    folder,
    gateway: () => gateway,
    ann: apiPerson(() => gateway.base, PEOPLE.ann.token),
    ben: apiPerson(() => gateway.base, PEOPLE.ben.token),
    async legacy(server = 'old', token = ALICE) {
      const client = kit.add(httpClient(urlOf(server), token));
      await client.initialize();
      return client;
    },
    modern: (server = 'new', capabilities = {}, token = ALICE) =>
      kit.add(modernClient(urlOf(server), token, capabilities)),
    oldTransport: (server = 'old', token = ALICE) =>
      // Not declared for exactOptionalPropertyTypes.
      new StreamableHTTPClientTransport(new URL(urlOf(server)), bearer(token)) as OldTransport,
    transport: (server = 'new', token = ALICE) => new NextHttp(new URL(urlOf(server)), bearer(token)),
    oldWrap: (given) => new StdioClientTransport(wrapping(given)) as OldTransport,
    lineWrap(given) {
      const [, , ...args] = wrapping(given).args;
      return kit.add(wrap(args));
    },
    wrap: (given) => new NextStdio(wrapping({ isModern: true, ...given })),
    sent: (word) =>
      calls()
        .map(({ params }) => objAt({ params }, 'params'))
        .filter((params) => JSON.stringify(params['arguments'] ?? {}).includes(word))
        .map((params) => objAt(params, 'arguments')),
    headersOf: (word) =>
      next.heard
        .filter(({ message }) => message['method'] === 'tools/call' && JSON.stringify(message).includes(word))
        .map(({ headers }) => ({ ...headers })),
    configure(change) {
      config = change(config);
      return inForce(() => put(join(folder, 'toolgate.json'), config));
    },
    edit: (policy, document) => inForce(() => put(join(folder, `${policy}.json`), document)),
    async restart() {
      await gateway.stop();
      await begin();
    },
    async crash(meanwhile = async () => {}) {
      await gateway.kill9();
      await meanwhile();
      await begin();
    },
    second: async () => kit.add(await startGateway({ folder })),
    async log() {
      const { stdout } = await toolgate(['audit', 'list', '--data', data, '--all', '--jsonl', '--limit', '500']);
      return present(stdout.split('\n').map(readObj));
    },
    command: (...args) => toolgate([...args, '--data', data]),
    kit,
    stop: kit.endAll,
  };
}

function present(found: readonly (Obj | undefined)[]): readonly Obj[] {
  return found.filter((one) => one !== undefined);
}

/** Whole or not at all, as editors write: a half-written file is not what these stories are about. */
function put(file: string, content: Obj): void {
  writeFileSync(`${file}.next`, JSON.stringify(content));
  renameSync(`${file}.next`, file);
}

const WHO = { name: 'approvals', version: '1.0.0' };

/** A client of the SDK for the legacy era. `revision`: the one it asks for, where not its newest. */
export async function connectOld(
  kit: Started,
  transport: OldTransport,
  capabilities: Obj = {},
  prepare: (client: Client) => void = () => {},
  revision?: string,
): Promise<Client> {
  const client = new Client(WHO, { capabilities });
  prepare(client);
  if (revision !== undefined) {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      const isHello = 'method' in message && message.method === 'initialize';
      const params = { ...(isHello ? message.params : {}), protocolVersion: revision };
      return send(isHello ? { ...message, params } : message, options);
    };
  }
  await client.connect(transport);
  kit.add({ stop: () => client.close() });
  return client;
}

/** A client of the SDK for 2026-07-28. */
export async function connectNext(
  kit: Started,
  transport: Transport,
  capabilities: Obj = {},
  prepare: (client: NextClient) => void = () => {},
): Promise<NextClient> {
  const client = new NextClient(WHO, { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } });
  prepare(client);
  await client.connect(transport);
  kit.add({ stop: () => client.close() });
  return client;
}

/** The text of a whole answer's result, or of its error. */
export function said(answer: Obj): string {
  const { message } = objAt(answer, 'error');
  return typeof message === 'string' ? message : textOf(answer['result']);
}

/** The request that an agent was told of: the one under which it is asked now, where earlier ones are named too. */
export function idIn(text: string): string {
  const [, asked] = /under the request (ap_[\w-]{22})/.exec(text) ?? /(ap_[\w-]{22})/.exec(text) ?? [];
  if (asked === undefined) throw new Error(`no request in: ${text}`);
  return asked;
}

let words = 0;

/** A word that stands in the arguments of one story's call, and in no other's. */
export function word(about: string): string {
  words += 1;
  return `${about}-${words}.`;
}
