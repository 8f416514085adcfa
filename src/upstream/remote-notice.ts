import { clearTimeout, setTimeout } from 'node:timers';
import { POST_HEADERS } from './remote-request.ts';
import type { RemoteSession } from './remote-session.ts';
import { networkText, statusText } from './remote-text.ts';

/** What became of a message whose POST brings no answer. `how`: whether it can have reached the server. */
export type Noted =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'refused';
      readonly how: 'unsent' | 'lost';
      readonly reason: string;
      /** The server's status, if it was the server that refused. */
      readonly status: number | undefined;
    };

const MAX_IGNORED_BYTES = 64 * 1024;
/** How long the body that nobody wants may take. */
const LINGER_MS = 2000;
/** How long the server may take to say that it has what brings no answer at all. */
const UNHEARD_MS = 60_000;
/** How many of them one connection may have under way: a server that asks without end, and takes no answer, must not use up the sockets. */
const MAX_UNDER_WAY = 256;

/**
 * POSTs a message that gets no answer there. `noted` is called once, as soon as the server's status is known. `of`: a request, whose answer comes
 * elsewhere, may wait for its status as long as it waits for that.
 */
export function postNotice(
  session: RemoteSession,
  headers: Readonly<Record<string, string>>,
  body: string,
  noted: (what: Noted) => void,
  of: 'request' | 'notice' = 'notice',
): void {
  if (session.notices >= MAX_UNDER_WAY) {
    const reason = `${MAX_UNDER_WAY} messages wait for the server to take them`;
    return noted({ kind: 'refused', how: 'unsent', reason, status: undefined });
  }
  session.notices++;
  let told = false;
  let isOver = false;
  let ignored = 0;
  let timer = of === 'notice' ? setTimeout(unheard, UNHEARD_MS).unref() : undefined;
  const abort = session.ask('POST', { ...headers, ...POST_HEADERS }, body, {
    head(status, answered) {
      told = true;
      clearTimeout(timer);
      if (status < 300) {
        timer = setTimeout(leave, LINGER_MS).unref();
        return noted({ kind: 'taken' });
      }
      leave();
      // Whoever answers had the message, whatever the status says.
      noted({ kind: 'refused', how: 'lost', reason: statusText(status, answered, undefined), status });
    },
    chunk(bytes) {
      // What comes with a 202 is read to keep the connection, not for what it says.
      ignored += bytes.byteLength;
      if (ignored > MAX_IGNORED_BYTES) leave();
    },
    end: over,
    broke(how, error) {
      over();
      if (!told) noted({ kind: 'refused', how, reason: networkText(error), status: undefined });
    },
  });

  function over(): void {
    clearTimeout(timer);
    if (!isOver) session.notices--;
    isOver = true;
  }

  function leave(): void {
    over();
    abort();
  }

  function unheard(): void {
    leave();
    const reason = `the server did not say within ${UNHEARD_MS / 1000} s that it has it`;
    noted({ kind: 'refused', how: 'lost', reason, status: undefined });
  }
}
