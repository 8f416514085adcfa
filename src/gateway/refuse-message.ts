import type { JsonObject } from '../wire/json.ts';
import type { MessageId } from '../wire/message.ts';
import { error } from '../wire/replies.ts';
import type { Gate } from './gate.ts';
import { type Sender, unreadBody } from './record.ts';
import type { Session } from './session.ts';

interface Refused {
  readonly id?: MessageId | null;
  readonly method?: string;
  readonly params?: JsonObject;
}

/** Records a message that is refused before it is a call, and gives the error for it. A notification gets no answer. */
export async function refuseMessage(
  session: Session,
  message: Refused,
  code: number,
  reason: string,
): Promise<JsonObject | undefined> {
  const { sender } = session;
  const who = message.params === undefined ? sender : { ...sender, client: session.clientOf(message.params) };
  await recordRefusal(session.gate, who, message.method, reason);
  return message.id === undefined ? undefined : error(message.id, { code, message: reason });
}

/** The message is refused in any case; a store that cannot record it is told to the operator. */
export async function recordRefusal(
  gate: Gate,
  sender: Sender,
  method: string | undefined,
  reason: string,
): Promise<void> {
  const entry = {
    id: gate.crypto.id(),
    kind: 'refused',
    at: gate.clock.now(),
    body: unreadBody(sender, method, reason),
  } as const;
  await gate.store
    .append(entry, undefined)
    .catch((fault: Error) => gate.log(`a refused message is not recorded: ${fault.message}`));
}
