// A server of either era over stdio, made of what its plan names: `node hub-server.ts RECORD PLAN`.
import { appendFileSync, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HubPlan } from './hub-plan.ts';

type Obj = Record<string, unknown>;

const [record = '', planText = '{}'] = process.argv.slice(2);
const plan = JSON.parse(planText) as HubPlan;
const META = 'io.modelcontextprotocol/';
const waiting = new Map<unknown, (answer: Obj) => void>();
const listens = new Map<unknown, Obj>();
let extraTools: string[] = [];
let asked = 0;

function send(message: Obj): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function objOf(value: unknown): Obj {
  return typeof value === 'object' && value !== null ? (value as Obj) : {};
}

/** Over a list, two pages where there are two items or more. */
function page(key: string, items: readonly unknown[], params: Obj): Obj {
  if (items.length < 2) return { [key]: items };
  return params['cursor'] === 'rest' ? { [key]: items.slice(1) } : { [key]: items.slice(0, 1), nextCursor: 'rest' };
}

const tool = (name: string): Obj => ({
  name,
  description: `${name} of ${plan.name}`,
  inputSchema: { type: 'object' },
  ...(name === 'page' ? { _meta: { ui: { resourceUri: `ui://${plan.name}/page` } } } : {}),
});

function capabilities(): Obj {
  return {
    tools: { listChanged: true },
    logging: {},
    ...(plan.prompts ? { prompts: {}, completions: {} } : {}),
    ...(plan.resources || plan.templates ? { resources: { subscribe: true } } : {}),
    ...(plan.era === 'modern' ? { extensions: { 'io.modelcontextprotocol/tasks': {}, 'odd/extension': {} } } : {}),
    ...(plan.era === 'legacy' ? { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } } : {}),
  };
}

const said = (text: string): Obj => ({ content: [{ type: 'text', text }] });

