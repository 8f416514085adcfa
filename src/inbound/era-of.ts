import { MODERN, REVISIONS } from '../wire/era.ts';
import type { RpcError } from '../wire/message.ts';
import { claimedVersion, HEADER_MISMATCH, unsupportedVersion } from '../wire/modern/envelope.ts';
import { textOfHeader } from '../wire/modern/header-text.ts';
import { standardHeaders } from '../wire/modern/standard-headers.ts';
import type { ReadMessage } from '../wire/read-message.ts';
import { isModernHeader, type McpHeaders, modernHeader, VERSION } from './mcp-headers.ts';

export type EraOf =
  | { readonly kind: 'legacy' }
  | { readonly kind: 'modern' }
  | { readonly kind: 'neither'; readonly error: RpcError };

/**
 * Tells which era a posted message is of: modern if it claims a version in its `_meta` or names the modern one in its header. What speaks half of
 * one and half of the other is of neither: whoever guessed could be led to the era that checks less.
 */
export function eraOf(headers: McpHeaders, read: ReadMessage): EraOf {
  const version = headers.values.get(VERSION);
  if (version === MODERN || claims(read)) return { kind: 'modern' };
  if (version !== undefined && !REVISIONS.includes(version)) {
    return { kind: 'neither', error: unsupportedVersion(version) };
  }
  const odd = modernHeader(headers);
  if (odd === undefined || (version !== undefined && repeatsBody(headers, read))) return { kind: 'legacy' };
  const message = `The header ${odd} belongs to ${MODERN}, but neither the header MCP-Protocol-Version nor params._meta names that version.`;
  return { kind: 'neither', error: { code: HEADER_MISMATCH, message } };
}

/** Whether the headers of the modern era beside a legacy version only say once more what stands in the body. Some clients send them always. */
function repeatsBody({ values }: McpHeaders, read: ReadMessage): boolean {
  if (read.kind !== 'message' || !('method' in read.message)) return false;
  const own = standardHeaders(read.message.method, read.message.params);
  for (const [name, value] of values) {
    if (!isModernHeader(name)) continue;
    const said = own[name];
    if (said === undefined || textOfHeader(value) !== textOfHeader(said)) return false;
  }
  return true;
}

function claims(read: ReadMessage): boolean {
  return read.kind === 'message' && 'params' in read.message && claimedVersion(read.message.params) !== undefined;
}
