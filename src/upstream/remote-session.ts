import type { Dispatcher } from 'undici';
import { type Answering, type Ask, type Asked, ask } from './http-ask.ts';

/** What one connection needs to ask its server: the shared pool, and the headers that make the session. */
export class RemoteSession {
  readonly origin: string;
  readonly path: string;
  readonly #configured: Readonly<Record<string, string>>;
  readonly #open = new Set<Asked>();
  #pool: Dispatcher | undefined;
  #isPaused = false;
  /** Where messages are POSTed: the same as `path`, but with a server that named another address. */
  postPath: string;
  /** Messages without an answer of their own that are under way. */
  notices = 0;
  /** `mcp-session-id`, once the server gave one. */
  id: string | undefined;
  /** The negotiated protocol version, once it is known. */
  version: string | undefined;

  constructor(url: URL, configured: Readonly<Record<string, string>>) {
    this.origin = url.origin;
    this.path = url.pathname + url.search;
    this.postPath = this.path;
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
    const path = method === 'POST' ? this.postPath : this.path;
    const headers = { ...this.#configured, ...own, ...this.#sessionHeaders() };
    const asked = ask(
      this.#pool,
      { method, path, headers, body },
      {
        begun: () => to.begun?.(),
        head: (status, headers) => to.head(status, headers),
        chunk: (bytes) => to.chunk(bytes),
        end: () => {
          this.#open.delete(asked);
          to.end();
        },
        broke: (how, error) => {
          this.#open.delete(asked);
          to.broke(how, error);
        },
      },
    );
    this.#open.add(asked);
    if (this.#isPaused) asked.pause();
    return () => {
      this.#open.delete(asked);
      asked.abort();
    };
  }

  /** Reads no body any further, neither of what is under way nor of what is asked from now on, until `resume`. */
  pause(): void {
    this.#isPaused = true;
    for (const asked of this.#open) asked.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const asked of this.#open) asked.resume();
  }

  /** Ends all that is under way, without a word. */
  abortAll(): void {
    for (const asked of this.#open) asked.abort();
    this.#open.clear();
  }

  #sessionHeaders(): Record<string, string> {
    return {
      ...(this.id === undefined ? {} : { 'mcp-session-id': this.id }),
      ...(this.version === undefined ? {} : { 'mcp-protocol-version': this.version }),
    };
  }
}
