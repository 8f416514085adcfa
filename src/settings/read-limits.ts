import { DEFAULT_LIMITS, type Limits } from '../gateway/limits.ts';
import { quoted } from '../policy/problem.ts';
import type { Json } from '../wire/json.ts';
import { LIMIT_KEYS, type LimitKey } from './limit-keys.ts';
import { type Item, knownKeys, member, type Reading, say } from './reading.ts';
import { bytesOfSize, sizeWords } from './size.ts';

/** Reads `limits`; what it does not set stays as it is by default. */
export function readLimits(reading: Reading, item: Item | undefined): Limits {
  if (item === undefined || !knownKeys(reading, item, Object.keys(LIMIT_KEYS))) return DEFAULT_LIMITS;
  const set = Object.entries(LIMIT_KEYS).flatMap(([key, bounds]) => {
    const amount = amountAt(reading, member(item, key), bounds);
    return amount === undefined ? [] : [[bounds.sets, amount] as const];
  });
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(set) };
}

/** The limit in its own unit: bytes, milliseconds, or how many. */
function amountAt(reading: Reading, item: Item | undefined, bounds: LimitKey): number | undefined {
  if (item === undefined) return undefined;
  const amount = amountOf(item.value, bounds);
  if (amount !== undefined && amount >= bounds.least && amount <= bounds.most) {
    return bounds.unit === 'seconds' ? amount * 1000 : amount;
  }
  return say(reading, item.pointer, `must be ${wanted(bounds)}${asWritten(item.value)}`);
}

function amountOf(value: Json, { unit }: LimitKey): number | undefined {
  if (unit === 'bytes' && typeof value === 'string') return bytesOfSize(value);
  if (typeof value !== 'number') return undefined;
  return unit === 'seconds' || Number.isInteger(value) ? value : undefined;
}

function wanted({ unit, least, most }: LimitKey): string {
  switch (unit) {
    case 'number':
      return `a whole number from ${least} to ${most}`;
    case 'seconds':
      return `a number of seconds from ${least} to ${most}`;
    case 'bytes':
      return `a whole number of bytes, or a size such as "512KiB" or "4MiB", from ${sizeWords(least)} to ${sizeWords(most)}`;
  }
}

function asWritten(value: Json): string {
  if (typeof value === 'number') return `, not ${value}`;
  return typeof value === 'string' ? `, not ${quoted(value)}` : '';
}
