import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';
import type { BenchEra } from './session-client.ts';
import { loaded, sessionDriver } from './session-driver.ts';
import { PAUSE_MS, startBenchGateway, TOKEN, throughGateway } from './session-gateway.ts';
import type { LoadOptions } from './session-load.ts';
import type { ServerState } from './session-server.ts';
import { type LoadRow, printSessions, type SessionCase } from './sessions-text.ts';

export interface SessionsOptions {
  readonly sessions: number;
  /** Sessions with a child process each. */
  readonly children: number;
  readonly seconds: number;
}

interface SessionsFigures {
  readonly cases: readonly SessionCase[];
  readonly text: string;
}

/** The share of modern clients that listen. */
const LISTENING = 0.1;

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Many sessions at once: what calls cost then, whether memory stays flat, and whether all is given back. */
export async function benchSessions(kit: Started, options: SessionsOptions): Promise<SessionsFigures> {
  const cases = [
    await overHttp(kit, 'legacy', options),
    await overHttp(kit, 'modern', options),
    await withChildren(kit, options),
  ];
  return { cases, text: cases.map(printSessions).join('\n\n') };
}

async function overHttp(kit: Started, era: BenchEra, { sessions, seconds }: SessionsOptions): Promise<SessionCase> {
  const server = kit.add(startChild(process.execPath, [path('session-server.ts')]));
  const port = Number(await firstLine(server));
  const gateway = await startBenchGateway(kit, { url: `http://127.0.0.1:${port}/mcp` });
  const streaming = era === 'legacy' ? sessions : Math.ceil(sessions * LISTENING);
  const load: LoadOptions = { token: TOKEN, era, sessions, streaming, port: gateway.port, path: '/mcp/bench' };
  const direct: LoadOptions = { ...load, port, path: '/mcp' };

  const before = await directly(kit, direct, server, seconds / 4);
  const first = await heldBy(port);
  const through = await throughGateway(kit, gateway, load, seconds);
  const last = await heldBy(port);
  const after = await directly(kit, direct, server, seconds / 4);
  await gateway.stop();
  await server.stop();
  return {
    ...through,
    name: `${sessions} ${era === 'legacy' ? 'sessions, each with a GET stream' : `clients, ${streaming} listening`}`,
    direct: before.map((row, n) => mean(row, after[n] ?? row)),
    left: leftText(first, last),
  };
}

/** A thousand processes would be the machine's limit, not the gateway's. */
async function withChildren(kit: Started, { children, seconds }: SessionsOptions): Promise<SessionCase> {
  const gateway = await startBenchGateway(kit, { command: [process.execPath, path('upstream-lines.ts')] });
  const load = { token: TOKEN, era: 'legacy', sessions: children, streaming: children } as const;
  const through = await throughGateway(kit, gateway, { ...load, port: gateway.port, path: '/mcp/bench' }, seconds / 2);
  await gateway.stop();
  return { ...through, name: `${children} sessions with a child process each`, direct: undefined, left: undefined };
}

/** The same load on the server itself, at once and paced. */
async function directly(
  kit: Started,
  load: LoadOptions,
  { pid }: Child,
  seconds: number,
): Promise<readonly [LoadRow, LoadRow]> {
  const driver = sessionDriver(kit, load);
  await driver.open();
  const busy = await loaded('all call at once', pid, driver, seconds, 0);
  const paced = await loaded('one call a second each', pid, driver, seconds, PAUSE_MS);
  await driver.drop();
  await driver.stop();
  return [busy, paced];
}

/** Of what was measured before and after. */
function mean(before: LoadRow, after: LoadRow): LoadRow {
  const of = (pick: (row: LoadRow) => number): number => (pick(before) + pick(after)) / 2;
  return {
    name: before.name,
    calls: before.calls + after.calls,
    callsPerSecond: of((row) => row.callsPerSecond),
    p50: of((row) => row.p50),
    p99: of((row) => row.p99),
    cpu: of((row) => row.cpu),
  };
}

async function heldBy(port: number): Promise<ServerState> {
  return JSON.parse(await (await fetch(`http://127.0.0.1:${port}/state`)).text());
}

/** What the gateway began at the server and did not end; what clients that were there directly left does not count. */
function leftText(first: ServerState, last: ServerState): string {
  return `${last.sessions - first.sessions} sessions, ${last.streams - first.streams} streams`;
}

function firstLine(child: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    child.onOutput(() => {
      const [line, rest] = child.stdout().split('\n');
      if (rest !== undefined) resolve(line ?? '');
    });
    void child.finished.then(() => reject(new Error(`the server did not start: ${child.stderr()}`)));
  });
}
