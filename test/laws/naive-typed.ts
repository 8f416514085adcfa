import { BlockList, isIP, isIPv4 } from 'node:net';
import { posix } from 'node:path';
import { domainToASCII } from 'node:url';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { list } from './naive-list.ts';
import { some, type Three, three } from './naive-value.ts';
import { STATEMENTS } from './statements.ts';

/** What the operators for URLs, paths, addresses and SQL say of a text; what looks devious cannot be judged. */
export function judgeTyped(text: string, condition: JsonObject): Three {
  const wanted = list(condition, 'value');
  const any = (test: (one: string) => boolean): Three => some(wanted.map((one: Json) => three(test(String(one)))));
  switch (condition['op']) {
    case 'url_host_in': {
      const url = plainUrl(text);
      return url === undefined ? 'unknown' : any((host) => isHostOf(url.hostname, host));
    }
    case 'url_scheme_in': {
      const url = plainUrl(text);
      return url === undefined ? 'unknown' : any((scheme) => url.protocol === `${scheme}:`);
    }
    case 'path_within': {
      const path = decoded(text).replaceAll('\\', '/');
      if (!path.startsWith('/') || path.includes('\0')) return 'unknown';
      return any((folder) => `${posix.resolve(path)}/`.startsWith(`${folder}/`));
    }
    case 'ip_in': {
      const address = unmapped(text);
      return isIP(address) === 0 ? 'unknown' : any((range) => isInRange(address, range));
    }
    case 'email_domain_in': {
      const [, domain] = /^[\w.+-]+@([\w.-]+)$/.exec(text) ?? [];
      return domain === undefined ? 'unknown' : any((one) => one === domain);
    }
    case 'sql_only':
      return three(STATEMENTS.some((one) => one.text === text && one.isSelect));
    default:
      throw new Error(`naive engine: no operator ${String(condition['op'])}`);
  }
}

/** The URL, where the text says plainly where it leads. */
function plainUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  const [, host = ''] = /^[^/]*\/\/([^/?#]*)/.exec(text) ?? [];
  const isOddAddress = isIPv4(url.hostname) && !host.startsWith(url.hostname);
  return /[\s\\@\0]/.test(text.slice(0, 300)) || host.endsWith('.') || isOddAddress ? undefined : url;
}

function isHostOf(host: string, wanted: string): boolean {
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === domainToASCII(wanted);
}

/** Percent-decoded until nothing changes. */
function decoded(text: string): string {
  const once = text.replace(/%[0-7][0-9a-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  return once === text ? text : decoded(once);
}

function isInRange(address: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  if (isIP(network) !== isIP(address)) return false;
  const blocked = new BlockList();
  blocked.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6');
  return blocked.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** IPv4-mapped IPv6 counts as IPv4. */
function unmapped(text: string): string {
  if (isIP(text) !== 6) return text;
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(new URL(`http://[${text}]/`).hostname) ?? [];
  if (high === undefined || low === undefined) return text;
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.');
}
