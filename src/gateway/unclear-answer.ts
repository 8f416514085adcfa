import { isObject, type Json } from '../wire/json.ts';
import { findLookalike, knownKeys } from '../wire/lookalike.ts';
import type { RpcError } from '../wire/message.ts';
import { INTERNAL_ERROR } from '../wire/read-message.ts';

/** Keys of results by which it is known what they ask, list or begin. */
const RESULT = knownKeys(
  ...['resultType', 'inputRequests', 'requestState', 'task', 'taskId', 'tasks'],
  ...['tools', 'prompts', 'resources', 'resourceTemplates', 'nextCursor', 'capabilities'],
);

/**
 * The error in place of a result that two readers take differently: a client that reads keys without regard to case would see tools, or questions,
 * that nobody judged.
 */
export function unclearAnswer(result: Json): RpcError | undefined {
  const twin = isObject(result) ? findLookalike(result, RESULT) : undefined;
  if (twin === undefined) return undefined;
  const shown = JSON.stringify(twin.slice(0, 60));
  return {
    code: INTERNAL_ERROR,
    message: `The server's answer has the key ${shown}, which looks like a key of the protocol but is not one, so it is not passed on. The request may have taken effect.`,
  };
}
