// Answers whatever it is told to: a call's arguments hold its `result` or `error`, and messages to be sent `before` it.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isObj, type Obj, objAt, readObj } from '../kit/json-rpc.ts';

const [, , leaksFile = ''] = process.argv;
/** Answers to other methods, by method. */
const leaks = readObj(readFileSync(leaksFile, 'utf8')) ?? {};
const send = (message: Obj): boolean => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

const HANDSHAKE = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
  serverInfo: { name: 'leaky', version: '1.0.0' },
};

function answer(method: string, params: Obj): Obj {
  if (method === 'initialize') return { result: HANDSHAKE };
  if (method === 'tools/list') return { result: { tools: [{ name: 'leak', inputSchema: { type: 'object' } }] } };
  if (method !== 'tools/call') return { result: leaks[method] ?? {} };
  const told = objAt(params, 'arguments');
  for (const message of Array.isArray(told['before']) ? told['before'].filter(isObj) : []) {
    const progressToken = objAt(params, '_meta')['progressToken'];
    const isProgress = message['method'] === 'notifications/progress';
    send(isProgress ? { ...message, params: { ...objAt(message, 'params'), progressToken } } : message);
  }
  return told['error'] === undefined ? { result: told['result'] } : { error: told['error'] };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = readObj(line) ?? {};
  if (message['id'] === undefined || typeof message['method'] !== 'string') return;
  const told = answer(message['method'], objAt(message, 'params'));
  // After a wait: the SDK client loses progress that arrives in one chunk with the answer.
  setTimeout(
    () => send({ id: message['id'], ...told }),
    'result' in told && message['method'] === 'tools/call' ? 200 : 0,
  );
});
