import type { Message } from '../wire/message.ts';
import { hearNotification } from './hear-notification.ts';
import { hearRequest } from './hear-request.ts';
import type { Session } from './session.ts';
import { unclearAnswer } from './unclear-answer.ts';

/** The other door: takes one message of the server. `via` is our request on whose own stream it came, where known. */
export function hear(session: Session, message: Message, via: number | undefined): void {
  if (session.phase === 'ended') return;
  switch (message.kind) {
    case 'response':
    case 'error':
      if (!session.exchanges.answered(clear(message)))
        session.log(`server ${session.server}: an answer nobody waits for was dropped`);
      return;
    case 'notification':
      return hearNotification(session, message, via);
    case 'request':
      void hearRequest(session, message, via).catch((fault: Error) =>
        session.log(
          `server ${session.server}: its request ${JSON.stringify(message.method.slice(0, 100))} failed: ${fault.message}`,
        ),
      );
  }
}

function clear(message: Extract<Message, { kind: 'response' | 'error' }>): typeof message {
  const error = message.kind === 'response' ? unclearAnswer(message.result) : undefined;
  return error === undefined ? message : { kind: 'error', id: message.id, error };
}
