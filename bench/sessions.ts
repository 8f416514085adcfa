import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../test/kit/child.ts';
import { type Gateway, startGateway } from '../test/kit/gateway.ts';
import type { Started } from '../test/kit/started.ts';
import { benchPolicy } from './call.ts';
import { watchMemory } from './memory-watch.ts';
import { childrenOf, cpuSeconds, mostOpenFiles, openFiles, residentMb } from './processes.ts';
import type { BenchEra } from './session-client.ts';
import { type SessionDriver, sessionDriver } from './session-driver.ts';
import type { LoadOptions, LoadRun } from './session-load.ts';
import type { ServerState } from './session-server.ts';
import { type LoadRow, printSessions, type SessionCase, type StateRow } from './sessions-text.ts';

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

const TOKEN = 'a-token-for-the-bench-and-nothing-else';
const LISTENING = 0.1;
/** With a pause of a second between two calls of a client the machine has time to spare, and the times tell of the hop. */
const PAUSE_MS = 1_000;
const IDLE_SECONDS = 5;
const SETTLE_MS = 30_000;

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Many sessions at once: what calls cost then, whether memory stays flat, and whether all is given back. */
export async function benchSessions(kit: Started, options: SessionsOptions): Promise<SessionsFigures> {
  const cases = [
    await overHttp(kit, 'legacy', options),
    await overHttp(kit, 'modern', options),
    await withChildren(kit, options),
  ];
  return { cases, text: cases.map(printSessions).join('\n\n') };
}

async function overHttp(kit: Started, era: BenchEra, options: SessionsOptions): Promise<SessionCase> {
  const server = kit.add(startChild(process.execPath, [path('session-server.ts')]));
  const port = Number(await firstLine(server));
  const gateway = await start(kit, { url: `http://127.0.0.1:${port}/mcp` });
  const { sessions, seconds } = options;
  const streaming = era === 'legacy' ? sessions : Math.ceil(sessions * LISTENING);
  const load = { token: TOKEN, era, sessions, streaming };
  const direct = { ...load, port, path: '/mcp' };
  const held = async (): Promise<ServerState> => (await fetch(`http://127.0.0.1:${port}/state`)).json() as never;

  const before = await directly(kit, direct, server, seconds / 4);
  const through = await throughGateway(kit, gateway, { ...load, port: gateway.port, path: '/mcp/bench' }, seconds);
  const after = await directly(kit, direct, server, seconds / 4);
  const left = await held();
  const name = `${sessions} ${era === 'legacy' ? 'sessions, each with a GET stream' : `clients, ${streaming} listening`}`;
  const made = {
    ...through,
    name,
    direct: mean(before, after),
    left: `${left.sessions} sessions, ${left.streams} streams`,
  };
  await gateway.stop();
  await server.stop();
  return made;
}

/** A thousand processes would be the machine's limit, not the gateway's. */
async function withChildren(kit: Started, { children, seconds }: SessionsOptions): Promise<SessionCase> {
  const gateway = await start(kit, { command: [process.execPath, path('upstream-lines.ts')] });
  const load = { token: TOKEN, era: 'legacy', sessions: children, streaming: children } as const;
  const through = await throughGateway(kit, gateway, { ...load, port: gateway.port, path: '/mcp/bench' }, seconds / 2);
  await gateway.stop();
  return { ...through, name: `${children} sessions with a child process each`, direct: undefined, left: undefined };
}

async function start(kit: Started, server: Readonly<Record<string, unknown>>): Promise<Gateway> {
  return kit.add(
    await startGateway({
      config: {
        servers: { bench: { ...server, idle: IDLE_SECONDS } },
        policies: { bench: benchPolicy() },
        grants: { bench: { owner: 'bench', servers: { bench: 'bench' }, token: TOKEN } },
        limits: { sessions: 10_000, calls: 10_000, listens: 10_000 },
      },
    }),
  );
}

/** Opens, loads, drops; and the same again in short, to see whether the second time leaves more behind than the first. */
async function throughGateway(
  kit: Started,
  gateway: Gateway,
  load: LoadOptions,
  seconds: number,
): Promise<Pick<SessionCase, 'openMs' | 'states' | 'loads' | 'memory' | 'heard'>> {
  // For each session two connections in front and two behind, or a child's three pipes.
  const most = mostOpenFiles(gateway.pid);
  if (most < load.sessions * 5 + 200)
    throw new Error(`${load.sessions} sessions need more than ${most} open files: ulimit -n`);
  const states = [stateOf('started', gateway)];
  const rest = states[0];
  const driver = sessionDriver(kit, load);
  const openMs = await driver.open();
  states.push(stateOf('opened', gateway));
  const watch = watchMemory(gateway.pid);
  const busy = await loaded('all call at once', gateway, driver, seconds, 0);
  const memory = watch.end();
  states.push(stateOf('after the load', gateway));
  const paced = await loaded('one call a second each', gateway, driver, seconds / 4, PAUSE_MS);
  const heard = await driver.drop();
  states.push(await settled('dropped', gateway, rest));
  await driver.open();
  await driver.run(seconds / 4, 0);
  await driver.drop();
  states.push(await settled('again, and dropped', gateway, rest));
  await driver.stop();
  return { openMs, states, loads: [busy, paced], memory, heard };
}

async function loaded(
  name: string,
  { pid }: Gateway,
  driver: SessionDriver,
  seconds: number,
  pauseMs: number,
): Promise<LoadRow> {
  const before = cpuSeconds(pid);
  const run = await driver.run(seconds, pauseMs);
  return rowOf(name, run, cpuSeconds(pid) - before);
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
  const before = cpuSeconds(pid);
  const busy = rowOf('all call at once', await driver.run(seconds, 0), cpuSeconds(pid) - before);
  const between = cpuSeconds(pid);
  const paced = rowOf('one call a second each', await driver.run(seconds, PAUSE_MS), cpuSeconds(pid) - between);
  await driver.drop();
  await driver.stop();
  return [busy, paced];
}

function rowOf(name: string, { calls, seconds, p50, p99 }: LoadRun, cpu: number): LoadRow {
  return { name, calls, callsPerSecond: calls / seconds, p50, p99, cpu: (cpu * 1e6) / calls };
}

function mean(before: readonly LoadRow[], after: readonly LoadRow[]): readonly LoadRow[] {
  return before.map((one, n) => {
    const other = after[n] ?? one;
    const of = (pick: (row: LoadRow) => number): number => (pick(one) + pick(other)) / 2;
    return {
      name: one.name,
      calls: one.calls + other.calls,
      callsPerSecond: of((row) => row.callsPerSecond),
      p50: of((row) => row.p50),
      p99: of((row) => row.p99),
      cpu: of((row) => row.cpu),
    };
  });
}

function stateOf(name: string, { pid }: Gateway): StateRow {
  return { name, mb: residentMb(pid), files: openFiles(pid), children: childrenOf(pid), afterMs: undefined };
}

/** Waits until what was open is closed: the idle sessions of those that left without a word too. */
async function settled(name: string, gateway: Gateway, rest: StateRow | undefined): Promise<StateRow> {
  const begin = performance.now();
  for (;;) {
    const state = stateOf(name, gateway);
    const afterMs = performance.now() - begin;
    // The keeper of children, once started, and its pipes stay.
    const isBack = rest !== undefined && state.files <= rest.files + 5 && state.children <= rest.children + 1;
    if (isBack || afterMs > SETTLE_MS) return { ...state, afterMs: isBack ? afterMs : undefined };
    await sleep(200);
  }
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
