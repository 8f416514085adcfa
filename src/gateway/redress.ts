import type { JsonObject } from '../wire/json.ts';
import type { Passage } from './passage.ts';
import type { Permit } from './permit.ts';

/**
 * The same leave for the same thing in the words of the other era.
 * INVARIANT: used only by `bridge/`, which changes how a message says what it says, never what was judged (the architecture test holds this).
 */
export function redress<T extends Permit | Passage>(
  pass: T,
  message: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): T {
  return { ...pass, message, headers };
}
