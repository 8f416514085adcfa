import { type Address, isLoopback, isUnspecified, mappedIn, readAddress } from './address.ts';

/** A host that every reader understands the same way. */
export type Host =
  /** Lower case, in punycode, without the dot at the end. */
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'address'; readonly address: Address };

const LONGEST = 254;
const ASCII = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i;
const LETTERS = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u;
/** Names that systems give the own machine in their lists of hosts, beside `*.localhost`. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost4.localdomain4',
  'localhost6',
  'localhost6.localdomain6',
  'ip6-localhost',
  'ip6-loopback',
]);
/** Characters of which the old and the new rules for international names make different names. */
const DISPUTED = /[ß\u03c2\u200c\u200d]/u;

/**
 * Reads a host as it stands in a URL; undefined where readers may differ: percent-encoding, odd notations of addresses,
 * letters that are mapped to others, empty labels.
 */
export function readHost(text: string): Host | undefined {
  if (text.startsWith('[')) return readBracketed(text);
  const name = readName(text);
  if (name === undefined) return undefined;
  const address = readAddress(name);
  if (address === undefined) return { kind: 'name', name };
  return text === name ? { kind: 'address', address } : undefined;
}

function readBracketed(text: string): Host | undefined {
  const address = text.endsWith(']') ? readAddress(text.slice(1, -1)) : undefined;
  if (address === undefined || address.family === 4 || mappedIn(address) !== undefined) return undefined;
  return { kind: 'address', address };
}

function readName(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const isAscii = ASCII.test(text);
  if (!isAscii && !isSettled(text)) return undefined;
  const bare = text.toLowerCase().replace(/\.$/, '');
  const name = URL.parse(`http://${bare}/`)?.hostname;
  if (name === undefined || /(?:^|\.)xn--[^.]*-(?:\.|$)/.test(name)) return undefined;
  // What the parser rewrites, such as 0x7f.1, is read otherwise elsewhere.
  return isAscii && name !== bare ? undefined : name;
}

/** Whether an international name is one that no rules for such names map to another. */
function isSettled(text: string): boolean {
  return LETTERS.test(text) && !DISPUTED.test(text) && text.normalize('NFKC').toLowerCase() === text;
}

export function isSameHost(one: Host | undefined, other: Host): boolean {
  return one !== undefined && keyOf(one) === keyOf(other);
}

/** A text that only equal hosts have. */
export function keyOf(host: Host): string {
  return host.kind === 'name' ? host.name : `[${host.address.family}] ${host.address.value}`;
}

/** Whether the host is the own machine under one of its names. */
export function isOwnMachine(host: Host): boolean {
  if (host.kind === 'name') return OWN_NAMES.has(host.name) || host.name.endsWith('.localhost');
  return isLoopback(host.address) || isUnspecified(host.address);
}
