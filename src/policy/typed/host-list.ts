import { quoted } from '../problem.ts';
import { FALSE, TRUE, type Truth, truth, UNKNOWN } from '../truth.ts';
import { embeddedIn, mappedIn, readAddress, writeAddress } from './address.ts';
import { type Host, isOwnMachine, keyOf, readHost } from './host.ts';

/** One host of a policy, or all those below one. */
export type HostEntry =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'below'; readonly name: string };

export interface HostList {
  readonly hosts: ReadonlySet<string>;
  /** Names of which every subdomain counts, but not they themselves. */
  readonly parents: ReadonlySet<string>;
  readonly ownMachine: 'named' | 'not named';
}

const REMEDY = 'write a host such as "example.com", "*.example.com" or "192.0.2.7"';

/** Reads a host of a policy; a text says why it is none. */
export function readHostEntry(text: string): HostEntry | string {
  const isBelow = text.startsWith('*.');
  const host = normalised(isBelow ? text.slice(2) : text);
  if (typeof host === 'string') return `${quoted(text)} ${host}`;
  if (!isBelow) return { kind: 'host', host };
  if (host.kind === 'name') return { kind: 'below', name: host.name };
  return `${quoted(text)} puts *. before an address; ${REMEDY}`;
}

/** Unlike in a call, anything is read that the parser of URLs understands: the author sees what becomes of it. */
function normalised(text: string): Host | string {
  if (text.includes('*')) return `has * elsewhere than in *. at its beginning; ${REMEDY}`;
  if (/:\/\//.test(text)) return 'is a URL; write its host alone, such as "example.com"';
  if (/^[^:]*:\d*$/.test(text)) return `names a port; ${REMEDY}`;
  if (/[\s/\\@?#%]/.test(text)) return `is no host; ${REMEDY}`;
  const address = readAddress(text.replace(/^\[(.*)\]$/, '$1'));
  const mapped = address && mappedIn(address);
  if (mapped !== undefined) return `is an address of IPv4; write "${writeAddress(mapped)}"`;
  if (address !== undefined) return { kind: 'address', address };
  const parsed = URL.parse(`http://${text}/`)?.hostname;
  const host = parsed === undefined ? undefined : readHost(parsed);
  if (parsed === undefined || host === undefined) return `is no host; ${REMEDY}`;
  return host.kind === 'name' ? host : `is an odd notation of an address; write "${parsed}"`;
}

export function hostListOf(entries: readonly HostEntry[]): HostList {
  const hosts = entries.flatMap((entry) => (entry.kind === 'host' ? [entry.host] : []));
  const parents = entries.flatMap((entry) => (entry.kind === 'below' ? [entry.name] : []));
  return {
    hosts: new Set(hosts.map(keyOf)),
    parents: new Set(parents),
    ownMachine: hosts.some(isOwnMachine) || parents.includes('localhost') ? 'named' : 'not named',
  };
}

/** Whether the list names the host; unknown where it names it by another of its addresses. */
export function judgeHost({ hosts, parents, ownMachine }: HostList, host: Host): Truth {
  if (hosts.has(keyOf(host))) return TRUE;
  if (host.kind === 'name' && isBelowAny(parents, host.name)) return TRUE;
  if (ownMachine === 'named' && isOwnMachine(host)) return UNKNOWN;
  const embedded = host.kind === 'address' ? embeddedIn(host.address) : undefined;
  if (embedded === undefined) return FALSE;
  return judgeHost({ hosts, parents, ownMachine }, { kind: 'address', address: embedded }) === FALSE ? FALSE : UNKNOWN;
}

/** Whether the list names the domain of an e-mail address. */
export function judgeDomain({ hosts, parents }: HostList, name: string): Truth {
  return truth(hosts.has(name) || isBelowAny(parents, name));
}

function isBelowAny(parents: ReadonlySet<string>, name: string): boolean {
  if (parents.size === 0) return false;
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    if (parents.has(name.slice(dot + 1))) return true;
  }
  return false;
}
