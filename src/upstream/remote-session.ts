import type { Dispatcher } from 'undici';
import { type Answering, type Ask, ask } from './http-ask.ts';

/** What one connection needs to ask its server: the shared pool, and the headers that make the session. */
export class RemoteSession {
  readonly path: string;
  readonly #configured: Readonly<Record<string, string>>;
  readonly #aborts = new Set<() => void>();
  #pool: Dispatcher | undefined;
  /** `mcp-session-id`, once the server gave one. */
  id: string | undefined;
  /** The negotiated protocol version, once it is known. */
  version: string | undefined;

  constructor(path: string, configured: Readonly<Record<string, string>>) {
    this.path = path;
    this.#configured = configured;
  }

  /** From here on it can ask. */
  use(pool: Dispatcher): void {
    this.#pool = pool;
  }

  /** Sends one request; `own` headers go beside the configured ones. Answers the function that aborts it. */
  ask(
    method: Ask['method'],
    own: Readonly<Record<string, string>>,
    body: string | undefined,
    to: Answering,
  ): () => void {
    if (this.#pool === undefined) throw new Error('asked before there was a pool');
    const abort = () => {
      this.#aborts.delete(abort);
      stop();
    };
    const stop = ask(
      this.#pool,
      { method, path: this.path, headers: { ...this.#configured, ...own, ...this.#sessionHeaders() }, body },
      {
        head: (status, headers) => to.head(status, headers),
        chunk: (bytes) => to.chunk(bytes),
        end: () => {
          this.#aborts.delete(abort);
          to.end();
        },
        broke: (how, error) => {
          this.#aborts.delete(abort);
          to.broke(how, error);
        },
      },
    );
    this.#aborts.add(abort);
    return abort;
  }

  /** Ends all that is under way, without a word. */
  abortAll(): void {
    for (const abort of [...this.#aborts]) abort();
  }

  #sessionHeaders(): Record<string, string> {
    return {
      ...(this.id === undefined ? {} : { 'mcp-session-id': this.id }),
      ...(this.version === undefined ? {} : { 'mcp-protocol-version': this.version }),
    };
  }
}
