import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startGateway, wrap } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { HIDDEN } from './odd-tools.ts';

/** One client behind the gate, raw. */
export interface Attacker {
  request(method: string, params?: Obj): Promise<Obj>;
  call(name: string, args?: Obj, meta?: Obj): Promise<Obj>;
  /** Sends the bytes of one message; gives what the gate says to it, undefined where it says nothing. */
  raw(bytes: string | Uint8Array): Promise<Obj | undefined>;
  /** Sends a message that gets no answer. */
  tell(message: Obj): Promise<void>;
  /** Every message that came, answers and notifications. */
  heard(): readonly Obj[];
  /** Goes without a word. */
  vanish(): Promise<void>;
}

/** The real gateway with one server behind it that keeps the bytes it gets. */
export interface Scene {
  readonly transport: 'over HTTP' | 'over stdio';
  /** An open session. */
  readonly client: Attacker;
  /** Another one; `other` belongs to somebody else. */
  another(whose: 'own' | 'other', version?: string): Promise<Attacker>;
  /** The lines that reached the server, as they came. */
  received(): readonly string[];
  /** Only over HTTP. */
  readonly http: HttpScene | undefined;
  stop(): Promise<void>;
}

interface HttpScene {
  readonly base: string;
  url(server: 'odd' | 'remote'): string;
  readonly token: string;
  /** The session of `client`. */
  readonly sessionId: string;
  readonly remote: Awaited<ReturnType<typeof startRecordingServer>>;
  client(server?: 'odd' | 'remote', whose?: 'own' | 'other'): HttpClient;
}

const SERVER = fileURLToPath(new URL('odd-server.ts', import.meta.url));
const TOKENS = { own: 'token-of-alice-with-enough-characters', other: 'token-of-bob-with-enough-characters' } as const;

export const POLICY: Obj = {
  version: '1',
  default: 'allow',
  hide: [HIDDEN],
  tools: { once: { limits: [{ counter: 'once', window: 'hour', max: 1 }] } },
  resources: { 'file:///secret/*': { action: 'deny' } },
  prompts: { secret: { action: 'deny' } },
};

export async function httpScene(): Promise<Scene> {
  const { folder, record, kit } = ground();
  const remote = kit.add(await startRecordingServer());
  const servers = { odd: 'rules', remote: 'rules' };
  const gateway = kit.add(
    await startGateway({
      config: {
        servers: {
          odd: { command: [process.execPath, SERVER, record] },
          remote: { url: remote.url, headers: { Authorization: 'Bearer token-for-upstream' } },
        },
        policies: { rules: POLICY },
        grants: {
          alice: { owner: 'alice', servers, token: TOKENS.own },
          bob: { owner: 'bob', servers, token: TOKENS.other },
        },
        audit: { arguments: 'full' },
      },
    }),
  );
  const client = (server: 'odd' | 'remote' = 'odd', whose: 'own' | 'other' = 'own'): HttpClient =>
    kit.add(httpClient(gateway.url(server), TOKENS[whose]));
  const open = async (whose: 'own' | 'other', version = '2025-11-25'): Promise<Attacker> => {
    const one = client('odd', whose);
    expect(objAt(await one.request('initialize', hello(version)), 'result')['protocolVersion']).toBe(version);
    await one.notify('notifications/initialized');
    return overHttp(one, version);
  };
  const own = client();
  await own.initialize();
  return {
    transport: 'over HTTP',
    client: overHttp(own, '2025-11-25'),
    another: open,
    received: () => linesIn(record),
    http: { base: gateway.base, url: gateway.url, token: TOKENS.own, sessionId: own.sessionId ?? '', remote, client },
    async stop() {
      await kit.endAll();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export async function stdioScene(): Promise<Scene> {
  const { folder, record, kit } = ground();
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(POLICY));
  const open = async (whose: 'own' | 'other', version = '2025-11-25'): Promise<Attacker> => {
    const place = ['--policy', policy, '--data', join(folder, 'data'), '--server', 'odd', '--grant', whose];
    const client = kit.add(wrap([...place, '--', process.execPath, SERVER, record]));
    expect(objAt(await client.request('initialize', hello(version)), 'result')['protocolVersion']).toBe(version);
    client.notify('notifications/initialized');
    return overStdio(client);
  };
  return {
    transport: 'over stdio',
    client: await open('own'),
    another: open,
    received: () => linesIn(record),
    http: undefined,
    async stop() {
      await kit.endAll();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function hello(protocolVersion: string): Obj {
  return { protocolVersion, capabilities: {}, clientInfo: { name: 'attacker', version: '1' } };
}

function ground(): { readonly folder: string; readonly record: string; readonly kit: ReturnType<typeof started> } {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-attacks-'));
  return { folder, record: join(folder, 'record.jsonl'), kit: started() };
}

function linesIn(record: string): readonly string[] {
  return existsSync(record) ? readFileSync(record, 'utf8').split('\n').slice(0, -1) : [];
}

function overHttp(client: HttpClient, version: string): Attacker {
  const heard: Obj[] = [];
  const leave = new AbortController();
  const post = async (bytes: string | Uint8Array): Promise<readonly Obj[]> => {
    const { messages } = await client.raw(bytes, { 'mcp-protocol-version': version }, { signal: leave.signal });
    heard.push(...messages);
    return messages;
  };
  return {
    ...client,
    raw: async (bytes) => (await post(bytes)).at(-1),
    tell: async (message) => void (await post(JSON.stringify(message))),
    heard: () => heard,
    async vanish() {
      leave.abort();
      await client.stop();
    },
  };
}

function overStdio(client: ReturnType<typeof wrap>): Attacker {
  const answered = (id: unknown) => (one: Obj) => one['method'] === undefined && one['id'] === id;
  return {
    ...client,
    async raw(bytes) {
      client.raw(bytes);
      client.raw('\n');
      const id = readObj(Buffer.from(bytes).toString())?.['id'];
      const isAnswer = (one: Obj): boolean => answered(null)(one) || (id !== undefined && answered(id)(one));
      return client.next('an answer', isAnswer);
    },
    tell: async (message) => client.send(message),
    heard: () => client.messages,
    vanish: () => client.kill9(),
  };
}
