import { type Gateway, startGateway } from '../test/kit/gateway.ts';
import type { Started } from '../test/kit/started.ts';
import { benchPolicy } from './call.ts';
import { watchMemory } from './memory-watch.ts';
import { childrenOf, mostOpenFiles, openFiles, residentMb } from './processes.ts';
import { loaded, sessionDriver } from './session-driver.ts';
import type { LoadOptions } from './session-load.ts';
import type { SessionCase, StateRow } from './sessions-text.ts';

export const TOKEN = 'a-token-for-the-bench-and-nothing-else';
/** With a pause of a second between two calls of a client the machine has time to spare, and the times tell of the hop. */
export const PAUSE_MS = 1_000;

const IDLE_SECONDS = 5;
const SETTLE_MS = 30_000;
/** Longer than an idle session lives, and a connection behind that nobody uses. */
const REST_MS = 11_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The gateway with the bench's policy, and limits that let one grant have all the sessions. */
export async function startBenchGateway(kit: Started, server: Readonly<Record<string, unknown>>): Promise<Gateway> {
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
export async function throughGateway(
  kit: Started,
  gateway: Gateway,
  load: LoadOptions,
  seconds: number,
): Promise<Pick<SessionCase, 'openMs' | 'states' | 'loads' | 'memory' | 'heard'>> {
  // For each session two connections in front and two behind, or a child's three pipes.
  const most = mostOpenFiles(gateway.pid);
  const needed = load.sessions * 5 + 200;
  if (most < needed) throw new Error(`${load.sessions} sessions need ${needed} open files, not ${most}: ulimit -n`);
  const rest = await atRest(kit, gateway, load);
  const states = [rest];
  const driver = sessionDriver(kit, load);
  const openMs = await driver.open();
  states.push(stateOf('opened', gateway));
  const watch = watchMemory(gateway.pid);
  const busy = await loaded('all call at once', gateway.pid, driver, seconds, 0);
  const memory = watch.end();
  states.push(stateOf('after the load', gateway));
  const paced = await loaded('one call a second each', gateway.pid, driver, seconds / 4, PAUSE_MS);
  const heard = await driver.drop();
  states.push(await settled('dropped', gateway, rest));
  await driver.open();
  await driver.run(seconds / 4, 0);
  await driver.drop();
  states.push(await settled('again, and dropped', gateway, rest));
  await driver.stop();
  return { openMs, states, loads: [busy, paced], memory, heard };
}

/** What the gateway holds with nobody there, once it has opened all that it opens but once. */
async function atRest(kit: Started, gateway: Gateway, load: LoadOptions): Promise<StateRow> {
  const driver = sessionDriver(kit, { ...load, sessions: 2, streaming: 2 });
  await driver.open();
  await driver.run(1, 0);
  await driver.drop();
  await driver.stop();
  await sleep(REST_MS);
  return stateOf('at rest', gateway);
}

function stateOf(name: string, { pid }: Gateway): StateRow {
  return { name, mb: residentMb(pid), files: openFiles(pid), children: childrenOf(pid), afterMs: undefined };
}

/** Waits until what was open is closed: the idle sessions of those that left without a word too. */
async function settled(name: string, gateway: Gateway, rest: StateRow): Promise<StateRow> {
  const begin = performance.now();
  for (;;) {
    const state = stateOf(name, gateway);
    const afterMs = performance.now() - begin;
    const isBack = state.files <= rest.files && state.children <= rest.children;
    if (isBack || afterMs > SETTLE_MS) return { ...state, afterMs: isBack ? afterMs : undefined };
    await sleep(200);
  }
}
