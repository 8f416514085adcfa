import type { Era } from '../wire/era.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_VERSION } from '../wire/modern/envelope.ts';
import { INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR } from '../wire/read-message.ts';

/** The HTTP status that goes with a reply of plain JSON. */
export function replyStatus(era: Era, reply: JsonObject): number {
  const error = reply['error'];
  if (!isObject(error)) return 200;
  const { code } = error;
  if (code === PARSE_ERROR || (code === INVALID_REQUEST && reply['id'] === null)) return 400;
  if (code === UNSUPPORTED_VERSION) return 400;
  if (era === 'legacy') return 200;
  if (code === METHOD_NOT_FOUND) return 404;
  return code === HEADER_MISMATCH || code === MISSING_CAPABILITY ? 400 : 200;
}
