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

/** POSTs a message that gets no answer there. `noted` is called once, as soon as the server's status is known. */
export function postNotice(
  session: RemoteSession,
  headers: Readonly<Record<string, string>>,
  body: string,
  noted: (what: Noted) => void,
): void {
  let told = false;
  let ignored = 0;
  let timer: NodeJS.Timeout | undefined;
  const abort = session.ask('POST', { ...headers, ...POST_HEADERS }, body, {
    head(status, answered) {
      told = true;
      if (status < 300) {
        timer = setTimeout(abort, LINGER_MS).unref();
        return noted({ kind: 'taken' });
      }
      abort();
      // Whoever answers had the message, whatever the status says.
      noted({ kind: 'refused', how: 'lost', reason: statusText(status, answered, undefined), status });
    },
    chunk(bytes) {
      // What comes with a 202 is read to keep the connection, not for what it says.
      ignored += bytes.byteLength;
      if (ignored > MAX_IGNORED_BYTES) abort();
    },
    end: () => clearTimeout(timer),
    broke(how, error) {
      clearTimeout(timer);
      if (!told) noted({ kind: 'refused', how, reason: networkText(error), status: undefined });
    },
  });
}
