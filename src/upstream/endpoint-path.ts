import { shown } from './shown.ts';

export type EndpointPath =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'refused'; readonly reason: string };

const MAX_LENGTH = 4096;

/**
 * Where messages go, by the address that a server of 2024-11-05 names.
 * INVARIANT: never to another scheme, host or port, since our credentials go there too. The address may hold a secret, so it is not told.
 */
export function endpointPath(base: { readonly origin: string; readonly path: string }, address: string): EndpointPath {
  const url = address.length > MAX_LENGTH ? null : URL.parse(address, base.origin + base.path);
  if (url === null) {
    return {
      kind: 'refused',
      reason: `it names an address for messages that is no URL of at most ${MAX_LENGTH} characters`,
    };
  }
  // What only wraps an address (`blob:`) has its origin too.
  const isOwn = url.origin === base.origin && (url.protocol === 'http:' || url.protocol === 'https:');
  if (!isOwn || url.username !== '' || url.password !== '') {
    const there = isOwn ? 'one with a user name or password' : shown(url.origin, 100);
    return { kind: 'refused', reason: `it names an address for messages that is not of its own origin (${there})` };
  }
  return { kind: 'path', path: url.pathname + url.search };
}
