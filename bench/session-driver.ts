import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';
import { cpuSeconds } from './processes.ts';
import type { LoadOptions, LoadRun } from './session-load.ts';
import type { LoadRow } from './sessions-text.ts';

/** Clients in a process of their own. */
export interface SessionDriver {
  /** Opens them all; ms that it took. */
  open(): Promise<number>;
  /** Lets each call, wait and pause, for so many seconds. Rejects if one call does not pass. */
  run(seconds: number, pauseMs: number): Promise<LoadRun>;
  /** Ends them all, half of them without a word; pieces of news that they heard. */
  drop(): Promise<number>;
  /** Ends the process. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('session-load.ts', import.meta.url));

export function sessionDriver(kit: Started, options: LoadOptions): SessionDriver {
  const child: Child = kit.add(startChild(process.execPath, [PROGRAM, JSON.stringify(options)]));
  const order = orders(child);
  return {
    async open() {
      const begin = performance.now();
      await order('open');
      return performance.now() - begin;
    },
    run: async (seconds, pauseMs) => JSON.parse(await order(`run ${seconds} ${pauseMs}`)),
    drop: async () => Number(JSON.parse(await order('drop')).heard),
    stop: () => child.stop(),
  };
}

/** One line down, one line back. */
function orders(child: Child): (line: string) => Promise<string> {
  let rest = '';
  let resolveNext: (line: string) => void = () => {};
  child.onOutput((chunk) => {
    rest += chunk.toString('latin1');
    const end = rest.indexOf('\n');
    if (end < 0) return;
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    resolveNext(line);
  });
  return (line) =>
    new Promise((resolve, reject) => {
      resolveNext = resolve;
      void child.finished.then(() => reject(new Error(`the clients ended: ${child.stderr().slice(0, 2_000)}`)));
      child.write(`${line}\n`);
    });
}

/** One run of load, with the CPU time of the process group that is called. */
export async function loaded(
  name: string,
  group: number,
  driver: SessionDriver,
  seconds: number,
  pauseMs: number,
): Promise<LoadRow> {
  const before = cpuSeconds(group);
  const { calls, seconds: took, p50, p99 } = await driver.run(seconds, pauseMs);
  const cpu = ((cpuSeconds(group) - before) * 1e6) / calls;
  return { name, calls, callsPerSecond: calls / took, p50, p99, cpu };
}
