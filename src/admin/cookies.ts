import type { IncomingMessage } from 'node:http';

/** What the cookies of this gateway are called and how they are kept. */
export interface Jar {
  readonly session: string;
  /** Held by who has not signed in yet, so that nobody is signed in by a form of somebody else. */
  readonly door: string;
  readonly attributes: string;
}

/**
 * Lax, not Strict: a link in a chat must open the question for who is signed in. No GET changes anything, and a POST needs our own Origin and
 * the key of the form besides. Without TLS the path is as narrow as can be, since browsers send cookies to all ports of a host.
 */
export function jarOf(request: IncomingMessage, isSecure: boolean): Jar {
  const prefix = isSecure ? '__Host-' : '';
  // Two gateways on one host do not sign each other's people out.
  const port = request.socket.localPort ?? 0;
  const attributes = isSecure
    ? '; Path=/; Secure; HttpOnly; SameSite=Lax'
    : '; Path=/approvals; HttpOnly; SameSite=Lax';
  return { session: `${prefix}toolgate-${port}`, door: `${prefix}toolgate-door-${port}`, attributes };
}

/** The value of a cookie of ours; undefined if it is not there, or there twice. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = found;
  return found.length === 1 && value !== undefined && /^[\w-]{1,100}$/.test(value) ? value : undefined;
}

/** The header that sets it, until the browser is closed. */
export function setCookie(name: string, value: string, { attributes }: Jar): string {
  return `${name}=${value}${attributes}`;
}

export function dropCookie(name: string, { attributes }: Jar): string {
  return `${name}=; Max-Age=0${attributes}`;
}
