import type { Dispatcher } from 'undici';
import type { Upstream } from '../gateway/ports.ts';
import { chatter } from './chatter.ts';
import { RemoteConnection, type RemotePlan } from './remote-connection.ts';
import { RemoteSession } from './remote-session.ts';
import { masker } from './shown.ts';

export interface RemoteOptions {
  /** `http:` or `https:`, without user name and password. */
  readonly url: string;
  /** Sent with every request; their values are masked in every text. */
  readonly headers: Readonly<Record<string, string>>;
  /** Largest answer, and largest event of a stream; 10 MiB where not given. */
  readonly maxBodyBytes?: number;
  /** Takes what is worth a line in the log, bounded in number. */
  onLog(line: string): void;
  /** How long a connection (TCP and TLS) may take; 10 s where not given. */
  readonly connectTimeoutMs?: number;
}

const MAX_LOG_LINES = 100;
/** These make the exchange what it is; a configuration that sets them would break it. */
const OWN_HEADERS =
  /^(?:accept|accept-encoding|connection|content-encoding|content-length|content-type|expect|host|keep-alive|last-event-id|mcp-protocol-version|mcp-session-id|te|trailer|transfer-encoding|upgrade)$/;

/** A server at a URL, spoken to by Streamable HTTP. Throws where the URL or a header cannot be used. */
export function remoteUpstream(options: RemoteOptions): Upstream {
  const url = checkedUrl(options.url);
  const headers = checkedHeaders(options.headers);
  const plan: RemotePlan = {
    maxBodyBytes: options.maxBodyBytes ?? 10 * 1024 * 1024,
    mask: masker(Object.values(options.headers)),
    onLog: chatter(MAX_LOG_LINES, options.onLog),
  };
  const open = new Set<RemoteConnection>();
  const sockets = new AbortController();
  let pool: Promise<Dispatcher> | undefined;
  let closed = false;

  return {
    connect(events) {
      const session = new RemoteSession(url.pathname + url.search, headers);
      const connection = new RemoteConnection(plan, events, session, () => open.delete(connection));
      open.add(connection);
      pool ??= createPool(url.origin, options.connectTimeoutMs ?? 10_000, sockets.signal);
      void ready(connection, pool);
      return connection;
    },
    async close() {
      closed = true;
      await Promise.all([...open].map((connection) => connection.close()));
      const opened = await pool?.catch(() => undefined);
      sockets.abort();
      await opened?.destroy();
    },
  };

  async function ready(connection: RemoteConnection, from: Promise<Dispatcher>): Promise<void> {
    try {
      const opened = await from;
      if (closed) connection.break('the gateway is closing');
      else connection.use(opened);
    } catch {
      connection.break('the HTTP client of this installation cannot be loaded; install the package again');
    }
  }
}

async function createPool(origin: string, connectTimeoutMs: number, signal: AbortSignal): Promise<Dispatcher> {
  // Loaded with the first connection: it costs more than the rest of the start.
  const { Pool } = await import('undici');
  return new Pool(origin, {
    // HTTP/1.1 alone, since there it is known whether a request was begun when a connection fails.
    allowH2: false,
    pipelining: 1,
    // A server may think as long as it likes: how long a call may take is the gateway's business.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: connectTimeoutMs,
    connect: { timeout: connectTimeoutMs, allowH2: false, signal },
  });
}

function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null)
    throw new Error('the address of the server is not a URL; write http://… or https://… in servers.NAME.url');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(
      `the address of the server begins with "${url.protocol}"; only http: and https: are spoken (servers.NAME.url)`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      'the address of the server holds a user name or password; put them into servers.NAME.headers instead',
    );
  }
  return url;
}

function checkedHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'toolgate' };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) throw new Error('a name in servers.NAME.headers is no header name');
    if (OWN_HEADERS.test(lower))
      throw new Error(`the header "${lower}" is set by the gateway; remove it from servers.NAME.headers`);
    if (!/^[\t\x20-\x7e]*$/.test(value)) {
      throw new Error(
        `the value of the header "${lower}" holds a line break or a character beyond ASCII; check servers.NAME.headers`,
      );
    }
    headers[lower] = value;
  }
  return headers;
}
