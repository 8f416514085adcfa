import { isObject, objectOf } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { standardHeaders } from '../wire/modern/standard-headers.ts';
import { writeJson } from '../wire/write-json.ts';
import type { Outgoing } from './outbox.ts';
import { cancelledId, requestId } from './outgoing.ts';
import type { Manner, MannerHost } from './remote-manner.ts';
import { postNotice } from './remote-notice.ts';
import { RemoteRequest, type RequestHost } from './remote-request.ts';
import { shown } from './shown.ts';

/** The manner of 2026-07-28: each message stands by itself; no session, no stream beside the requests, nothing taken up again. */
export class ModernManner implements Manner {
  readonly #host: MannerHost;
  readonly #requestHost: RequestHost;

  constructor(host: MannerHost) {
    this.#host = host;
    this.#requestHost = {
      session: host.session,
      maxBodyBytes: host.plan.maxBodyBytes,
      read: host.plan.read,
      streams: 'single',
      received: (message, via) => this.#received(message, via),
      // Whatever it says of a session is of no meaning here.
      begun: () => undefined,
      refused: (request, _, reason) => request.fail('lost', reason),
      failed: host.failed,
      paused: host.paused,
      noise: host.noise,
      done: host.done,
    };
  }

  post(pass: Outgoing): void {
    const { message } = pass;
    const { method } = message;
    if (typeof method !== 'string') return this.#host.noise('not sent: an answer, for which no modern server asks');
    if (method === 'notifications/cancelled') return this.#leave(cancelledId(message));
    const params = isObject(message['params']) ? message['params'] : objectOf([]);
    const headers = { ...paramHeadersOf(pass), ...standardHeaders(method, params) };
    const body = writeJson(message);
    const id = requestId(message);
    if (id === undefined) {
      return postNotice(this.#host.session, headers, body, (noted) => {
        if (noted.kind === 'refused') this.#host.noise(`${method} was not taken: ${noted.reason}`);
      });
    }
    const request = new RemoteRequest(this.#requestHost, id);
    this.#host.expect(id, request);
    request.start(body, headers);
  }

  stop(): void {}

  async goodbye(): Promise<void> {}

  /** To leave the response stream is to cancel the request, and the only way to. Source: 2026-07-28, "Cancellation". */
  #leave(id: number | undefined): void {
    if (id !== undefined) this.#host.waiting(id)?.drop();
  }

  /** A stream brings the answer to its own request, and notifications before it; nothing else. */
  #received(message: Message, via: number): void {
    if (message.kind === 'request') {
      return this.#host.noise(`a request (${shown(message.method, 60)}), which a modern server may not send`);
    }
    if (message.kind !== 'notification' && message.id !== via) {
      return this.#host.noise(`an answer to ${shown(JSON.stringify(message.id), 60)} on the stream of ${via}`);
    }
    this.#host.received(message, via);
  }
}

/** INVARIANT: what the gateway hands over can add headers for arguments, and replace no other. */
function paramHeadersOf({ headers = {} }: Outgoing): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-param-')));
}
