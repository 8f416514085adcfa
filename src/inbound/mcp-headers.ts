export const SESSION = 'mcp-session-id';
export const VERSION = 'mcp-protocol-version';
export const LAST_EVENT = 'last-event-id';

const PARAM = 'mcp-param-';
const SINGLE: ReadonlySet<string> = new Set([VERSION, SESSION, LAST_EVENT, 'mcp-method', 'mcp-name']);

/** The headers of MCP in a request. */
export interface McpHeaders {
  /** Values by lower-case name. */
  readonly values: ReadonlyMap<string, string>;
  /** One that stands there twice, so that two readers could take different values. */
  readonly doubled: string | undefined;
}

/** Reads them from names and values as they came, in turn: Node's own table joins or drops what is doubled. */
export function mcpHeaders(raw: readonly string[]): McpHeaders {
  const values = new Map<string, string>();
  let doubled: string | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (!SINGLE.has(name) && !name.startsWith(PARAM)) continue;
    if (values.has(name)) doubled ??= name;
    else values.set(name, raw[at + 1] ?? '');
  }
  return { values, doubled };
}

/** Whether only the modern era has a header of this name. */
export function isModernHeader(name: string): boolean {
  return name === 'mcp-method' || name === 'mcp-name' || name.startsWith(PARAM);
}

/** One of those that only the modern era has; undefined where there is none. */
export function modernHeader({ values }: McpHeaders): string | undefined {
  return [...values.keys()].find(isModernHeader);
}

/** Values of the `Mcp-Param-*` headers by the rest of their names. */
export function paramHeadersIn({ values }: McpHeaders): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const [name, value] of values) if (name.startsWith(PARAM)) params.set(name.slice(PARAM.length), value);
  return params;
}
