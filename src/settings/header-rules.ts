/** These belong to the transport; a configured one would break it or be overwritten. */
const OWN_HEADERS: ReadonlySet<string> = new Set(
  `accept accept-encoding connection content-encoding content-length content-type expect host keep-alive last-event-id mcp-method
  mcp-name mcp-protocol-version mcp-session-id te trailer transfer-encoding upgrade`.split(/\s+/),
);
/** Headers that repeat arguments of a call. */
const OWN_PREFIX = 'mcp-param-';

/** What makes a name unfit for a header to a remote server, as the end of a sentence; undefined when nothing does. */
export function headerNameFault(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower)) return 'is no name for a header';
  if (OWN_HEADERS.has(lower) || lower.startsWith(OWN_PREFIX)) {
    return 'is a header that the gateway sets itself; leave it out';
  }
  return undefined;
}

/** The same of its value, which is not repeated. */
export function headerValueFault(value: string): string | undefined {
  return /^[\t\x20-\x7e]*$/.test(value) ? undefined : 'holds a character that no header can carry (only ASCII is sent)';
}

/** What is said of a name that stands before in another case. */
export const HEADER_TWICE = 'stands twice: case makes no difference in the name of a header';
