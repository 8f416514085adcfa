import { type Tree, treeOf } from './tree.ts';

const request = (method: string, params: object, id: string | number = 7): Tree =>
  treeOf({ jsonrpc: '2.0', id, method, params });
const note = (method: string, params: object): Tree => treeOf({ jsonrpc: '2.0', method, params });

const META = { progressToken: 'tok-1', 'claudecode/toolUseId': 'toolu_01', traceparent: '00-ab-cd-01' };

const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'client', version: '2.0' },
};

/** Messages as clients send them. */
export const REAL: readonly [Tree, ...Tree[]] = [
  request('tools/call', { name: 'echo', arguments: { text: 'hello' } }),
  request('tools/call', { name: 'sum', arguments: { a: 1, b: 2.5 }, _meta: META }, 'server-discover-probe-1'),
  request('tools/call', {
    name: 'query',
    arguments: { sql: 'select 1', limit: 10, tags: ['a', 'b'], deep: { x: [{}] } },
  }),
  request('tools/call', { name: 'foreign' }),
  request('tools/list', {}),
  request('tools/list', { cursor: 'eyJwIjoyfQ==', _meta: { progressToken: 3 } }),
  request('resources/read', { uri: 'file:///srv/notes.txt' }),
  request('resources/subscribe', { uri: 'db://customers/17' }),
  request('resources/unsubscribe', { uri: 'db://customers/17' }),
  request('resources/templates/list', {}),
  request('prompts/get', { name: 'review', arguments: { language: 'en', code: 'x = 1' } }),
  request('completion/complete', {
    ref: { type: 'ref/prompt', name: 'review' },
    argument: { name: 'language', value: 'e' },
    context: { arguments: { code: 'x = 1' } },
  }),
  request('completion/complete', {
    ref: { type: 'ref/resource', uri: 'file:///{path}' },
    argument: { name: 'path', value: 'srv/' },
  }),
  request('logging/setLevel', { level: 'warning' }),
  request('ping', {}),
  request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {
      sampling: {},
      elicitation: { form: {}, url: {} },
      roots: { listChanged: true },
      extensions: { 'a/b': {} },
    },
    clientInfo: { name: 'client', version: '1.0', title: 'A client' },
  }),
  note('notifications/initialized', {}),
  note('notifications/progress', { progressToken: 5, progress: 0.5, total: 1, message: 'half' }),
  note('notifications/cancelled', { requestId: 7, reason: 'enough' }),
  note('notifications/roots/list_changed', {}),
  request('tools/call', { name: 'echo', arguments: { text: 'hello' }, _meta: { ...MODERN, progressToken: 'tok-2' } }),
  request('tools/call', {
    name: 'book',
    arguments: { flight: 'LH 1' },
    inputResponses: { seat: { action: 'accept', content: { seat: '1A' } } },
    requestState: 'sealed',
    _meta: MODERN,
  }),
  request('resources/read', { uri: 'file:///srv/notes.txt', _meta: MODERN }, 'a-1'),
  request('server/discover', { _meta: MODERN }, 'server-discover-probe-1'),
  request('tasks/get', { taskId: 'task-1', _meta: MODERN }),
  request('subscriptions/listen', {
    notifications: { toolsListChanged: true, resourceSubscriptions: ['a://b'] },
    _meta: MODERN,
  }),
  // And as servers do.
  treeOf({
    jsonrpc: '2.0',
    id: 3,
    result: {
      content: [{ type: 'text', text: 'hello' }],
      structuredContent: { arguments: { total: 12.5 } },
      isError: false,
    },
  }),
  treeOf({
    jsonrpc: '2.0',
    id: 4,
    result: { tools: [{ name: 'echo', inputSchema: { type: 'object' } }], nextCursor: 'c' },
  }),
  request(
    'sampling/createMessage',
    { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 9 },
    'q',
  ),
  note('notifications/message', { level: 'info', logger: 'x', data: { arguments: { a: 1 } } }),
  treeOf({ jsonrpc: '2.0', id: 'gate-1', result: { action: 'accept', content: { name: 'x' } } }),
  treeOf({ jsonrpc: '2.0', id: 'gate-2', error: { code: -1, message: 'no', data: { a: 1 } } }),
];
