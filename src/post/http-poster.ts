import type { Dispatcher } from 'undici';

/** What came of handing a message over. Nothing in it tells the address. */
export type Posted =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** What the receiver said, where it was wanted and came whole and in time. */
      readonly said: string | undefined;
    }
  /** `code`: of the fault, such as `ECONNREFUSED`. */
  | { readonly kind: 'failed'; readonly code: string };

interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether what the receiver says beside the status is wanted; else it is not read. */
  readonly reads?: 'answer';
}

export interface Poster {
  /** Posts once and follows no redirect. Never rejects. */
  post(letter: Letter): Promise<Posted>;
  /** Ends what is under way, which fails; nothing is left open. */
  close(): Promise<void>;
}

/** Of an answer's body so much is let in before the connection is ended. */
const MAX_BODY_BYTES = 16 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
const BODY_MS = 2_000;

/** Posts by HTTP/1.1. `timeoutMs`: for all of it, up to the head of the answer. */
export function httpPoster(timeoutMs: number): Poster {
  const closing = new AbortController();
  let agent: Promise<Dispatcher> | undefined;

  return {
    async post(letter) {
      if (closing.signal.aborted) return CLOSED;
      agent ??= createAgent(timeoutMs, closing.signal);
      const giveUp = new AbortController();
      const sent = attempt(agent, letter, giveUp.signal);
      // While it connects, a request that is aborted says so only when the connection is made.
      const { promise: ended, resolve: end } = Promise.withResolvers<Posted>();
      const stop = (why: Posted): void => {
        giveUp.abort();
        end(why);
      };
      const close = (): void => stop(CLOSED);
      closing.signal.addEventListener('abort', close);
      const timer = setTimeout(() => stop({ kind: 'failed', code: 'TIMEOUT' }), timeoutMs);
      const posted = await Promise.race([sent, ended]);
      clearTimeout(timer);
      closing.signal.removeEventListener('abort', close);
      return posted;
    },
    async close() {
      closing.abort();
      await (await agent?.catch(() => undefined))?.destroy();
    },
  };
}

const CLOSED: Posted = { kind: 'failed', code: 'CLOSED' };

async function attempt(agent: Promise<Dispatcher>, letter: Letter, signal: AbortSignal): Promise<Posted> {
  try {
    const { request } = await import('undici');
    const { url, headers, body, reads } = letter;
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers },
      body,
      dispatcher: await agent,
      signal,
    });
    const after = answer.headers['retry-after'];
    const retryAfter = typeof after === 'string' ? after : undefined;
    if (reads === 'answer') {
      const said = await beginningOf(answer.body);
      return { kind: 'answered', status: answer.statusCode, retryAfter, said };
    }
    void answer.body.dump({ limit: MAX_BODY_BYTES, signal: AbortSignal.timeout(BODY_MS) }).catch(() => undefined);
    return { kind: 'answered', status: answer.statusCode, retryAfter, said: undefined };
  } catch (error) {
    return { kind: 'failed', code: codeOf(error) };
  }
}

/** The whole of a short answer. One that is long, slow or broken says nothing: its status came before it, and stands. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const timer = setTimeout(() => body.destroy(), BODY_MS);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function createAgent(connectTimeoutMs: number, signal: AbortSignal): Promise<Dispatcher> {
  // Loaded with the first message: most gateways never send one.
  const { Agent } = await import('undici');
  return new Agent({
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    bodyTimeout: BODY_MS,
    connect: { timeout: connectTimeoutMs, allowH2: false, signal },
  });
}

/** INVARIANT: the code alone; messages of foreign errors quote addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'FAULT';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return /^[A-Za-z_0-9]{1,60}$/.test(code) ? code : 'FAULT';
}
