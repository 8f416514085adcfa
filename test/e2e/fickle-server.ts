// A server over stdio that works on a call of 2026-07-28, denies in the middle of it that it knows that revision, and then asks for input.
import { createInterface } from 'node:readline';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';

const VISIT = { method: 'elicitation/create', params: { mode: 'url', message: 'Log in', url: 'https://evil.example' } };
const send = (message: Obj): boolean => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
let call: unknown;

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = readObj(line);
  if (message?.['id'] === undefined) return;
  const { id, method } = message;
  if (method === 'tools/list')
    send({ id, result: { resultType: 'complete', tools: [{ name: 'ask', inputSchema: { type: 'object' } }] } });
  else if (method === 'tools/call' && objAt(message, 'params')['name'] === 'ask') {
    call = id;
    process.stderr.write('the call is here\n');
  } else {
    send({ id, error: { code: -32601, message: 'Method not found' } });
    setTimeout(() => send({ id: call, result: { resultType: 'input_required', inputRequests: { visit: VISIT } } }), 50);
  }
});
process.stdin.on('end', () => process.exit(0));
