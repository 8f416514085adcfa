import type { Era } from '../../wire/era.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { error } from '../../wire/replies.ts';
import type { Gate } from '../gate.ts';
import type { Sender } from '../record.ts';
import { recordRefusal } from '../refuse-message.ts';
import type { Session } from '../session.ts';
import type { Asks } from './asks.ts';
import type { Directory } from './directory.ts';

/** What records call the place where all servers of a grant stand together. */
export const ALL = '(all)';

/** One server of a hub. */
export interface Member {
  readonly server: string;
  /** What the server said that it can do; undefined while that is not known. */
  readonly capabilities: JsonObject | undefined;
  /** Where its messages go now; a text says why nowhere. */
  reach(): Session | string;
}

/** All servers of a grant as one, as far as both eras are alike. */
export interface Hub {
  readonly gate: Gate;
  readonly grant: string;
  readonly era: Era;
  readonly asks: Asks;
  readonly directory: Directory;
  /** In the order of the configuration. */
  members(): readonly Member[];
  /** A message of a server as the client gets it. */
  outward(member: Member, message: JsonObject): JsonObject;
  sender(params: JsonObject): Sender;
  log(line: string): void;
  /** The same line once, however often it is told. */
  logOnce(line: string): void;
}

/** Records a message that goes to no server, and gives the error for it. */
export async function refuse(
  hub: Hub,
  { id, method, params }: Request,
  code: number,
  reason: string,
): Promise<JsonObject> {
  await recordRefusal(hub.gate, hub.sender(params), method, reason);
  return error(id, { code, message: reason });
}

/** Whose the grant is. */
export function ownerIn(hub: Hub): string | undefined {
  for (const { server } of hub.members()) {
    const standing = hub.gate.standing(hub.grant, server);
    if (standing !== undefined) return standing.grant.owner;
  }
  return undefined;
}
