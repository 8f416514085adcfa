import { POST_HEADERS } from './remote-request.ts';
import type { RemoteSession } from './remote-session.ts';
import { networkText, statusText } from './remote-text.ts';

/** What became of a message that gets no answer. */
export type Noted =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly reason: string; readonly isSessionOver: boolean };

const MAX_IGNORED_BYTES = 64 * 1024;

/** POSTs a notification, or an answer to the server. `noted` is called once, as soon as the server's status is known. */
export function postNotice(session: RemoteSession, body: string, noted: (what: Noted) => void): void {
  let told = false;
  let ignored = 0;
  const abort = session.ask('POST', POST_HEADERS, body, {
    head(status, headers) {
      told = true;
      if (status < 300) return noted({ kind: 'taken' });
      abort();
      const isSessionOver = status === 404 && session.id !== undefined;
      noted({ kind: 'refused', reason: statusText(status, headers, undefined), isSessionOver });
    },
    chunk(bytes) {
      // What comes with a 202 is read to keep the connection, not for what it says.
      ignored += bytes.byteLength;
      if (ignored > MAX_IGNORED_BYTES) abort();
    },
    end() {},
    broke(_, error) {
      if (!told) noted({ kind: 'refused', reason: networkText(error), isSessionOver: false });
    },
  });
}
