import { MODERN } from '../era.ts';
import type { Json, JsonObject } from '../json.ts';
import { claimedVersion } from './envelope.ts';
import { headerText, textOfHeader } from './header-text.ts';

/** The key of `params` that `Mcp-Name` repeats, by method. */
const NAMED: { readonly [method: string]: string } = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The headers that repeat what stands in a modern message, by lower-case name. Source: 2026-07-28, "Standard headers". */
export function standardHeaders(method: string, params: JsonObject): Readonly<Record<string, string>> {
  const name = nameIn(method, params);
  const told = { 'mcp-protocol-version': MODERN, 'mcp-method': headerText(method) };
  return typeof name === 'string' ? { ...told, 'mcp-name': headerText(name) } : told;
}

/**
 * What is wrong with the headers of a modern message: missing, malformed, or not what the body says. `header` gives the value of a header by
 * lower-case name, `'twice'` being told apart by the caller. Extension methods (`tasks/…`) may come without `Mcp-Name`.
 */
export function standardHeaderFault(
  method: string,
  params: JsonObject,
  header: (name: string) => string | undefined,
): string | undefined {
  const claimed = claimedVersion(params);
  const version = header('mcp-protocol-version');
  if (version === undefined) return 'the header MCP-Protocol-Version is missing';
  if (version !== claimed) return 'the header MCP-Protocol-Version is not the version in params._meta';
  const named = header('mcp-method');
  if (named === undefined) return 'the header Mcp-Method is missing';
  if (textOfHeader(named) !== method) return 'the header Mcp-Method is not the method of the body';
  return nameFault(method, params, header('mcp-name'));
}

function nameFault(method: string, params: JsonObject, value: string | undefined): string | undefined {
  const name = nameIn(method, params);
  if (name === undefined) return undefined;
  if (value === undefined) return method.startsWith('tasks/') ? undefined : 'the header Mcp-Name is missing';
  return textOfHeader(value) === name ? undefined : `the header Mcp-Name is not params.${NAMED[method]} of the body`;
}

function nameIn(method: string, params: JsonObject): Json | undefined {
  const key = Object.hasOwn(NAMED, method) ? NAMED[method] : undefined;
  return key === undefined ? undefined : params[key];
}
