import { type Answer, httpClient } from './http-client.ts';
import { type Obj, objAt } from './json-rpc.ts';

const VERSION = '2026-07-28';
/** What the header Mcp-Name repeats, by method. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** Capabilities of a client that waits for results as tasks. */
export const WITH_TASKS: Obj = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

/** A raw client of 2026-07-28 over HTTP: every request stands by itself. */
export interface ModernHttpClient {
  /** The whole answer, with `result` or `error`. */
  request(method: string, params?: Obj, headers?: Readonly<Record<string, string>>): Promise<Obj>;
  call(name: string, args?: Obj, headers?: Readonly<Record<string, string>>): Promise<Obj>;
  /** As `request`; gives all of the answer that can be seen. */
  post(method: string, params: Obj, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Headers and body of a request, for who sends it by other means. */
  raw(method: string, params: Obj): readonly [headers: Record<string, string>, body: Obj];
  /** Drops all connections, without a word. */
  stop(): Promise<void>;
}

export function modernClient(url: string, token: string, capabilities: Obj = {}): ModernHttpClient {
  const http = httpClient(url, token);
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    'io.modelcontextprotocol/clientInfo': { name: 'modern-client', version: '1.0.0' },
  };
  let lastId = 0;
  const client: ModernHttpClient = {
    raw(method, params) {
      lastId += 1;
      const _meta = { ...envelope, ...objAt(params, '_meta') };
      const message = { jsonrpc: '2.0', id: lastId, method, params: { ...params, _meta } };
      const name = params[NAMED[method] ?? ''];
      const standard = { authorization: `Bearer ${token}`, 'mcp-protocol-version': VERSION, 'mcp-method': method };
      return [{ ...standard, ...(typeof name === 'string' ? { 'mcp-name': name } : {}) }, message];
    },
    post(method, params, headers = {}) {
      const [standard, message] = client.raw(method, params);
      return http.raw(JSON.stringify(message), { ...standard, ...headers });
    },
    async request(method, params = {}, headers) {
      const answer = await client.post(method, params, headers);
      const message = answer.messages.find((one) => one['method'] === undefined);
      if (message === undefined) throw new Error(`no answer to ${method}: HTTP ${answer.status} ${answer.text}`);
      return message;
    },
    call: (name, args = {}, headers) => client.request('tools/call', { name, arguments: args }, headers),
    stop: http.stop,
  };
  return client;
}
