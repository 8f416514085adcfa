import { isObject, objectOf } from '../wire/json.ts';
import { notification } from '../wire/replies.ts';
import { ALL_LISTS, tellListsChanged } from './news.ts';
import { passage } from './passage.ts';
import type { Connection } from './ports.ts';
import type { Session } from './session.ts';

const HANDSHAKE_MS = 60_000;

/**
 * Brings a server that was started again to where the session was: the same handshake, and the client is told that what it knew may have changed.
 * A text says why that failed. A modern server needs nothing of the kind.
 */
export async function comeBack(session: Session, connection: Connection): Promise<string | undefined> {
  const { handshake, exchanges } = session;
  // Its ids are given anew: an answer to what was asked before must not be taken for one to what is asked now.
  session.questions.clear();
  if (session.era === 'modern' || handshake === undefined) {
    session.tools.forget();
    return undefined;
  }
  const how = { while: 'down', timeoutMs: HANDSHAKE_MS } as const;
  const outcome = await exchanges.askOwn(connection, 'initialize', handshake.offer, how);
  if (outcome.kind !== 'answered') return 'the server did not open a new session';
  const { result } = outcome;
  if (!isObject(result) || result['protocolVersion'] !== handshake.revision) {
    return 'the server speaks another revision than before';
  }
  connection.send(passage(notification('notifications/initialized', objectOf([]))));
  session.tools.forget();
  tellListsChanged(session, ALL_LISTS);
  tellRestarted(session);
  return undefined;
}

function tellRestarted({ front, handshake, server }: Session): void {
  if (handshake?.capabilities['logging'] === undefined) return;
  const text = `The server ${server} ended by itself and was started again; what it kept in memory is gone.`;
  front.push(
    notification(
      'notifications/message',
      objectOf([
        ['level', 'warning'],
        ['logger', 'toolgate'],
        ['data', text],
      ]),
    ),
  );
}
