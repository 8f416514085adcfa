// A server of 2026-07-28 over stdio: `node front-modern-server.ts RECORD`. Every line that reaches it is appended to the file.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';

const record = String(process.argv[2]);
const VERSION = '2026-07-28';
const listens = new Set<unknown>();

const tool = (name: string, properties: Obj = {}): Obj => ({ name, inputSchema: { type: 'object', properties } });
const TOOLS = [
  tool('echo', { text: { type: 'string' } }),
  tool('hang'),
  tool('steps'),
  tool('change'),
  tool('flood', { events: { type: 'integer' }, size: { type: 'integer' } }),
  tool('region', { region: { type: 'string', 'x-mcp-header': 'Region' } }),
];

const send = (message: Obj): boolean => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const text = (value: string): Obj => ({ resultType: 'complete', content: [{ type: 'text', text: value }] });
const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

function progress(params: Obj, done: number, message: string): boolean {
  const { progressToken } = objAt(params, '_meta');
  return send({ method: 'notifications/progress', params: { progressToken, progress: done, message } });
}

/** Writes as fast as it may; like every good server it waits when nobody reads. */
async function flood(params: Obj): Promise<Obj> {
  const { events, size } = objAt(params, 'arguments');
  const filler = 'x'.repeat(Number(size));
  for (let done = 1; done <= Number(events); done += 1) {
    if (!progress(params, done, filler)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
  return text('flooded');
}

async function call(params: Obj): Promise<Obj> {
  switch (params['name']) {
    case 'hang':
      return new Promise(() => {});
    case 'steps':
      progress(params, 1, 'one');
      progress(params, 2, 'two');
      return text('stepped');
    case 'change':
      for (const id of listens) {
        const _meta = { 'io.modelcontextprotocol/subscriptionId': id };
        send({ method: 'notifications/tools/list_changed', params: { _meta } });
      }
      return text('changed');
    case 'flood':
      return flood(params);
    default:
      return text(JSON.stringify(objAt(params, 'arguments')));
  }
}

async function answer(method: string, params: Obj, id: unknown): Promise<Obj | undefined> {
  switch (method) {
    case 'server/discover':
      return { ...cached, supportedVersions: [VERSION], capabilities: { tools: { listChanged: true } } };
    case 'tools/list':
      return { ...cached, tools: TOOLS };
    case 'tools/call':
      return call(params);
    case 'subscriptions/listen': {
      listens.add(id);
      const _meta = { 'io.modelcontextprotocol/subscriptionId': id };
      send({
        method: 'notifications/subscriptions/acknowledged',
        params: { _meta, notifications: params['notifications'] },
      });
      return undefined;
    }
    default:
      return undefined;
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(record, `${line}\n`);
  const message = readObj(line);
  if (message === undefined || message['id'] === undefined || typeof message['method'] !== 'string') return;
  const { id, method } = message;
  void answer(method, objAt(message, 'params'), id).then((result) => {
    if (result !== undefined) send({ id, result });
    else if (method !== 'subscriptions/listen') send({ id, error: { code: -32601, message: 'Method not found' } });
  });
});
process.stdin.on('end', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
