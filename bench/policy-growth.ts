// How the time of one decision grows with the arguments of the call.
import { decide } from '../src/policy/decide.ts';
import type { Facts } from '../src/policy/decision.ts';
import type { Call } from '../src/wire/call.ts';
import { isObject } from '../src/wire/json.ts';
import { readJson, STRICT } from '../src/wire/read-json.ts';
import { median, ratio, table } from './figures.ts';
import { compiled, SUBJECT, TARGET } from './policy-engines.ts';
import { HOSTILE, type Hostile } from './policy-hostile.ts';

const KB = 1_000;
const SIZES: readonly number[] = [1, 4, 16, 64, 256, 1_000].map((size) => size * KB);
const LINEAR = 1.1;
/** Below it the fixed cost of a decision is what is measured. */
const FIT_FROM_BYTES = 4 * KB;
const ENOUGH_US = 60_000;
const ONCE_IS_ENOUGH_MS = 2_000;
const GIVE_UP_MS = 10_000;
const FACTS: Facts = { at: 0, calls: new Map() };

interface Row {
  readonly name: string;
  /** For each size the median of one decision, CPU µs; shorter where the next would have taken too long. */
  readonly times: readonly number[];
  /**
   * Slope of log time over log size, of the fastest samples (which others on the machine disturb least), from 4 KB up to
   * the slowest size; beyond that a limit of size ends the work.
   */
  readonly exponent: number;
  /** The same between the slowest size and the one before it. */
  readonly atTheEnd: number;
  readonly effect: string;
}

export interface GrowthFigures {
  readonly sizes: readonly number[];
  readonly rows: readonly Row[];
  readonly text: string;
}

interface Case {
  readonly hostile: Hostile;
  readonly asks: readonly (() => string)[];
  readonly samples: number[][];
}

export function benchGrowth(rounds: number): GrowthFigures {
  const rows = HOSTILE.map((hostile) => measure(prepare(hostile), rounds));
  return { sizes: SIZES, rows, text: print(rows) };
}

function prepare(hostile: Hostile): Case {
  const asks = SIZES.map((bytes) => {
    const document = { version: '1', default: 'deny', tools: { act: hostile.rules(bytes) } };
    const policies = { policy: compiled(document), baseline: undefined };
    const call = callOf(hostile, bytes);
    return () => decide(policies, SUBJECT, call, TARGET, FACTS).effect;
  });
  return { hostile, asks, samples: SIZES.map(() => []) };
}

/** Read by the product's own reader, as every call is. */
function callOf({ name, args }: Hostile, bytes: number): Call {
  const text = JSON.stringify(args(bytes));
  const size = Buffer.byteLength(text);
  if (size > bytes * 1.05 || size < bytes * 0.6)
    throw new Error(`${name}: ${size} bytes where ${bytes} were asked for`);
  const read = readJson(text, STRICT);
  if (read.kind !== 'value' || !isObject(read.value)) throw new Error(`${name}: the arguments cannot be read`);
  return { kind: 'tool', method: 'tools/call', name: 'act', args: read.value, params: read.value };
}

/** All sizes in turns, round by round; from small to large, so that what takes too long is never begun. */
function measure({ hostile, asks, samples }: Case, rounds: number): Row {
  let reached = asks.length;
  let effect = '';
  for (let round = 0; round < rounds; round += 1) {
    for (const [n, ask] of asks.slice(0, reached).entries()) {
      const own = samples[n] ?? [];
      if ((own[0] ?? 0) > ONCE_IS_ENOUGH_MS * 1e3) continue;
      const one = cpuOf(ask);
      effect = one.effect;
      own.push(one.us);
      const growth = (SIZES[n + 1] ?? 0) / (SIZES[n] ?? 1);
      if (growth * median(own) > GIVE_UP_MS * 1e3) {
        reached = n + 1;
        break;
      }
    }
  }
  const times = samples.slice(0, reached).map(median);
  const fastest = samples.slice(0, reached).map((own) => Math.min(...own));
  const end = fastest.indexOf(Math.max(...fastest)) + 1;
  return {
    name: hostile.name,
    times,
    exponent: exponentOf(fastest, SIZES.indexOf(FIT_FROM_BYTES), end),
    atTheEnd: exponentOf(fastest, end - 2, end),
    effect,
  };
}

/**
 * CPU time of this thread for one decision, µs: on a busy machine it is not what others take. Its clock may tick only every
 * few milliseconds, so that quick decisions are taken many times.
 */
function cpuOf(ask: () => string): { readonly us: number; readonly effect: string } {
  let effect = '';
  let us = 0;
  let taken = 0;
  const start = process.threadCpuUsage();
  for (let batch = 1; us < ENOUGH_US; batch *= 2) {
    for (let n = 0; n < batch; n += 1) effect = ask();
    taken += batch;
    const { user, system } = process.threadCpuUsage(start);
    us = user + system;
  }
  return { us: us / taken, effect };
}

/** Slope of the logarithms by least squares, over the sizes from `from` up to, not including, `end`. */
function exponentOf(times: readonly number[], from: number, end: number): number {
  const points = times.flatMap((time, n) =>
    n < from || n >= end ? [] : [{ x: Math.log(SIZES[n] ?? 0), y: Math.log(time) }],
  );
  if (points.length < 2) return 0;
  const meanOf = (pick: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [meanOf((point) => point.x), meanOf((point) => point.y)];
  const covariance = meanOf((point) => (point.x - x) * (point.y - y));
  return covariance / meanOf((point) => (point.x - x) ** 2);
}

function print(rows: readonly Row[]): string {
  const names = SIZES.map((size) => (size < 1_000 * KB ? `${size / KB} KB` : `${size / KB / 1_000} MB`));
  const head = ['worst inputs, CPU µs', ...names, 'µs/KB at most', 'exponent', 'at the end', ''];
  const lines = rows.map(({ name, times, exponent, atTheEnd, effect }) => [
    name,
    ...SIZES.map((_, n) => shown(times[n])),
    shown(Math.max(...times.map((time, n) => time / ((SIZES[n] ?? KB) / KB)).slice(1))),
    exponent > LINEAR ? `! ${ratio(exponent)}` : ratio(exponent),
    ratio(atTheEnd),
    effect,
  ]);
  const steep = rows.filter(({ exponent }) => exponent > LINEAR);
  const isStep = ({ atTheEnd }: Row): boolean => atTheEnd <= LINEAR;
  const named = (some: readonly Row[]): string => some.map(({ name }) => name).join('; ') || 'none';
  return `${table([head, ...lines])}

  Not linear in the size of the arguments (exponent over ${LINEAR}, at the end too): ${named(steep.filter((row) => !isStep(row)))}.
  Steps (over ${LINEAR}, but not at the end: a fast engine gives up for a slow one, both linear): ${named(steep.filter(isStep))}.
  CPU time of one decision on one hostile call; medians, the exponents of the fastest samples, from ${FIT_FROM_BYTES / KB} KB up to the slowest
  size. Where a text is too long for what judges it, it is not searched but refused, and the time falls. "—": not begun, it
  might have taken over ${GIVE_UP_MS / 1e3} s.`;
}

function shown(value: number | undefined): string {
  if (value === undefined) return '—';
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
