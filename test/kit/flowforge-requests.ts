import type { Obj } from './json-rpc.ts';
import type { ToolDefinition } from './tool-server.ts';

export interface FlowforgeTool extends ToolDefinition {
  /** Method and path template of the REST request behind the tool. */
  readonly rest: string;
  /** The template used when the path parameter is absent. */
  readonly restWithout?: string;
  /** Path parameters that go into the path as they are. */
  readonly unescaped: readonly string[];
}

/**
 * The REST request line that a call turns into: `METHOD path`.
 * Ids are put in unescaped and the path is normalised by the WHATWG URL parser, so `../` in an id changes the route: this is the original's flaw, kept on purpose.
 */
export function requestLine(tool: FlowforgeTool, args: Obj): string {
  const named = [...tool.rest.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const absent = named.some((name) => args[name] === undefined);
  const [method = '', template = ''] = (absent ? (tool.restWithout ?? tool.rest) : tool.rest).split(' ');
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(args[name]);
    return tool.unescaped.includes(name) ? value : encodeURIComponent(value);
  });
  const url = new URL(`http://flowforge.invalid${path}`);
  if (method === 'GET') {
    for (const [key, value] of Object.entries(args))
      if (!named.includes(key)) url.searchParams.append(key, String(value));
  }
  return `${method} ${url.pathname}${url.search}`;
}
