import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { startGateway, wrap } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { connectHttp, connectModernHttp, connectModernStdio, connectStdio, type ModernClient } from './sdk.ts';
import { TOOLGATE, tapped } from './servers.ts';

interface SiteOptions {
  /** The server's name, and the command that starts it. */
  readonly server: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The policy of all grants; a text is written to the file as it is. */
  readonly policy: Obj | string;
  /** More of the configuration; only where there is one. */
  readonly config?: Obj;
}

/** A raw client that is connected: gives whole answers, with `result` or `error`. */
interface RawClient {
  initialize(capabilities?: Obj): Promise<Obj>;
  request(method: string, params?: Obj): Promise<Obj>;
  call(name: string, args?: Obj): Promise<Obj>;
  /** Sends a request as it is; all that can be seen of the answer, as one text. */
  answerTo(message: Obj): Promise<string>;
  answering(method: string, result: (params: unknown) => Obj): void;
  stop(): Promise<void>;
}

/** One server behind Toolgate, reached as its users reach it. Ends with all its clients at `stop`. */
export interface Site {
  readonly folder: string;
  readonly data: string;
  readonly policyFile: string;
  /** A client of the official SDK. Grants are made as they are named: `alice`, `bob`. */
  sdk(grant?: Grant, prepare?: (client: Client) => void): Promise<Client>;
  /** A client of the SDK's next line, which asks for the newer revision first. */
  modern(grant?: Grant): Promise<ModernClient>;
  raw(grant?: Grant): Promise<RawClient>;
  /** Kills the gateway without a word, and starts it again on the same data folder. */
  crash(): Promise<void>;
  /** All messages that reached the server, in order. */
  heard(): readonly Obj[];
  /** The names of all tools whose calls reached the server. */
  called(): readonly unknown[];
  stop(): Promise<void>;
}

type Grant = 'alice' | 'bob';
const GRANTS: readonly Grant[] = ['alice', 'bob'];

export type OpenSite = (options: SiteOptions) => Promise<Site>;

function tokenOf(grant: Grant): string {
  return `token-of-${grant}-with-enough-characters`;
}

interface Stoppable {
  stop(): Promise<void>;
}

interface Ground {
  readonly folder: string;
  readonly data: string;
  readonly policyFile: string;
  readonly record: string;
  readonly command: readonly string[];
}

function prepareGround(options: SiteOptions): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-e2e-'));
  const record = join(folder, 'heard.jsonl');
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, typeof options.policy === 'string' ? options.policy : JSON.stringify(options.policy));
  return { folder, data: join(folder, 'data'), policyFile, record, command: tapped(record, options.command) };
}

function heardIn(record: string): readonly Obj[] {
  if (!existsSync(record)) return [];
  const lines = readFileSync(record, 'utf8').split('\n');
  return lines.map(readObj).filter((message) => message !== undefined);
}

function calledIn(record: string): readonly unknown[] {
  const calls = heardIn(record).filter((message) => message['method'] === 'tools/call');
  return calls.map((message) => objAt(message, 'params')['name']);
}

async function stopAll(things: Stoppable[]): Promise<void> {
  for (const thing of things.splice(0).reverse()) await thing.stop().catch(() => undefined);
}

/** `toolgate serve`, its clients over Streamable HTTP. */
async function httpSite(options: SiteOptions): Promise<Site> {
  const ground = prepareGround(options);
  const { folder } = ground;
  const grants = GRANTS.map((grant) => [
    grant,
    { owner: grant, labels: {}, servers: { [options.server]: 'rules' }, token: tokenOf(grant) },
  ]);
  const config = {
    servers: { [options.server]: { command: ground.command, env: options.env ?? {} } },
    policies: { rules: 'policy.json' },
    grants: Object.fromEntries(grants),
    ...options.config,
  };
  let gateway = await startGateway({ folder, config });
  const clients: Stoppable[] = [];
  const keep = <T extends Stoppable>(client: T): T => {
    clients.push(client);
    return client;
  };
  return {
    ...ground,
    async sdk(grant = 'alice', prepare = () => {}) {
      const client = await connectHttp(gateway.url(options.server), tokenOf(grant), prepare);
      keep({ stop: () => client.close() });
      return client;
    },
    async modern(grant = 'alice') {
      const client = await connectModernHttp(gateway.url(options.server), tokenOf(grant));
      keep({ stop: () => client.close() });
      return client;
    },
    async raw(grant = 'alice') {
      const client = keep(httpClient(gateway.url(options.server), tokenOf(grant)));
      return {
        ...client,
        async answerTo(message) {
          const { status, headers, text } = await client.post(message);
          return JSON.stringify({ status, headers: { ...headers, date: '' }, text });
        },
      };
    },
    async crash() {
      await gateway.kill9();
      gateway = await startGateway({ folder });
    },
    heard: () => heardIn(ground.record),
    called: () => calledIn(ground.record),
    async stop() {
      await stopAll(clients);
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** `toolgate wrap`, one process for each client, all on one data folder. */
async function stdioSite(options: SiteOptions): Promise<Site> {
  const ground = prepareGround(options);
  const { folder, data, policyFile } = ground;
  const clients: Stoppable[] = [];
  const running: { kill9(): Promise<void> }[] = [];
  const argsFor = (grant: Grant): string[] => {
    const place = ['--policy', policyFile, '--data', data];
    return [...place, '--server', options.server, '--grant', grant, '--', ...ground.command];
  };
  const [program = '', main = ''] = TOOLGATE;
  const env = options.env ?? {};
  return {
    ...ground,
    async sdk(grant = 'alice', prepare = () => {}) {
      const { client, kill9 } = await connectStdio(program, [main, 'wrap', ...argsFor(grant)], env, prepare);
      running.push({ kill9 });
      clients.push({ stop: () => client.close() });
      return client;
    },
    async modern(grant = 'alice') {
      const client = await connectModernStdio(program, [main, 'wrap', ...argsFor(grant)], env);
      clients.push({ stop: () => client.close() });
      return client;
    },
    async raw(grant = 'alice') {
      const client = wrap(argsFor(grant), { env });
      running.push(client);
      clients.push(client);
      return {
        ...client,
        async answerTo(message) {
          client.send(message);
          const answers = (one: Obj): boolean => one['id'] === message['id'];
          return JSON.stringify(await client.next('the answer', answers));
        },
      };
    },
    async crash() {
      for (const one of running.splice(0)) await one.kill9();
    },
    heard: () => heardIn(ground.record),
    called: () => calledIn(ground.record),
    async stop() {
      await stopAll(clients);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** The two fronts, for `describe.each`. */
export const FRONTS: readonly (readonly [string, OpenSite])[] = [
  ['over HTTP', httpSite],
  ['over stdio', stdioSite],
];
