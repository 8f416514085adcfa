import { quoted } from '../problem.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { type Address, embeddedIn, isUnspecified, LOOPBACKS, mappedIn, readAddress, writeAddress } from './address.ts';

/** Addresses that share their first bits. */
export interface IpRange {
  readonly family: 4 | 6;
  /** How many last bits are free. */
  readonly free: bigint;
  /** The first bits. */
  readonly network: bigint;
}

const REMEDY = 'write one such as "10.0.0.0/8", "192.0.2.7" or "2001:db8::/32"';

/** Reads an address, or a range in CIDR notation; a text says why it is none. */
export function readRange(text: string): IpRange | string {
  const parts = /^([^/]{1,64})(?:\/(0|[1-9]\d{0,2}))?$/.exec(text);
  const address = parts?.[1] === undefined ? undefined : readAddress(parts[1]);
  if (parts === null || address === undefined) return `${quoted(text)} is no IP address or range; ${REMEDY}`;
  const { family, value } = address;
  const bits = family === 4 ? 32 : 128;
  const prefix = parts[2] === undefined ? bits : Number(parts[2]);
  if (prefix > bits) return `${quoted(text)} has more than ${bits} bits; ${REMEDY}`;
  const mapped = mappedIn(address);
  if (mapped !== undefined && prefix >= 96) {
    return `${quoted(text)} is a range of IPv4; write "${written(startOf(mapped, BigInt(128 - prefix)), prefix - 96)}"`;
  }
  const free = BigInt(bits - prefix);
  const start = startOf(address, free);
  if (start.value !== value) return `${quoted(text)} does not begin its range; write "${written(start, prefix)}"`;
  return { family, free, network: value >> free };
}

function startOf({ family, value }: Address, free: bigint): Address {
  return { family, value: (value >> free) << free };
}

function written(address: Address, prefix: number): string {
  return `${writeAddress(address)}/${prefix}`;
}

/** Whether the text is an address in one of the ranges. Unknown for what is no plain address. */
export function judgeIp(ranges: readonly IpRange[], text: string): Truth {
  const address = readAddress(text);
  if (address === undefined) return UNKNOWN;
  const mapped = mappedIn(address);
  const own = mapped ?? address;
  if (isWithin(ranges, own)) return TRUE;
  return otherReadings(address, own).some((other) => isWithin(ranges, other)) ? UNKNOWN : FALSE;
}

/** Addresses that this one leads to on some machines, and the form of IPv6 of what counts as IPv4. */
function otherReadings(address: Address, own: Address): readonly Address[] {
  const others: Address[] = address === own ? [] : [address];
  const embedded = embeddedIn(own);
  if (embedded !== undefined) others.push(embedded);
  return isUnspecified(own) ? [...others, ...LOOPBACKS] : others;
}

function isWithin(ranges: readonly IpRange[], { family, value }: Address): boolean {
  return ranges.some((range) => range.family === family && value >> range.free === range.network);
}
