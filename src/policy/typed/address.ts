/** An IP address by its value. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const DOTTED = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const LONGEST = 45;
const GROUPS = 8;

/**
 * Reads an address as all readers do: four decimal numbers without leading zeros, or the groups of IPv6. Undefined for
 * notations that only some understand (octal, hexadecimal, short, with a zone, in brackets).
 */
export function readAddress(text: string): Address | undefined {
  if (text.length > LONGEST) return undefined;
  const value = readDotted(text);
  if (value !== undefined) return { family: 4, value };
  return readColons(text);
}

function readDotted(text: string): bigint | undefined {
  const parts = DOTTED.exec(text);
  if (parts === null) return undefined;
  let value = 0n;
  for (const part of parts.slice(1)) {
    if (Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function readColons(text: string): Address | undefined {
  const [left = '', right, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const head = readGroups(left, right === undefined ? 'last' : 'inner');
  const tail = readGroups(right ?? '', 'last');
  if (head === undefined || tail === undefined) return undefined;
  const missing = GROUPS - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return { family: 6, value: groups.reduce((value, group) => value * 65_536n + group, 0n) };
}

/** Only the last group may be an address of IPv4; it stands for two. */
function readGroups(text: string, place: 'inner' | 'last'): readonly bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(BigInt(`0x${part}`));
      continue;
    }
    const value = place === 'last' && index === parts.length - 1 ? readDotted(part) : undefined;
    if (value === undefined) return undefined;
    groups.push(value >> 16n, value & 0xffffn);
  }
  return groups;
}

/** Writes an address in its usual form. */
export function writeAddress({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    ((value >> BigInt(16 * (GROUPS - 1 - index))) & 0xffffn).toString(16),
  );
  return URL.parse(`http://[${groups.join(':')}]/`)?.hostname.slice(1, -1) ?? groups.join(':');
}

/** The address of IPv4 that an IPv4-mapped one (`::ffff:10.0.0.1`) is. */
export function mappedIn({ family, value }: Address): Address | undefined {
  return family === 6 && value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : undefined;
}

/**
 * The address of IPv4 that one of IPv6 leads to where the network translates: IPv4-compatible, SIIT, NAT64 and 6to4.
 */
export function embeddedIn({ family, value }: Address): Address | undefined {
  if (family === 4) return undefined;
  const low: Address = { family: 4, value: value & 0xffffffffn };
  if (value >> 32n === 0n) return value > 1n ? low : undefined;
  if (value >> 32n === 0xffff0000n || value >> 32n === 0x64ff9b0000000000000000n) return low;
  if (value >> 80n === 0x64ff9b0001n) return low;
  return value >> 112n === 0x2002n ? { family: 4, value: (value >> 80n) & 0xffffffffn } : undefined;
}

/** `0.0.0.0` and `::`: whoever connects to them reaches the own machine. */
export function isUnspecified({ value }: Address): boolean {
  return value === 0n;
}

export const LOOPBACKS: readonly Address[] = [
  { family: 4, value: 0x7f000001n },
  { family: 6, value: 1n },
];

export function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}
