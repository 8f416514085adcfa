import type { JsonArray } from '../../wire/json.ts';
import { type IpRange, readRange } from '../typed/ip.ts';

/** Whether every address of the first ranges is in one of the second, also where it takes several of them. */
export function isRangesIn(ranges: JsonArray, others: JsonArray): boolean {
  const wide = others.flatMap(rangesOf);
  return ranges.every((text) => {
    const [range] = rangesOf(text);
    return (
      range !== undefined &&
      isCovered(
        range,
        wide.filter(({ family }) => family === range.family),
      )
    );
  });
}

function rangesOf(text: JsonArray[number]): readonly IpRange[] {
  const range = readRange(String(text));
  return typeof range === 'string' ? [] : [range];
}

/** Halves the range until one of the others covers it: at most as often as an address has bits for each of them. */
function isCovered(range: IpRange, others: readonly IpRange[]): boolean {
  if (others.some((other) => isWithin(range, other))) return true;
  const inner = others.filter((other) => isWithin(other, range));
  if (inner.length < 2) return false;
  const half = { ...range, free: range.free - 1n };
  return [0n, 1n].every((bit) => isCovered({ ...half, network: range.network * 2n + bit }, inner));
}

function isWithin({ free, network }: IpRange, other: IpRange): boolean {
  return free <= other.free && network >> (other.free - free) === other.network;
}