async function call(params: Obj): Promise<Obj | undefined> {
  const args = objOf(params['arguments']);
  switch (params['name']) {
    case 'hang':
      return undefined;
    case 'die':
      process.exit(3);
      break;
    case 'grow':
      extraTools = [...extraTools, String(args['name'])];
      send({ method: 'notifications/tools/list_changed' });
      for (const listen of listens.keys()) {
        const params = { _meta: { [`${META}subscriptionId`]: listen } };
        send({ method: 'notifications/tools/list_changed', params });
      }
      return said('grown');
    case 'touch': {
      send({ method: 'notifications/resources/updated', params: { uri: args['uri'] } });
      for (const listen of listens.keys()) {
        const _meta = { [`${META}subscriptionId`]: listen };
        send({ method: 'notifications/resources/updated', params: { uri: args['uri'], _meta } });
      }
      return said('touched');
    }
    case 'link':
      return { content: [{ type: 'resource_link', uri: args['uri'], name: 'a link' }] };
    case 'log':
      send({ method: 'notifications/message', params: { level: 'info', data: `log of ${plan.name}` } });
      return said('logged');
    case 'steps': {
      const progressToken = objOf(params['_meta'])['progressToken'];
      if (progressToken !== undefined)
        send({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
      return said('stepped');
    }
    case 'ask': {
      const question = `question-${++asked}`;
      send({ id: question, method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } });
      const answer = await new Promise<Obj>((resolve) => waiting.set(question, resolve));
      return said(JSON.stringify(answer['result'] ?? answer['error']));
    }
    case 'need': {
      const given = objOf(params['inputResponses'])['name'];
      if (given !== undefined) return said(`given ${JSON.stringify(given)}`);
      const name = {
        method: 'elicitation/create',
        params: { mode: 'form', message: 'Your name?', requestedSchema: { type: 'object', properties: {} } },
      };
      return { resultType: 'input_required', inputRequests: { name }, requestState: 'the-state' };
    }
    case 'task':
      if (plan.era === 'modern') {
        const times = { createdAt: '', lastUpdatedAt: '', ttlMs: 60_000, pollIntervalMs: 1_000 };
        return { resultType: 'task', taskId: String(args['id']), status: 'working', ...times };
      }
      return { task: { taskId: String(args['id']), status: 'working', createdAt: '', lastUpdatedAt: '', ttl: null } };
  }
  return said(JSON.stringify({ by: plan.name, tool: params['name'], args, meta: params['_meta'] ?? null }));
}

async function answer(method: string, params: Obj): Promise<Obj | undefined> {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params['protocolVersion'],
        capabilities: capabilities(),
        serverInfo: { name: plan.name, version: '1' },
        instructions: `Ask ${plan.name} nicely.`,
      };
    case 'server/discover':
      return {
        supportedVersions: ['2026-07-28'],
        capabilities: capabilities(),
        instructions: `Ask ${plan.name} nicely.`,
      };
    case 'tools/list':
      return page('tools', [...(plan.tools ?? []), ...extraTools].map(tool), params);
    case 'prompts/list':
      return page(
        'prompts',
        (plan.prompts ?? []).map((name) => ({ name })),
        params,
      );
    case 'resources/list':
      return page(
        'resources',
        (plan.resources ?? []).map((uri) => ({ uri, name: uri })),
        params,
      );
    case 'resources/templates/list':
      return page(
        'resourceTemplates',
        (plan.templates ?? []).map((uriTemplate) => ({ uriTemplate, name: uriTemplate })),
        params,
      );
    case 'resources/read':
      return { contents: [{ uri: params['uri'], text: `read by ${plan.name}` }] };
    case 'prompts/get':
      return {
        messages: [{ role: 'user', content: { type: 'text', text: `${String(params['name'])} by ${plan.name}` } }],
      };
    case 'completion/complete':
      return { completion: { values: [`${JSON.stringify(params['ref'])} by ${plan.name}`] } };
    case 'tasks/get':
      return { taskId: params['taskId'], status: 'working', statusMessage: `task of ${plan.name}` };
    case 'tasks/list':
      return {
        tasks: [
          { taskId: 'not-begun-here', status: 'working' },
          { taskId: 'one', status: 'working' },
        ],
      };
    case 'tools/call':
      return call(params);
    case 'ping':
    case 'logging/setLevel':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return {};
    default:
      return { error: { code: -32601, message: `Method not found: ${method}` } };
  }
}

const MODERN_ONLY: ReadonlySet<string> = new Set(['server/discover', 'subscriptions/listen']);
const LEGACY_ONLY: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/list',
]);

async function take(message: Obj): Promise<void> {
  const { id, method } = message;
  if (typeof method !== 'string') {
    waiting.get(id)?.(message);
    return;
  }
  const params = objOf(message['params']);
  if (method === 'notifications/cancelled') listens.delete(params['requestId']);
  if (id === undefined) return;
  const other = plan.era === 'legacy' ? MODERN_ONLY : LEGACY_ONLY;
  if (other.has(method)) return send({ id, error: { code: -32601, message: `Method not found: ${method}` } });
  if (plan.mute?.includes(method)) return;
  if (method === 'subscriptions/listen') {
    listens.set(id, params);
    const _meta = { [`${META}subscriptionId`]: id };
    return send({
      method: 'notifications/subscriptions/acknowledged',
      params: { _meta, notifications: params['notifications'] },
    });
  }
  const result = await answer(method, params);
  if (result === undefined) return;
  if (result['error'] !== undefined) return send({ id, error: result['error'] });
  const dress = plan.era === 'modern' ? { resultType: 'complete', ttlMs: 60_000, cacheScope: 'public' } : {};
  send({ id, result: { ...dress, ...result } });
}

if (plan.crash || (plan.crashWhile !== undefined && existsSync(plan.crashWhile))) process.exit(7);
createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(record, `${line}\n`);
  void take(JSON.parse(line) as Obj);
});
