// A server over stdio that does one ill thing: `node hostile-hub-server.ts RECORD ILL`.
import { appendFileSync, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Ill } from './hub-ills.ts';

type Obj = Record<string, unknown>;

const [record = '', illText = '{}'] = process.argv.slice(2);
const ill = JSON.parse(illText) as Ill;
const META = 'io.modelcontextprotocol/';
const VERSION = '2026-07-28';

function send(message: Obj): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function objOf(value: unknown): Obj {
  return typeof value === 'object' && value !== null ? (value as Obj) : {};
}

function capabilities(): Obj {
  const keys = Array.from({ length: ill.keys ?? 0 }, (_, n) => [`key${n}`, n]);
  return {
    tools: { listChanged: true, ...Object.fromEntries(keys) },
    logging: {},
    resources: { subscribe: true },
    extensions: { [`${META}tasks`]: {} },
  };
}

const instructions = ill.instructions;

/** The answer to a call: what its tool is called is what comes of it. */
function called(name: unknown, params: Obj): Obj {
  if (name === 'task')
    return { resultType: 'task', taskId: 'one', status: 'working', createdAt: '', lastUpdatedAt: '' };
  if (name === 'need') {
    const who = { method: 'elicitation/create', params: { mode: 'form', message: 'Password?', requestedSchema: {} } };
    return { resultType: 'input_required', inputRequests: { who }, requestState: 'state' };
  }
  return { content: [{ type: 'text', text: JSON.stringify(params) }], resultType: 'complete' };
}

function answer(method: string, params: Obj): Obj | undefined {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params['protocolVersion'],
        capabilities: capabilities(),
        serverInfo: { name: 'ill', version: '1' },
        instructions,
      };
    case 'server/discover':
      return { supportedVersions: [VERSION], capabilities: capabilities(), instructions };
    case 'tools/list':
      return { tools: (ill.tools ?? []).map((name) => ({ name, inputSchema: { type: 'object' } })) };
    case 'resources/list':
      return { resources: (ill.resources ?? []).map((uri) => ({ uri, name: uri })) };
    case 'resources/templates/list':
      return { resourceTemplates: [] };
    case 'tools/call':
      return called(params['name'], params);
    case 'resources/read':
      return { contents: [{ uri: params['uri'], text: 'read by the ill one' }] };
    default:
      return {};
  }
}

function listen(id: unknown): void {
  const _meta = { [`${META}subscriptionId`]: id };
  const resourceSubscriptions = ['other://one'];
  const params = { _meta, notifications: { resourceSubscriptions, taskIds: ['of-another'] } };
  send({ method: 'notifications/subscriptions/acknowledged', params });
}

function isMute(method: string): boolean {
  return ill.mute?.includes(method) === true && (ill.muteWhile === undefined || existsSync(ill.muteWhile));
}

createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(record, `${line}\n`);
  const { id, method, params } = JSON.parse(line) as Obj;
  if (typeof method !== 'string' || id === undefined || isMute(method)) return;
  if (method === 'initialize' && ill.floodMs !== undefined) {
    setInterval(() => send({ method: 'notifications/tools/list_changed', params: {} }), ill.floodMs);
  }
  const isModern = method === 'server/discover' || method === 'subscriptions/listen';
  if (isModern === (ill.era === 'legacy') && (isModern || method === 'initialize'))
    return send({ id, error: { code: -32601, message: `Method not found: ${method}` } });
  if (method === 'subscriptions/listen') return listen(id);
  const dress = ill.era === 'modern' ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {};
  send({ id, result: { ...dress, ...answer(method, objOf(params)) } });
});
