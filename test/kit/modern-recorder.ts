import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { tasksPeer } from '../conformance/fixtures/tasks-peer.ts';
import { TOOL_LIST } from '../conformance/fixtures/tasks-tools.ts';
import { type Obj, objAt, readObj, textResult } from './json-rpc.ts';

/** A message that reached the server, and the headers that came with it. */
interface Heard {
  readonly message: Obj;
  readonly headers: IncomingHttpHeaders;
}

export interface ModernRecorder {
  readonly url: string;
  readonly heard: readonly Heard[];
  stop(): Promise<void>;
}

const tool = (name: string, properties: Obj): Obj => ({
  name,
  description: `This is ${name}.`,
  inputSchema: { type: 'object', properties },
});
const TOOLS: readonly Obj[] = [
  tool('echo', { text: { type: 'string' } }),
  tool('region', { region: { type: 'string', 'x-mcp-header': 'Region' }, text: { type: 'string' } }),
  tool('hang', { text: { type: 'string' } }),
  tool('drop', { text: { type: 'string' } }),
  tool('transfer', { text: { type: 'string' } }),
  ...TOOL_LIST,
];

const SURE: Obj = {
  method: 'elicitation/create',
  params: {
    message: 'Really?',
    requestedSchema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] },
  },
};
const STATE = 'the-state-of-the-recorder';

/** A server of 2026-07-28 over HTTP in this process, so that it outlives gateways which are killed; it has the tools of the tasks fixture too. */
export async function startModernRecorder(): Promise<ModernRecorder> {
  const heard: Heard[] = [];
  const peer = tasksPeer();

  async function answer(message: Obj): Promise<Obj | undefined> {
    const params = objAt(message, 'params');
    const args = objAt(params, 'arguments');
    const done = (result: Obj): Obj => ({ jsonrpc: '2.0', id: message['id'], result });
    if (message['method'] === 'tools/list') {
      return done({ resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools: TOOLS });
    }
    if (message['method'] !== 'tools/call') return peer.receive(message, { send() {} });
    switch (params['name']) {
      case 'echo':
        return done({ resultType: 'complete', ...textResult(String(args['text'])) });
      case 'region':
        return done({ resultType: 'complete', ...textResult(`${String(args['text'])} in ${String(args['region'])}`) });
      case 'hang':
        return new Promise(() => {});
      case 'transfer': {
        if (params['inputResponses'] === undefined) {
          return done({ resultType: 'input_required', inputRequests: { sure: SURE }, requestState: STATE });
        }
        const isSure = objAt(objAt(objAt(params, 'inputResponses'), 'sure'), 'content')['sure'];
        const told = params['requestState'] === STATE ? `sure: ${String(isSure)}` : 'a state that is not mine';
        return done({ resultType: 'complete', ...textResult(`${String(args['text'])}, ${told}`) });
      }
      default:
        return peer.receive(message, { send() {} });
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const message = readObj((await buffer(request)).toString('utf8'));
    if (request.method !== 'POST' || message === undefined) return void response.writeHead(405).end();
    heard.push({ message, headers: request.headers });
    if (objAt(message, 'params')['name'] === 'drop') return void request.socket.destroy();
    const reply = await answer(message);
    if (reply === undefined) return void response.writeHead(202).end();
    const isFault = reply['error'] !== undefined;
    response.writeHead(isFault ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    heard,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
