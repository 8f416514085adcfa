import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { makePages } from '../../src/admin/make-pages.ts';
import type { KnownPerson } from '../../src/admin/people.ts';
import type { Role } from '../../src/gateway/approvals/quorum.ts';
import type { Backtests } from '../../src/gateway/audit/backtest-port.ts';
import type { AuditDesk } from '../../src/gateway/audit/find/audit-desk.ts';
import { searchDesk } from '../../src/gateway/audit/find/search-desk.ts';
import { DEFAULT_LIMITS } from '../../src/gateway/limits.ts';
import type { ListedRecord } from '../../src/gateway/ports.ts';
import { hashToken } from '../../src/inbound/credentials.ts';
import { type HttpOptions, listenHttp } from '../../src/inbound/http-server.ts';
import { readTime } from '../../src/settings/read-time.ts';
import type { Certificate } from './certificate.ts';
import type { FakeDesk } from './fake-desk.ts';
import { logSearch } from './log-search.ts';

export const GRANT_TOKEN = 'tg_token-of-the-agent-with-enough-characters';

/** Somebody of a test: token and passphrase follow the name. */
export function tokenOf(name: string): string {
  return `tgp_token-of-${name}-with-enough-characters`;
}
export function passphraseOf(name: string): string {
  return `${name}: horse battery`;
}

export interface AdminServer {
  readonly port: number;
  readonly base: string;
  /** Why strangers were turned away, in order. */
  readonly refused: readonly string[];
  readonly log: readonly string[];
  readonly people: Map<string, KnownPerson>;
  /** How often a passphrase was really tried. */
  tries(): number;
  /** Lets time pass, ms. */
  pass(ms: number): void;
  ask(path: string, sending?: Sending): Promise<Answer>;
  stop(): Promise<void>;
}

interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface AdminServerOptions {
  readonly desk: FakeDesk;
  readonly backtests?: Backtests;
  /** The log, oldest first. */
  readonly records?: readonly ListedRecord[];
  /** In the place of a desk over `records`. */
  readonly audit?: AuditDesk;
  readonly people?: Readonly<Record<string, readonly Role[]>>;
  readonly tls?: Certificate;
  readonly behindProxy?: true;
  readonly url?: string;
  readonly hosts?: readonly string[];
  /** How long a passphrase takes. */
  readonly passphraseMs?: number;
}

/** The gateway's own HTTP front with the API and the pages, over a desk of the test. */
export async function adminServer(options: AdminServerOptions): Promise<AdminServer> {
  const roles = options.people ?? { ann: ['approver'], ed: ['editor', 'approver'], vic: ['viewer'] };
  const people = new Map<string, KnownPerson>(
    Object.entries(roles).map(([name, words]) => [
      name,
      { person: { name, roles: new Set(words) }, credential: `of ${name}` },
    ]),
  );
  const [refused, log]: [string[], string[]] = [[], []];
  let [tries, passed] = [0, 0];
  const strangers = { refused: (_source: string, reason: string) => void refused.push(reason) };
  const pages = makePages({
    desk: options.desk,
    backtests: options.backtests ?? { run: async () => ({ kind: 'busy' }) },
    audit: options.audit ?? searchDesk(logSearch(options.records ?? [])),
    readTime: (text) => readTime(text, Date.UTC(2026, 5, 2)),
    people: {
      async identify(secret, name) {
        if (name === undefined) return [...people.values()].find(({ person }) => secret === tokenOf(person.name));
        tries++;
        await new Promise((resolve) => setTimeout(resolve, options.passphraseMs ?? 0));
        return secret === passphraseOf(name) ? people.get(name) : undefined;
      },
      personOf: (name) => people.get(name),
      isGrantToken: (secret) => secret === GRANT_TOKEN,
    },
    strangers,
    clock: { elapsed: () => performance.now() + passed },
    crypto: { id: () => randomBytes(16).toString('base64url') },
    isSecure: options.tls !== undefined || options.behindProxy === true,
    url: () => options.url,
    log: (line) => void log.push(line),
  });
  const front = {
    host: '127.0.0.1',
    port: 0,
    tls: options.tls,
    endpoint: { limits: () => DEFAULT_LIMITS },
    strangers,
    pages,
    tokens: () => new Map([[hashToken(GRANT_TOKEN), 'agent-1']]),
    guard: () => ({ hosts: options.hosts ?? [], origins: [] }),
    isReady: async () => true,
    log: (line: string) => void log.push(line),
  };
  const listener = await listenHttp(front as unknown as HttpOptions);
  return {
    port: listener.port,
    base: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${listener.port}`,
    refused,
    log,
    people,
    tries: () => tries,
    pass(ms) {
      passed += ms;
    },
    ask: (path, sending = {}) =>
      ask(options.tls === undefined ? httpRequest : httpsRequest, listener.port, path, sending),
    stop: () => listener.close(),
  };
}

/** One request as it is, on a connection of its own. */
function ask(
  request: typeof httpRequest,
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Sending,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    );
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: all,
        agent: false,
        rejectUnauthorized: false,
      } as RequestOptions,
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    // Of a long body that is refused, the rest cannot be sent: the answer is what counts.
    asked.on('error', (fault) => setTimeout(() => reject(fault), 100));
    asked.end(body);
  });
}
