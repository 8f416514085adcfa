import type { IncomingMessage } from 'node:http';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface GuardOptions {
  /** Host names besides the loopback ones under which clients may call, in lower case, with a port or for any. */
  readonly hosts: readonly string[];
  /** Web origins besides those hosts that may call, e.g. `https://console.example.com`. */
  readonly origins: readonly string[];
}

/** Why the request may come from a web page that has no business here (DNS rebinding, cross-site), or undefined. */
export function foreignness(request: IncomingMessage, options: GuardOptions): string | undefined {
  if (!isAllowed(request.headers.host, options.hosts)) {
    return 'this Host is not allowed; add it to "hosts" in the configuration if it is yours';
  }
  const { origin } = request.headers;
  if (origin === undefined || options.origins.includes(origin)) return undefined;
  if (URL.canParse(origin) && isAllowed(new URL(origin).host, options.hosts)) return undefined;
  return 'this Origin is not allowed; add it to "origins" in the configuration if it is yours';
}

/** Only what is plainly `name` or `name:port` can be allowed. */
function isAllowed(host: string | undefined, hosts: readonly string[]): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '');
  if (match?.[1] === undefined) return false;
  return LOOPBACK.has(match[1]) || hosts.includes(match[1]) || hosts.includes(match[0]);
}

/** Whether an address to listen at is reached from this machine only. */
export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
