import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { openEvents } from './front-events.ts';
import { AGENT, OPEN_POLICY, recordingCommand } from './rig.ts';

const MODERN_SERVER = fileURLToPath(new URL('./front-modern-server.ts', import.meta.url));
const VERSION = '2026-07-28';
/** Far more than pipes and sockets hold, and more than may wait for a reader. */
const EVENTS = 10_000;
const SIZE = 8_192;

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-slow-'));
let gateway: Gateway;

beforeAll(async () => {
  const servers = {
    flooding: { command: [process.execPath, MODERN_SERVER, join(folder, 'flooding.jsonl')] },
    calm: { command: recordingCommand(join(folder, 'calm.jsonl')) },
  };
  const grants = { agent: { owner: 'alice', servers: { flooding: 'open', calm: 'open' }, token: AGENT } };
  gateway = kit.add(await startGateway({ config: { servers, policies: { open: OPEN_POLICY }, grants } }));
});

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

const flood: Obj = {
  jsonrpc: '2.0',
  id: 'flood',
  method: 'tools/call',
  params: {
    name: 'flood',
    arguments: { events: EVENTS, size: SIZE },
    _meta: {
      progressToken: 'flood',
      'io.modelcontextprotocol/protocolVersion': VERSION,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

/** What a process holds in memory, bytes. */
function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}

/** Waits until the gateway reads no more than its own timers: the server waits with it. */
async function atRest(pid: number): Promise<void> {
  const read = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1]);
  for (let before = 0, now = read(); now - before > SIZE; now = read()) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

describe('a client that stops reading in the middle of a flood', () => {
  it('stops its server, not the gateway; and gets all of it, in order, once it reads on', {
    timeout: 120_000,
  }, async () => {
    const headers = {
      authorization: `Bearer ${AGENT}`,
      'mcp-protocol-version': VERSION,
      'mcp-method': 'tools/call',
      'mcp-name': 'flood',
    };
    const stream = await openEvents(gateway.url('flooding'), headers, flood);
    await stream.next('first progress', ({ message }) => message?.['method'] === 'notifications/progress');
    stream.stopReading();
    await atRest(gateway.pid);
    expect(residentBytes(gateway.pid)).toBeLessThan(400 * 1024 * 1024);
    expect(stream.events.length).toBeLessThan(EVENTS / 2);

    const other = kit.add(httpClient(gateway.url('calm'), AGENT));
    await other.initialize();
    expect(textOf(objAt(await other.call('echo', { text: 'undisturbed' }), 'result'))).toBe('undisturbed');

    stream.read();
    await stream.ended;
    const steps = stream.events.map(({ message }) => objAt(message, 'params')['progress'] ?? message?.['id']);
    expect(steps).toEqual([...Array.from({ length: EVENTS }, (_, n) => n + 1), 'flood']);
  });
});
