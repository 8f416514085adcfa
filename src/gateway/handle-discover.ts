import { MODERN, REVISIONS } from '../wire/era.ts';
import { isArray, isObject, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { INTERNAL_ERROR, INVALID_REQUEST } from '../wire/read-message.ts';
import { error, result } from '../wire/replies.ts';
import { askServer } from './ask-server.ts';
import { servedCapabilities } from './capabilities.ts';
import { flagInstructions } from './flag-instructions.ts';
import { isModernError } from './meet.ts';
import { plainOutcome } from './plain-outcome.ts';
import type { Sink } from './ports.ts';
import { asPrivate } from './private-result.ts';
import { refuseMessage } from './refuse-message.ts';
import { replyTo } from './reply.ts';
import type { Session } from './session.ts';

const CARRIED: ReadonlySet<string> = new Set([MODERN, ...REVISIONS]);

/** `server/discover`: relayed, with only the versions and capabilities that are carried and governed here. */
export async function handleDiscover(session: Session, message: Request, sink: Sink): Promise<JsonObject | undefined> {
  const { gate } = session;
  const standing = gate.standing(session.grant, session.server);
  if (standing === undefined) {
    return refuseMessage(session, message, INVALID_REQUEST, gate.whyNone(session.grant, session.server));
  }
  const asked = await askServer(session, message, message.params, sink, standing.policies);
  const outcome = await plainOutcome(session, asked, message.params);
  if (outcome.kind !== 'answered') {
    if (asked.kind !== 'failed' || !isModernError(asked.error)) session.foundLegacy();
    return replyTo(message.id, outcome);
  }
  const { result: answer } = outcome;
  const versions = isObject(answer) ? answer['supportedVersions'] : undefined;
  if (!isObject(answer) || !isArray(versions)) {
    session.foundLegacy();
    const reason = 'The server answered server/discover with no list of versions.';
    return error(message.id, { code: INTERNAL_ERROR, message: reason });
  }
  session.isModern = true;
  const told = withKeys(answer, {
    supportedVersions: versions.filter((version) => typeof version === 'string' && CARRIED.has(version)),
    capabilities: servedCapabilities('modern', answer['capabilities'] ?? objectOf([])),
  });
  return result(message.id, asPrivate(await flagInstructions(session, told)));
}
