import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { type Answer, type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { type Started, started } from '../kit/started.ts';
import type { HubPlan } from './hub-plan.ts';
import { AGENT, arrived, OPEN_POLICY, OTHER } from './rig.ts';

const SERVER = fileURLToPath(new URL('./hub-server.ts', import.meta.url));
const VERSION = '2026-07-28';
const META: Obj = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {
    sampling: {},
    elicitation: {},
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  },
  'io.modelcontextprotocol/clientInfo': { name: 'hub-client', version: '1' },
};
/** Where a message's own name stands in a header. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

interface SiteOptions {
  /** Servers by name, in the order of the configuration. */
  readonly servers: Readonly<Record<string, HubPlan>>;
  /** More servers, by address. */
  readonly urls?: Readonly<Record<string, string>>;
  /** The policies of the grant `agent` by server, where they are not the open one. */
  readonly policies?: Readonly<Record<string, Obj>>;
  /** The servers of the grant `other`. */
  readonly others?: readonly string[];
  readonly more?: Obj;
  /** Of every server's configuration. */
  readonly each?: Obj;
}

/** A client that needs no session. */
interface ModernRaw {
  post(method: string, params?: Obj, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The whole answer, with `result` or `error`. */
  request(method: string, params?: Obj): Promise<Obj>;
  readonly http: HttpClient;
}

export interface HubSite {
  readonly gateway: Gateway;
  readonly kit: Started;
  /** A client at `/mcp` that is connected, or not yet. */
  legacy(token?: string): Promise<HttpClient>;
  fresh(token?: string): HttpClient;
  modern(token?: string): ModernRaw;
  /** What reached a server, by method. */
  heard(server: string, method: string): readonly Obj[];
  /** Names of the tools whose calls reached a server. */
  called(server: string): readonly unknown[];
  writePolicy(server: string, policy: Obj): void;
  /** Gives the grant `agent` these servers and no others. */
  regrant(servers: readonly string[]): void;
  /** Stands in the command line of every server. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Several servers behind one gateway, reached at `/mcp`. */
export async function openHub({
  servers,
  urls = {},
  policies = {},
  others = [],
  more = {},
  each = {},
}: SiteOptions): Promise<HubSite> {
  const kit = started();
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-hub-'));
  const record = (server: string): string => join(folder, `${server}.jsonl`);
  const policyFile = (server: string): string => join(folder, `policy-${server}.json`);
  const names = [...Object.keys(servers), ...Object.keys(urls)];
  for (const name of names) writeFileSync(policyFile(name), JSON.stringify(policies[name] ?? OPEN_POLICY));
  const granted = (chosen: readonly string[]): Obj => Object.fromEntries(chosen.map((name) => [name, `of-${name}`]));
  const config = {
    servers: {
      ...Object.fromEntries(
        Object.entries(servers).map(([name, plan]) => [
          name,
          { command: [process.execPath, SERVER, record(name), JSON.stringify(plan)], pins: 'off', ...each },
        ]),
      ),
      ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url }])),
    },
    policies: Object.fromEntries(names.map((name) => [`of-${name}`, policyFile(name)])),
    grants: {
      agent: { owner: 'alice', servers: granted(names), token: AGENT },
      other: { owner: 'bob', servers: granted(others.length === 0 ? names : others), token: OTHER },
    },
    ...more,
  };
  const gateway = kit.add(await startGateway({ config }));
  const url = `${gateway.base}/mcp`;
  const fresh = (token: string = AGENT): HttpClient => kit.add(httpClient(url, token));
  return {
    gateway,
    kit,
    fresh,
    async legacy(token) {
      const client = fresh(token);
      const answer = await client.initialize({ sampling: {}, elicitation: {}, roots: { listChanged: true } });
      if (answer['error'] !== undefined) throw new Error(JSON.stringify(answer));
      return client;
    },
    modern: (token) => modernRaw(fresh(token)),
    heard: (server, method) => arrived(record(server), method),
    called: (server) => arrived(record(server), 'tools/call').map((message) => objAt(message, 'params')['name']),
    folder,
    regrant(chosen) {
      const agent = { ...config.grants.agent, servers: granted(chosen) };
      writeFileSync(gateway.configFile, JSON.stringify({ ...config, grants: { ...config.grants, agent } }));
    },
    writePolicy: (server, policy) => writeFileSync(policyFile(server), JSON.stringify(policy)),
    async stop() {
      await kit.endAll();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function modernRaw(http: HttpClient): ModernRaw {
  let lastId = 0;
  const post: ModernRaw['post'] = (method, params = {}, headers = {}) => {
    const message = {
      jsonrpc: '2.0',
      id: ++lastId,
      method,
      params: { ...params, _meta: { ...META, ...objAt(params, '_meta') } },
    };
    return http.raw(JSON.stringify(message), modernHeaders(method, params, headers));
  };
  return {
    http,
    post,
    async request(method, params) {
      const answer = await post(method, params);
      const message = answer.messages.find((one) => one['method'] === undefined);
      if (message === undefined) throw new Error(`no answer to ${method}: HTTP ${answer.status} ${answer.text}`);
      return message;
    },
  };
}

export function modernHeaders(
  method: string,
  params: Obj,
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const name = params[NAMED[method] ?? ''];
  return {
    'mcp-protocol-version': VERSION,
    'mcp-method': method,
    ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    ...headers,
  };
}

/** A message of the stateless era, whole. */
export function modernMessage(id: string | number, method: string, params: Obj): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    method,
    params: { ...params, _meta: { ...META, ...objAt(params, '_meta') } },
  });
}

/** The names that an answer lists. */
export function namesIn(answer: Obj, key: string, name = 'name'): readonly unknown[] {
  const items = objAt(answer, 'result')[key];
  return Array.isArray(items) ? items.map((item: unknown) => objAt({ item }, 'item')[name]) : [];
}
