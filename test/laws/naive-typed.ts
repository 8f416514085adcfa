import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { posix } from 'node:path';
import type { JsonObject } from '../../src/wire/json.ts';
import { list } from './naive-list.ts';
import { type Three, three } from './naive-value.ts';
import { STATEMENTS } from './statements.ts';

/** What the operators for hosts, paths, addresses and SQL say of texts that are in no way devious. */
export function judgeTyped(text: string, condition: JsonObject): Three {
  const wanted = list(condition, 'value').map((one) => String(one));
  switch (condition['op']) {
    case 'url_host_in':
      return three(wanted.some((host) => isHostOf(new URL(text).hostname, host)));
    case 'url_scheme_in':
      return three(wanted.includes(new URL(text).protocol.slice(0, -1)));
    case 'path_within':
      return three(wanted.some((folder) => isWithin(posix.resolve(text), folder)));
    case 'ip_in':
      return three(wanted.some((range) => isInRange(unmapped(text), range)));
    case 'email_domain_in':
      return three(wanted.includes(text.slice(text.indexOf('@') + 1)));
    case 'sql_only':
      return three(STATEMENTS.some((one) => one.text === text && one.isSelect));
    default:
      throw new Error(`naive engine: no operator ${String(condition['op'])}`);
  }
}

function isHostOf(host: string, wanted: string): boolean {
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isInRange(address: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  const blocked = new BlockList();
  if (isIPv4(network) !== isIPv4(address)) return false;
  blocked.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6');
  return blocked.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** IPv4-mapped IPv6 counts as IPv4. */
function unmapped(address: string): string {
  const { groups } = /^::ffff:(?<mapped>[\d.]+)$/.exec(address.toLowerCase()) ?? {};
  return groups?.['mapped'] ?? address;
}
