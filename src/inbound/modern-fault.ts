import { MODERN } from '../wire/era.ts';
import type { Message, Request, RpcError } from '../wire/message.ts';
import { claimedVersion, envelopeFault, HEADER_MISMATCH, unsupportedVersion } from '../wire/modern/envelope.ts';
import { standardHeaderFault } from '../wire/modern/standard-headers.ts';
import { INVALID_REQUEST } from '../wire/read-message.ts';
import { type McpHeaders, VERSION } from './mcp-headers.ts';

/**
 * What is wrong with a modern message, or with its headers as against its body; undefined when it may pass. In the order of the SDK's servers:
 * the envelope, whether header and body name one version, whether that is spoken here, the other headers.
 */
export function modernFault(message: Message, { values, doubled }: McpHeaders): RpcError | undefined {
  if (message.kind === 'response' || message.kind === 'error') {
    return {
      code: INVALID_REQUEST,
      message: `An answer cannot be posted in ${MODERN}: it goes into a retry of the request.`,
    };
  }
  if (doubled !== undefined) return mismatch(`the header ${doubled} stands there twice`);
  const claimed = claimedVersion(message.params);
  if (message.kind === 'request') {
    // What names no version, or no capabilities, has no envelope to compare with.
    const fault = envelopeFault(message.params);
    if (fault !== undefined && (claimed === undefined || claimed === MODERN)) return fault;
  }
  const version = values.get(VERSION);
  if (claimed !== undefined && version !== undefined && version !== claimed) {
    return mismatch('the header MCP-Protocol-Version is not the version in params._meta');
  }
  if (claimed !== undefined && claimed !== MODERN) return unsupportedVersion(claimed, [MODERN]);
  const fault = message.kind === 'request' ? requestFault(message, values) : notificationFault(message, values);
  return fault === undefined ? undefined : mismatch(fault);
}

function requestFault({ method, params }: Request, values: McpHeaders['values']): string | undefined {
  return standardHeaderFault(method, params, (name) => values.get(name));
}

/** A notification need not have an envelope, nor a header for its method; what it has must agree. */
function notificationFault(
  { method }: Extract<Message, { kind: 'notification' }>,
  values: McpHeaders['values'],
): string | undefined {
  if (values.get(VERSION) === undefined) return 'the header MCP-Protocol-Version is missing';
  const named = values.get('mcp-method');
  return named === undefined || named === method ? undefined : 'the header Mcp-Method is not the method of the body';
}

function mismatch(what: string): RpcError {
  return {
    code: HEADER_MISMATCH,
    message: `Header and body disagree: ${what}. Send headers that repeat the body, each once.`,
  };
}
