import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway, wrap } from '../kit/gateway.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { type Pair, post } from './post.ts';
import { POLICY } from './scene.ts';

/** Sends a request of 2026-07-28; gives the whole answer. */
export type Ask = (method: string, params: Obj) => Promise<Obj>;

/** The real gateway with one server of 2026-07-28 behind it that keeps the bytes it gets. */
export interface ModernScene {
  readonly own: Ask;
  /** Somebody else's. */
  readonly other: Ask;
  /** The messages that reached the server, of one method. */
  received(method: string): readonly Obj[];
  readonly http: { readonly url: string; readonly headers: readonly Pair[] } | undefined;
  stop(): Promise<void>;
}

const VERSION = '2026-07-28';
const SERVER = fileURLToPath(new URL('modern-server.ts', import.meta.url));
const TOKENS = { own: 'token-of-alice-with-enough-characters', other: 'token-of-bob-with-enough-characters' } as const;

export function modern(params: Obj): Obj {
  return {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': VERSION,
      'io.modelcontextprotocol/clientCapabilities': {
        elicitation: {},
        extensions: { 'io.modelcontextprotocol/tasks': {} },
      },
      'io.modelcontextprotocol/clientInfo': { name: 'attacker', version: '1' },
    },
  };
}

/** The headers that repeat a body as the revision wants it. */
export function headersFor(method: string, params: Obj): readonly Pair[] {
  const name = params['name'] ?? params['uri'] ?? params['taskId'];
  return [
    ['mcp-protocol-version', VERSION],
    ['mcp-method', method],
    ...(typeof name === 'string' ? [['mcp-name', name] as const] : []),
  ];
}

export async function modernHttp(): Promise<ModernScene> {
  const { folder, record, kit } = ground();
  const grant = (owner: string, token: string): Obj => ({ owner, servers: { odd: 'rules' }, token });
  const gateway = kit.add(
    await startGateway({
      config: {
        servers: { odd: { command: [process.execPath, SERVER, record] } },
        policies: { rules: POLICY },
        grants: { alice: grant('alice', TOKENS.own), bob: grant('bob', TOKENS.other) },
      },
    }),
  );
  const headers = (token: string): readonly Pair[] => [
    ['host', new URL(gateway.base).host],
    ['content-type', 'application/json'],
    ['accept', 'application/json, text/event-stream'],
    ['authorization', `Bearer ${token}`],
  ];
  let lastId = 0;
  const as =
    (token: string): Ask =>
    async (method, params) => {
      lastId += 1;
      const body = JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params: modern(params) });
      const { message, status, text } = await post(gateway.url('odd'), body, [
        ...headers(token),
        ...headersFor(method, params),
      ]);
      if (message === undefined) throw new Error(`${method}: HTTP ${status} ${text}`);
      return message;
    };
  return {
    own: as(TOKENS.own),
    other: as(TOKENS.other),
    received: (method) => messagesIn(record, method),
    http: { url: gateway.url('odd'), headers: headers(TOKENS.own) },
    stop: () => leave(kit, folder),
  };
}

export async function modernStdio(): Promise<ModernScene> {
  const { folder, record, kit } = ground();
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(POLICY));
  const as = (grant: string): Ask => {
    const place = ['--policy', policy, '--data', join(folder, 'data'), '--server', 'odd', '--grant', grant];
    const client = kit.add(wrap([...place, '--', process.execPath, SERVER, record]));
    return (method, params) => client.request(method, modern(params));
  };
  return {
    own: as('own'),
    other: as('other'),
    received: (method) => messagesIn(record, method),
    http: undefined,
    stop: () => leave(kit, folder),
  };
}

function ground(): { readonly folder: string; readonly record: string; readonly kit: ReturnType<typeof started> } {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-modern-'));
  return { folder, record: join(folder, 'record.jsonl'), kit: started() };
}

async function leave(kit: ReturnType<typeof started>, folder: string): Promise<void> {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function messagesIn(record: string, method: string): readonly Obj[] {
  if (!existsSync(record)) return [];
  const messages = readFileSync(record, 'utf8').split('\n').map(readObj);
  return messages.filter((one) => one !== undefined).filter((one) => one['method'] === method);
}

/** The state that an answer asks the client to send back. */
export function stateOf(answer: Obj): string {
  return String(objAt(answer, 'result')['requestState']);
}
