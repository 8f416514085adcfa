import { quoted } from '../problem.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { type Host, isSameHost, readHost } from './host.ts';
import { type HostList, judgeHost } from './host-list.ts';

/** Control characters, blanks and back-slashes: some readers drop them, cut the text there, or take `\` for `/`. */
const DISPUTED = /[\p{Cc}\p{Cs}\s\\]/u;
/** Schemes of which all that follows is opaque. Others without `//` may be a host and a port. */
const OPAQUE: ReadonlySet<string> = new Set(['about', 'data', 'javascript', 'mailto', 'sms', 'tel', 'urn']);
/** Schemes of the web: without a host right after `//` readers disagree where it stands. */
const SPECIAL: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp']);
/** Keys of a query by which drivers of databases and queues connect elsewhere; one with escapes may be any of them. */
const HOST_KEY = /host|server|addr|service|endpoint|socket|%/i;
const SCHEME = /^[a-z][a-z0-9+.-]*$/;

interface Split {
  /** Lower case. */
  readonly scheme: string;
  /** What follows the colon. */
  readonly rest: string;
}

function split(text: string): Split | undefined {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(0, colon)).toLowerCase();
  if (!SCHEME.test(scheme) || DISPUTED.test(text)) return undefined;
  return { scheme, rest: text.slice(colon + 1) };
}

/** Whether the host of an absolute URL is in the list. Unknown where readers of the URL may find different hosts. */
export function judgeUrlHost(list: HostList, text: string): Truth {
  const parts = split(text);
  const host = parts && certainHost(parts, text);
  return host === undefined ? UNKNOWN : judgeHost(list, host);
}

/** The host in which all readers of the URL agree; undefined where they may not, or there is none. */
function certainHost(parts: Split, text: string): Host | undefined {
  if (!parts.rest.startsWith('//')) return undefined;
  const end = parts.rest.slice(2).search(/[/?#]/);
  const authority = end === -1 ? parts.rest.slice(2) : parts.rest.slice(2, 2 + end);
  const after = parts.rest.slice(2 + authority.length);
  // https://example.com?@evil.example: careless readers look for the last @, as far as the first slash or beyond.
  if (!after.startsWith('/') && after.includes('@')) return undefined;
  if (!SPECIAL.has(parts.scheme) && namesHost(after)) return undefined;
  const name = /^(\[[^\]]*\]|[^:[\]]+)(?::\d{1,5})?$/.exec(authority)?.[1];
  const host = name === undefined ? undefined : readHost(name);
  if (host === undefined) return undefined;
  const parsed = URL.parse(text);
  return parsed !== null && isSameHost(readHost(parsed.hostname), host) ? host : undefined;
}

/** `/db?host=evil.example`, `;serverName=…`, `#endpoint=…`. */
function namesHost(after: string): boolean {
  const [, ...parameters] = after.split(/[?#&;]/);
  return parameters.some((parameter) => HOST_KEY.test(parameter.split('=', 1)[0] ?? ''));
}

/** Whether the scheme of an absolute URL is one of these. Unknown for what is no absolute URL, or may be another. */
export function judgeUrlScheme(schemes: ReadonlySet<string>, text: string): Truth {
  const parts = split(text);
  if (parts === undefined || !hasCertainScheme(schemes, parts) || !URL.canParse(text)) return UNKNOWN;
  // A URL whose host is in dispute satisfies no list, whatever its scheme.
  if (/^\/\/[^/?#]/.test(parts.rest) && certainHost(parts, text) === undefined) return UNKNOWN;
  return schemes.has(parts.scheme) ? TRUE : FALSE;
}

function hasCertainScheme(schemes: ReadonlySet<string>, { scheme, rest }: Split): boolean {
  if (SPECIAL.has(scheme)) return /^\/\/[^/?#]/.test(rest);
  if (rest.startsWith('//')) return true;
  // url:file:///etc/passwd: some readers unwrap one URL from another.
  if (scheme === 'file' || rest === '' || /^[a-z][a-z0-9+.-]*:/i.test(rest)) return false;
  return OPAQUE.has(scheme) || schemes.has(scheme);
}

/** Reads a scheme of a policy; a text says why it is none. */
export function readScheme(text: string): { readonly scheme: string } | string {
  const bare = text.toLowerCase();
  if (SCHEME.test(bare)) return { scheme: bare };
  const guess = /^([a-z][a-z0-9+.-]*):/.exec(bare)?.[1];
  return `${quoted(text)} is no scheme; write ${guess === undefined ? 'one such as "https"' : `"${guess}"`}`;
}
