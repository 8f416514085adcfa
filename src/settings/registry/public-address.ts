import { FALSE } from '../../policy/truth.ts';
import { isLoopback, readAddress } from '../../policy/typed/address.ts';
import { isOwnMachine, readHost } from '../../policy/typed/host.ts';
import { type IpRange, judgeIp, readRange } from '../../policy/typed/ip.ts';

/** Addresses that lead to this machine, this network, or nowhere. */
const PRIVATE: readonly IpRange[] = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 ' +
  '198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/128 ::1/128 100::/64 2001::/32 2001:db8::/32 3fff::/20 fc00::/7 fe80::/10 fec0::/10 ff00::/8'
)
  .split(' ')
  .map(readRange)
  .filter((range) => typeof range !== 'string');

/** Whether an address is one of the open network, however it is read. */
export function isPublicAddress(text: string): boolean {
  return judgeIp(PRIVATE, text) === FALSE;
}

/** Whether a host of a URL is this machine by its name or address. */
export function isLoopbackHost(hostname: string): boolean {
  const host = readHost(hostname);
  return host !== undefined && isOwnMachine(host);
}

/** Whether an address is this machine. */
export function isLoopbackAddress(text: string): boolean {
  const address = readAddress(text);
  return address !== undefined && isLoopback(address);
}

/** What is wrong with an address that somebody else chose, as the end of a sentence; undefined if nothing is. Names are looked up later. */
export function whyNoWay(url: URL, loopback: 'meant' | 'not meant'): string | undefined {
  if (isLoopbackHost(url.hostname)) {
    return loopback === 'meant' ? undefined : 'leads to this machine; say --loopback if that is meant';
  }
  if (url.protocol !== 'https:') return 'must begin with https:// (http:// only to this machine)';
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (readAddress(literal) !== undefined && !isPublicAddress(literal)) return 'leads into a private network';
  return undefined;
}
