import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { type Inbox, inbox, PATIENCE_MS } from './inbox.ts';
import { idOf, type Obj, readObj } from './json-rpc.ts';
import { eventReader } from './sse.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** All messages in the body, JSON or event stream, in order. */
  readonly messages: readonly Obj[];
}

interface Stream {
  readonly status: number;
  next: Inbox['next'];
  readonly messages: readonly Obj[];
  /** Resolves when the other side has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

interface Sending {
  readonly method?: 'POST' | 'GET' | 'DELETE' | 'PUT' | 'OPTIONS';
  readonly signal?: AbortSignal;
}

export interface HttpClient {
  sessionId: string | undefined;
  /** Does the handshake; resolves to its answer. */
  initialize(capabilities?: Obj): Promise<Obj>;
  /** Sends a request; resolves to the whole JSON-RPC answer, with `result` or `error`. */
  request(method: string, params?: Obj): Promise<Obj>;
  call(name: string, args?: Obj, meta?: Obj): Promise<Obj>;
  notify(method: string, params?: Obj): Promise<Answer>;
  /** Posts a message as it is, with the usual headers. */
  post(message: unknown): Promise<Answer>;
  /** Sends bytes as they are. The usual headers are there; those given replace them, and '' removes one. */
  raw(bytes: string | Uint8Array, headers?: Readonly<Record<string, string>>, sending?: Sending): Promise<Answer>;
  /** Opens the GET stream. */
  stream(): Promise<Stream>;
  /** Ends the session. */
  delete(): Promise<Answer>;
  /** Answers the other side's requests of this method from now on, whatever stream they come on. */
  answering(method: string, result: (params: unknown) => Obj): void;
  /** Drops all connections, without a word. */
  stop(): Promise<void>;
}

/** A raw Streamable HTTP client. `token` becomes the bearer token. */
export function httpClient(url: string, token?: string): HttpClient {
  const agent = new Agent({ keepAlive: true });
  const answers = new Map<string, (params: unknown) => Obj>();
  let lastId = 0;
  let version: string | undefined;

  const usual = (): Record<string, string> => ({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(client.sessionId === undefined ? {} : { 'mcp-session-id': client.sessionId }),
    ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
  });

  function open(
    bytes: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
    sending: Sending,
  ): Promise<IncomingMessage> {
    const length = { 'content-length': String(Buffer.byteLength(bytes)) };
    const kept = Object.entries({ ...usual(), ...length, ...headers }).filter(([, value]) => value !== '');
    const { method = 'POST', signal } = sending;
    return new Promise((resolve, reject) => {
      const request = httpRequest(url, {
        method,
        agent,
        headers: Object.fromEntries(kept),
        ...(signal ? { signal } : {}),
      });
      request.on('error', reject);
      request.on('response', resolve);
      void writeBody(request, Buffer.from(bytes));
    });
  }

  /** Reads a body to its end; each message is shown to `see` as it comes. */
  async function read(response: IncomingMessage, see: (message: Obj) => void): Promise<string> {
    let text = '';
    const take = (data: string): void => {
      const message = readObj(data);
      if (message) see(message);
    };
    const isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
    const feed = eventReader(take);
    response.setEncoding('utf8');
    for await (const chunk of response) {
      text += chunk;
      if (isStream) feed(String(chunk));
    }
    if (!isStream) take(text);
    return text;
  }

  function answerRequest(message: Obj): void {
    const answer = answers.get(String(message['method']));
    if (answer && idOf(message) !== undefined)
      void client.post({ jsonrpc: '2.0', id: message['id'], result: answer(message['params']) });
  }

  const client: HttpClient = {
    sessionId: undefined,
    async raw(bytes, headers = {}, sending = {}) {
      const response = await open(bytes, headers, { signal: AbortSignal.timeout(PATIENCE_MS), ...sending });
      const messages: Obj[] = [];
      const text = await read(response, (message) => {
        messages.push(message);
        answerRequest(message);
      });
      return { status: response.statusCode ?? 0, headers: response.headers, text, messages };
    },
    post: (message) => client.raw(JSON.stringify(message)),
    notify: (method, params = {}) => client.post({ jsonrpc: '2.0', method, params }),
    async request(method, params = {}) {
      lastId += 1;
      const id = lastId;
      const answer = await client.post({ jsonrpc: '2.0', id, method, params });
      const message = answer.messages.find((one) => one['id'] === id && one['method'] === undefined);
      if (message && method === 'initialize') client.sessionId = answer.headers['mcp-session-id']?.toString();
      if (!message) throw new Error(`no answer to ${method}: HTTP ${answer.status} ${answer.text.slice(0, 500)}`);
      return message;
    },
    call: (name, args = {}, meta) =>
      client.request('tools/call', { name, arguments: args, ...(meta ? { _meta: meta } : {}) }),
    async initialize(capabilities = {}) {
      const clientInfo = { name: 'http-client', version: '1.0.0' };
      client.sessionId = undefined;
      version = undefined;
      const answer = await client.request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo });
      version = '2025-11-25';
      await client.notify('notifications/initialized');
      return answer;
    },
    async stream() {
      const response = await open('', { accept: 'text/event-stream', 'content-type': '' }, { method: 'GET' });
      const box = inbox();
      const ended = read(response, (message) => {
        box.put(message);
        answerRequest(message);
      })
        .catch(() => '')
        .then(() => box.end('the stream ended'));
      return {
        status: response.statusCode ?? 0,
        next: box.next,
        messages: box.messages,
        ended,
        close: () => response.destroy(),
      };
    },
    delete: () => client.raw('', { 'content-type': '' }, { method: 'DELETE' }),
    answering: (method, result) => void answers.set(method, result),
    async stop() {
      agent.destroy();
    },
  };
  return client;
}

const PIECE = 65_536;

/**
 * Writes piece by piece and stops once an answer is there: a server may refuse a long body before it is all sent, and
 * Node throws the answer away if a later write finds the connection closed. So a long body waits a moment after its first piece.
 */
async function writeBody(request: ClientRequest, bytes: Buffer): Promise<void> {
  let answered = false;
  const over = new Promise<void>((resolve) => {
    request.once('response', () => {
      answered = true;
      resolve();
    });
    request.once('close', resolve);
  });
  for (let at = 0; at < bytes.length && !answered && !request.destroyed; at += PIECE) {
    const isRoomLeft = request.write(bytes.subarray(at, at + PIECE));
    if (!isRoomLeft) await Promise.race([once(request, 'drain').catch(() => {}), over]);
    if (at === 0 && bytes.length > 16 * PIECE) await Promise.race([sleep(100), over]);
    await immediate();
  }
  request.end();
}
