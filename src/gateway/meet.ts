import { MODERN, REVISIONS } from '../wire/era.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { Request, RpcError } from '../wire/message.ts';
import {
  HEADER_MISMATCH,
  MISSING_CAPABILITY,
  UNSUPPORTED_VERSION,
  unsupportedVersion,
} from '../wire/modern/envelope.ts';
import { INTERNAL_ERROR } from '../wire/read-message.ts';
import { error } from '../wire/replies.ts';
import type { Outcome } from './exchanges.ts';
import { refuseMessage } from './refuse-message.ts';
import type { Session } from './session.ts';

/** A server that takes longer to say whether it knows a method does not know it. */
const PROBE_MS = 10_000;

/** Whether nobody need be asked any more, or it is the client who asks. */
export function isMet({ isModern, probesItself }: Session): boolean {
  return isModern === true || probesItself;
}

/**
 * Whether a modern request meets a server that does not speak the modern era: then the error that makes clients fall back. Asked once, of the server
 * itself, before anything of a client goes there. Over a front where the client asks by itself (stdio), its own question is the probe.
 */
export async function speaksOtherEra(session: Session, message: Request): Promise<JsonObject | undefined> {
  if (isMet(session)) return undefined;
  session.probe ??= probe(session);
  const found = await session.probe;
  if (found === 'modern') {
    session.isModern = true;
    return undefined;
  }
  session.probe = undefined;
  if (found === 'legacy') {
    session.isModern = false;
    const fault = unsupportedVersion(MODERN, REVISIONS);
    await refuseMessage(session, message, fault.code, `the server ${session.server} speaks no ${MODERN}`);
    await session.end(`the server speaks no ${MODERN}`);
    return error(message.id, fault);
  }
  const reason = `The server ${session.server} was not reached: ${found.unreached}`;
  await refuseMessage(session, message, INTERNAL_ERROR, reason);
  return error(message.id, { code: INTERNAL_ERROR, message: reason });
}

export type Found = 'modern' | 'legacy' | { readonly unreached: string };

async function probe(session: Session): Promise<Found> {
  const { exchanges } = session;
  const params = session.own(objectOf([]));
  const outcome = await exchanges.askOwn(session.connection, 'server/discover', params, { timeoutMs: PROBE_MS });
  // Whoever crashes at the question has not answered it.
  if (outcome.kind === 'lost' && exchanges.isDown) return { unreached: outcome.reason };
  return judged(outcome);
}

/** Source: 2026-07-28, "Versioning": whatever is no modern answer comes from a legacy server. */
function judged(outcome: Outcome): Found {
  if (outcome.kind === 'unsent') return { unreached: outcome.reason };
  if (outcome.kind === 'failed') return isModernError(outcome.error) ? 'modern' : 'legacy';
  if (outcome.kind !== 'answered' || !isObject(outcome.result)) return 'legacy';
  return speaks(outcome.result['supportedVersions']) ? 'modern' : 'legacy';
}

/** An error that only a modern server gives, of one that knows the revision that is spoken here. */
export function isModernError({ code, data }: RpcError): boolean {
  if (code === HEADER_MISMATCH || code === MISSING_CAPABILITY) return true;
  return code === UNSUPPORTED_VERSION && isObject(data) && speaks(data['supported']);
}

function speaks(versions: Json | undefined): boolean {
  return isArray(versions) && versions.includes(MODERN);
}
