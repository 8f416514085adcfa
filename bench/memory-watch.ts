import { residentMb } from './processes.ts';

export interface MemoryWatch {
  /** Stops looking. */
  end(): Memory;
}

export interface Memory {
  /** By seconds since the load began. */
  readonly atSeconds: Readonly<Record<string, number>>;
  readonly mostMb: number;
  /** How it moved in the second half. */
  readonly mbPerMinute: number;
}

const TOLD_AT = [0, 10, 30, 60];

/** Looks at the memory of a process once a second. */
export function watchMemory(pid: number): MemoryWatch {
  const begin = performance.now();
  const seen: { readonly second: number; readonly mb: number }[] = [];
  const look = (): void => void seen.push({ second: (performance.now() - begin) / 1000, mb: residentMb(pid) });
  look();
  const timer = setInterval(look, 1_000);
  return {
    end() {
      clearInterval(timer);
      look();
      const last = seen.at(-1)?.second ?? 0;
      const told = TOLD_AT.filter((second) => second <= last + 0.5);
      return {
        atSeconds: Object.fromEntries(told.map((second) => [second, closest(seen, second)])),
        mostMb: Math.max(...seen.map(({ mb }) => mb)),
        mbPerMinute: 60 * slope(seen.filter(({ second }) => second >= last / 2)),
      };
    },
  };
}

function closest(seen: readonly { readonly second: number; readonly mb: number }[], wanted: number): number {
  const [first] = [...seen].sort((a, b) => Math.abs(a.second - wanted) - Math.abs(b.second - wanted));
  return first?.mb ?? Number.NaN;
}

/** Of the straight line that is nearest to the points, by least squares. */
function slope(points: readonly { readonly second: number; readonly mb: number }[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(({ second }) => second));
  const y = mean(points.map(({ mb }) => mb));
  const both = points.reduce((sum, { second, mb }) => sum + (second - x) * (mb - y), 0);
  return both / points.reduce((sum, { second }) => sum + (second - x) ** 2, 0);
}
