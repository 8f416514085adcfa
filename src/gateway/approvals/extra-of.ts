import type { Call } from '../../wire/call.ts';
import { type JsonObject, withKeys } from '../../wire/json.ts';

/**
 * What of a call's params stands beside its name and arguments: it is part of what is approved and sent, so a person must see it too. Null
 * where there is nothing. INVARIANT: whatever is left out here is shown whole elsewhere.
 */
export function extraOf({ method, params }: Pick<Call, 'method' | 'params'>): JsonObject | null {
  const extra = withKeys(params, { ...shownElsewhere(method), ...ENVELOPE });
  return Object.keys(extra).length === 0 ? null : extra;
}

/** None of it is bound; params of an approval have none of it. */
const ENVELOPE = { _meta: undefined, inputResponses: undefined, requestState: undefined };

function shownElsewhere(method: string): { readonly [key: string]: undefined } {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return { name: undefined, arguments: undefined };
    case 'resources/read':
    case 'resources/subscribe':
      return { uri: undefined };
    default:
      return {};
  }
}
