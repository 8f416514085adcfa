import type { Dispatcher } from 'undici';
import type { Upstream } from '../gateway/ports.ts';
import { RELAY, type ReadLimits } from '../wire/read-json.ts';
import { chatter } from './chatter.ts';
import { checkedHeaders, checkedUrl } from './remote-address.ts';
import { RemoteConnection } from './remote-connection.ts';
import type { RemotePlan } from './remote-manner.ts';
import { RemoteSession } from './remote-session.ts';
import { masker } from './shown.ts';

export interface RemoteOptions {
  /** `http:` or `https:`, without user name and password. */
  readonly url: string;
  /** Sent with every request; their values are masked in every text. */
  readonly headers: Readonly<Record<string, string>>;
  /** Largest answer, and largest event of a stream; 10 MiB where not given. */
  readonly maxBodyBytes?: number;
  /** How a message of the server is read: depth, and number of values; as `RELAY` where not given. */
  readonly read?: ReadLimits;
  /** Takes what is worth a line in the log, bounded in number. */
  onLog(line: string): void;
  /** How long a connection (TCP and TLS) may take; 10 s where not given. */
  readonly connectTimeoutMs?: number;
  /** How long a server of the older HTTP+SSE transport may take to name the address for messages; 10 s where not given. */
  readonly endpointTimeoutMs?: number;
}

const MAX_LOG_LINES = 100;

/** A server at a URL, spoken to by HTTP. Throws where the URL or a header cannot be used. */
export function remoteUpstream(options: RemoteOptions): Upstream {
  const url = checkedUrl(options.url);
  const headers = checkedHeaders(options.headers);
  const plan: RemotePlan = {
    maxBodyBytes: options.maxBodyBytes ?? 10 * 1024 * 1024,
    read: options.read ?? RELAY,
    endpointTimeoutMs: options.endpointTimeoutMs ?? 10_000,
    mask: masker(Object.values(options.headers)),
    onLog: chatter(MAX_LOG_LINES, options.onLog),
  };
  const open = new Set<RemoteConnection>();
  const sockets = new AbortController();
  let pool: Promise<Dispatcher> | undefined;
  let isClosed = false;

  return {
    transport: 'http',
    identity: JSON.stringify(['url', url.href]),
    connect(events, era) {
      const session = new RemoteSession(url, headers);
      const connection = new RemoteConnection(plan, events, session, era, () => open.delete(connection));
      open.add(connection);
      pool ??= createPool(url.origin, options.connectTimeoutMs ?? 10_000, sockets.signal);
      void ready(connection, pool);
      return connection;
    },
    async close() {
      isClosed = true;
      await Promise.all([...open].map((connection) => connection.close()));
      const opened = await pool?.catch(() => undefined);
      sockets.abort();
      await opened?.destroy();
    },
  };

  async function ready(connection: RemoteConnection, from: Promise<Dispatcher>): Promise<void> {
    try {
      const opened = await from;
      if (isClosed) connection.break('the gateway is closing');
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
