// A server of 2026-07-28 over stdio: `node modern-server.ts FILE`, which gets every line that arrives.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Obj, objAt, readObj, textResult } from '../kit/json-rpc.ts';

const [, , record = ''] = process.argv;
const inputSchema = { type: 'object' };
const TOOLS = ['echo', 'sum', 'book', 'once', 'long', 'hang'].map((name) => ({ name, inputSchema }));
const SEAT = { type: 'object', properties: { seat: { type: 'string' } } };
const QUESTION = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Which seat?', requestedSchema: SEAT },
};
let tasks = 0;

function resultOf(method: unknown, params: Obj): Obj | undefined {
  switch (method) {
    case 'server/discover':
      return {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
        ttlMs: 0,
        cacheScope: 'private',
      };
    case 'tools/list':
      return { tools: TOOLS, ttlMs: 0, cacheScope: 'private' };
    case 'tools/call':
      return called(params);
    case 'tasks/get':
      return { taskId: params['taskId'], status: 'working', createdAt: NOW, lastUpdatedAt: NOW, ttlMs: 60_000 };
    case 'tasks/cancel':
      return {};
    default:
      return undefined;
  }
}

const NOW = '2026-11-21T12:00:00Z';

function called(params: Obj): Obj {
  const args = objAt(params, 'arguments');
  switch (params['name']) {
    case 'once':
    case 'book':
      if (params['inputResponses'] !== undefined)
        return textResult(params['name'] === 'book' ? `booked ${args['flight']}` : 'done');
      return { resultType: 'input_required', inputRequests: { seat: QUESTION }, requestState: 'state-of-the-server' };
    case 'long':
      tasks += 1;
      return {
        resultType: 'task',
        taskId: `task-${tasks}`,
        status: 'working',
        createdAt: NOW,
        lastUpdatedAt: NOW,
        ttlMs: 60_000,
        pollIntervalMs: 1000,
      };
    default:
      return textResult(String(args['text']));
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(record, `${line}\n`);
  const message = readObj(line);
  if (message?.['id'] === undefined || message['method'] === undefined) return;
  const { id, method } = message;
  const params = objAt(message, 'params');
  if (method === 'tools/call' && params['name'] === 'hang') return;
  const result = resultOf(method, params);
  const answer = result
    ? { result: { resultType: 'complete', ...result } }
    : { error: { code: -32601, message: `Method not found: ${method}` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
process.stdin.on('end', () => process.exit(0));
