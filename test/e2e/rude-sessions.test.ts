import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { started } from '../kit/started.ts';
import { INSPECTED, type Inside, lookInside } from './inside.ts';
import { AGENT, eventually, OPEN_POLICY, processesWith } from './rig.ts';
import { RUDE_WAYS } from './rude-ways.ts';

/** How many clients come; `TOOLGATE_RUDE` raises it. */
const CLIENTS = Number(process.env['TOOLGATE_RUDE'] ?? 300);
const AT_ONCE = 8;
const MODERN_SERVER = fileURLToPath(new URL('./front-modern-server.ts', import.meta.url));

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-rude-'));
const scripts = join(folder, 'server-');
let gateway: Gateway;

beforeAll(async () => {
  const servers = {
    quick: { command: quick(), idle: 1, timeout: 2 },
    modern: { command: [process.execPath, MODERN_SERVER, `${scripts}modern.jsonl`], idle: 1, timeout: 2 },
  };
  const grants = { agent: { owner: 'alice', servers: { quick: 'open', modern: 'open' }, token: AGENT } };
  const limits = { sessions: 10_000, calls: 10_000 };
  gateway = kit.add(
    await startGateway({ config: { servers, policies: { open: OPEN_POLICY }, grants, limits }, env: INSPECTED }),
  );
});

afterAll(async () => {
  for (const pid of processesWith(scripts)) process.kill(pid, 'SIGKILL');
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** The shortest server there is: it answers the handshake and reads on; a process of its own for each session. */
function quick(): string[] {
  const file = `${scripts}quick.sh`;
  const result =
    '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"sh","version":"1"}}';
  const lines = [
    'read -r line',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own way to cut a text.
    'id=${line#*\\"id\\":}; id=${id%%,*}',
    `printf '{"jsonrpc":"2.0","id":%s,"result":${result}}\\n' "$id"`,
    'while read -r line; do :; done',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return ['/bin/sh', file];
}

/** Connections of clients and pipes to servers; a thread of the gateway has files of another kind. */
function openSockets(): number {
  const folder = `/proc/${gateway.pid}/fd`;
  return readdirSync(folder).filter((file) => {
    try {
      return readlinkSync(join(folder, file)).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

/** Handles that come and go by themselves: files that are looked at, and threads that were started once. */
const PASSING = /^(FSReq|MessagePort|Worker)/;

async function holds(): Promise<Inside> {
  const { heapBytes, handles } = await lookInside(gateway.stderr());
  return { heapBytes, handles: Object.fromEntries(Object.entries(handles).filter(([kind]) => !PASSING.test(kind))) };
}

/** Sends so many clients, a few at a time; gives what went wrong for the polite part of each. */
async function send(count: number, from: number): Promise<readonly string[]> {
  const ways = Object.entries(RUDE_WAYS);
  const faults: string[] = [];
  let next = from;
  const oneAfterTheOther = async (): Promise<void> => {
    for (let number = next++; number < from + count; number = next++) {
      const [what, way] = ways[number % ways.length] ?? ways[0]!;
      await way({ port: gateway.port, number }).catch((fault: Error) => faults.push(`${what}: ${fault.message}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther));
  return faults;
}

/** Waits until nothing of the clients is left: no process, no socket. */
async function allGone(sockets: number): Promise<void> {
  await eventually('no server runs', () => processesWith(scripts).length === 0);
  await eventually(`no more than ${sockets} sockets are open, as before`, () => openSockets() <= sockets);
}

/** Waits until the gateway has let go of the last of them, which takes a moment after the last process. */
async function settled(): Promise<void> {
  for (let before = -1; before !== openSockets(); ) {
    before = openSockets();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function politeClient(): Promise<void> {
  const client = kit.add(httpClient(gateway.url('quick'), AGENT));
  await client.initialize();
  expect((await client.delete()).status).toBe(204);
  await client.stop();
}

it(`${CLIENTS} clients that leave in every rude way leave nothing behind`, {
  timeout: 60_000 + CLIENTS * 200,
}, async () => {
  await politeClient();
  const warmUp = Object.keys(RUDE_WAYS).length * 2;
  expect(await send(warmUp, 0)).toEqual([]);
  await eventually('no server runs', () => processesWith(scripts).length === 0);
  await settled();
  const sockets = openSockets();
  const before = await holds();

  expect(await send(CLIENTS, warmUp)).toEqual([]);
  await allGone(sockets);
  const after = await holds();
  expect(after.handles).toEqual(before.handles);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(8 * 1024 * 1024);

  await politeClient();
  expect(processesWith(scripts)).toEqual([]);
  expect(gateway.stderr()).not.toContain('failed inside the gateway');
  const told = [sockets, openSockets(), JSON.stringify(before), JSON.stringify(after)];
  if (CLIENTS > 1_000)
    console.log(`${CLIENTS} clients; sockets, and what is inside, before and after: ${told.join(', ')}`);
});
