import { ARGUMENTS, CALL_HALVES, CALLED } from './call.ts';
import { type RawAnswer, type RawHttp, rawHttp } from './raw-http.ts';

export type BenchEra = 'legacy' | 'modern';

export interface SessionOptions {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly era: BenchEra;
  /** Whether a stream is held open beside the calls: GET in the legacy era, `subscriptions/listen` in the modern one. */
  readonly streams: boolean;
  /** Called for each piece of news that comes on the stream. */
  news(): void;
}

/** One client, with a connection for its calls and one for its stream. */
export interface SessionClient {
  /** Rejects when the call does not pass. */
  call(): Promise<void>;
  /** Ends the session where there is one, and drops the connections. */
  end(): Promise<void>;
  /** Drops the connections without a word. */
  vanish(): void;
}

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const META =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"}}';
const INITIALIZE = `"params":{"protocolVersion":"${LEGACY}","capabilities":{},"clientInfo":{"name":"bench","version":"1.0.0"}}`;
const MODERN_CALL = `,"method":"tools/call","params":{"name":"${CALLED}","arguments":${JSON.stringify(ARGUMENTS)},${META}}}`;
const LISTEN = `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"promptsListChanged":true},${META}}}`;
const NEWS = 'prompts/list_changed';

/** Opens a session, or what takes its place, and its stream. */
export async function openClient(options: SessionOptions): Promise<SessionClient> {
  const calls = rawHttp(options.port);
  const beside = options.streams ? rawHttp(options.port) : undefined;
  const ways = options.era === 'legacy' ? await legacy(options, calls, beside) : await modern(options, calls, beside);
  const vanish = (): void => {
    calls.drop();
    beside?.drop();
  };
  let id = 0;
  return {
    async call() {
      id += 1;
      const answer = await calls.ask(post(ways.callHead, `${CALL_HALVES[0]}${id}${ways.callTail}`));
      const passed = answer.status === 200 && answer.text.includes('"result":') && !answer.text.includes('"isError":t');
      if (!passed) throw new Error(`not an answer to a call that passed: ${answer.text.slice(0, 600)}`);
    },
    async end() {
      if (ways.farewell !== undefined) expect(await calls.ask(ways.farewell), 'the end of a session', 200, 204);
      vanish();
    },
    vanish,
  };
}

interface Ways {
  readonly callHead: string;
  readonly callTail: string;
  readonly farewell: string | undefined;
}

async function legacy(options: SessionOptions, calls: RawHttp, beside: RawHttp | undefined): Promise<Ways> {
  const opening = post(head(options, 'POST', {}), `{"jsonrpc":"2.0","id":0,"method":"initialize",${INITIALIZE}}`);
  const opened = expect(await calls.ask(opening), 'initialize', 200);
  const session = /\r\nmcp-session-id: *(\S+)/i.exec(opened.text)?.[1];
  if (session === undefined) throw new Error(`no session was given: ${opened.text.slice(0, 600)}`);
  const own = { 'MCP-Protocol-Version': LEGACY, 'Mcp-Session-Id': session };
  const callHead = head(options, 'POST', own);
  const ready = post(callHead, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
  expect(await calls.ask(ready), 'notifications/initialized', 202);
  if (beside !== undefined) {
    const following = beside.follow(`${head(options, 'GET', own)}\r\n`, newsCounter(options));
    expect(await following, 'the GET stream', 200);
  }
  return { callHead, callTail: CALL_HALVES[1], farewell: `${head(options, 'DELETE', own)}\r\n` };
}

async function modern(options: SessionOptions, _calls: RawHttp, beside: RawHttp | undefined): Promise<Ways> {
  const own = { 'MCP-Protocol-Version': MODERN };
  if (beside !== undefined) {
    const listening = post(head(options, 'POST', { ...own, 'Mcp-Method': 'subscriptions/listen' }), LISTEN);
    expect(await beside.follow(listening, newsCounter(options)), 'subscriptions/listen', 200);
  }
  const callHead = head(options, 'POST', { ...own, 'Mcp-Method': 'tools/call', 'Mcp-Name': CALLED });
  return { callHead, callTail: MODERN_CALL, farewell: undefined };
}

function head({ port, path, token }: SessionOptions, method: string, own: Readonly<Record<string, string>>): string {
  const usual = {
    Host: `127.0.0.1:${port}`,
    Accept: 'application/json, text/event-stream',
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
  };
  const lines = Object.entries({ ...usual, ...own }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}`;
}

/** All that is sent is ASCII. */
function post(ownHead: string, body: string): string {
  return `${ownHead}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function expect(answer: RawAnswer, what: string, ...statuses: readonly number[]): RawAnswer {
  if (!statuses.includes(answer.status)) throw new Error(`${what}: ${answer.text.slice(0, 600)}`);
  return answer;
}

function newsCounter({ news }: SessionOptions): (text: string) => void {
  let rest = '';
  return (text) => {
    const pieces = (rest + text).split(NEWS);
    rest = (pieces.at(-1) ?? '').slice(1 - NEWS.length);
    for (let n = 1; n < pieces.length; n += 1) news();
  };
}
