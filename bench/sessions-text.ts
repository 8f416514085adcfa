import { ratio, table, whole } from './figures.ts';
import type { Memory } from './memory-watch.ts';

/** One load; times and CPU in µs. */
export interface LoadRow {
  readonly name: string;
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time of what was called, for each call. */
  readonly cpu: number;
}

/** What the gateway holds at a moment. */
export interface StateRow {
  readonly name: string;
  readonly mb: number;
  readonly files: number;
  readonly children: number;
  /** How long it took to come back to what it was; undefined where that was not awaited, or did not come. */
  readonly afterMs: number | undefined;
}

export interface SessionCase {
  readonly name: string;
  readonly openMs: number;
  readonly loads: readonly LoadRow[];
  /** The same loads on the server itself, where that is a thing one can do. */
  readonly direct: readonly LoadRow[] | undefined;
  readonly memory: Memory;
  readonly states: readonly StateRow[];
  /** Pieces of news that came through, in all. */
  readonly heard: number;
  /** What the server behind has open still, in the end. */
  readonly left: string | undefined;
}

export function printSessions(one: SessionCase): string {
  const loads = one.loads.flatMap((own, n) => {
    const direct = one.direct?.[n];
    return direct === undefined ? [loadLine(own.name, own, undefined)] : both(own, direct);
  });
  const head = [one.name, 'calls/s', '÷ direct', 'p50 ms', 'p99 ms', 'CPU µs/call'];
  const seen = Object.entries(one.memory.atSeconds)
    .map(([second, mb]) => `${second} s ${whole(mb)}`)
    .join(', ');
  const { mbPerMinute } = one.memory;
  const trend = Number.isNaN(mbPerMinute) ? 'too short to tell' : `${mbPerMinute.toFixed(1)} MB a minute`;
  const left = one.left === undefined ? '' : ` The server behind has left: ${one.left}.`;
  return `${table([head, ...loads])}

${table([['gateway', 'MB', 'open files', 'children', 'back after'], ...one.states.map(stateLine)])}

  Opened within ${whole(one.openMs)} ms; ${whole(one.heard)} pieces of news came through.${left}
  Memory during the load, MB: ${seen}; most ${whole(one.memory.mostMb)}; in its second half ${trend}.
  Garbage that was not collected yet counts with it: growth is a reason to look at the live heap (--trace-gc), not yet a leak.`;
}

function both(own: LoadRow, direct: LoadRow): string[][] {
  return [loadLine(`${own.name}, direct`, direct, undefined), loadLine(`${own.name}, gateway`, own, direct)];
}

function loadLine(name: string, own: LoadRow, direct: LoadRow | undefined): string[] {
  const share = direct === undefined ? '' : ratio(own.callsPerSecond / direct.callsPerSecond);
  const ms = (us: number): string => (us / 1000).toFixed(us < 10_000 ? 2 : 0);
  return [name, whole(own.callsPerSecond), share, ms(own.p50), ms(own.p99), whole(own.cpu)];
}

function stateLine({ name, mb, files, children, afterMs }: StateRow): string[] {
  const back = afterMs === undefined ? (/dropped/.test(name) ? 'NOT BACK' : '') : `${(afterMs / 1000).toFixed(1)} s`;
  return [name, whole(mb), whole(files), whole(children), back];
}
