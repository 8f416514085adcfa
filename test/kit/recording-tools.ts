import { type Obj, textResult } from './json-rpc.ts';
import type { ToolDefinition, ToolServer, Way } from './tool-server.ts';

const never = (): Promise<never> => new Promise(() => {});

function tool(
  name: string,
  description: string,
  properties: Obj = {},
  required: readonly string[] = [],
): ToolDefinition {
  return { name, description, inputSchema: { type: 'object', properties, required } };
}

const number = { type: 'number' };
const string = { type: 'string' };

const TOOLS: readonly ToolDefinition[] = [
  tool('echo', 'Answers with the text.', { text: string }, ['text']),
  tool('sum', 'Adds two numbers.', { a: number, b: number }, ['a', 'b']),
  tool('slow', 'Answers after a while, reporting progress.', { ms: number, steps: number }, ['ms']),
  tool('hang', 'Never answers.'),
  tool('die', 'Ends the server in the middle of the call.'),
  tool('garbage', 'Writes what is no message, then answers.', { text: string }),
  tool('twice', 'Answers the same request twice.'),
  tool('foreign', 'Answers a request that nobody made, then its own.'),
  tool('huge', 'Answers with that many bytes of text.', { bytes: number }, ['bytes']),
  tool('ask', 'Asks the client something and returns what came back.', { method: string, params: { type: 'object' } }),
  tool('log', 'Sends log messages, then answers.', { count: number }),
];

/** A server for fault tests: one tool for each way in which servers misbehave, and two that behave. */
export const recordingTools: ToolServer = {
  serverInfo: { name: 'recording-server', version: '1.0.0' },
  tools: TOOLS,
  async call(name, args, way) {
    switch (name) {
      case 'echo':
        return textResult(String(args['text']));
      case 'sum':
        return textResult(String(Number(args['a']) + Number(args['b'])));
      case 'slow':
        return slow(Number(args['ms']), Number(args['steps'] ?? 2), way);
      case 'hang':
        return never();
      case 'die':
        return way.die();
      case 'garbage':
        way.garbage(String(args['text'] ?? 'Listening on port 3000 {"jsonrpc":'));
        return textResult('after the garbage');
      case 'twice':
        way.send({ jsonrpc: '2.0', id: way.id, result: textResult('first') });
        return textResult('second');
      case 'foreign':
        way.send({ jsonrpc: '2.0', id: 987_654_321, result: textResult('an answer to nobody') });
        return textResult('my own answer');
      case 'huge':
        return textResult('x'.repeat(Number(args['bytes'])));
      case 'ask': {
        const params = (args['params'] as Obj | undefined) ?? { messages: [], maxTokens: 1 };
        return textResult(JSON.stringify(await way.ask(String(args['method'] ?? 'sampling/createMessage'), params)));
      }
      case 'log':
        for (let n = 1; n <= Number(args['count'] ?? 1); n += 1) {
          notify(way, 'notifications/message', { level: 'info', logger: 'recording-server', data: `line ${n}` });
        }
        return textResult('logged');
      default:
        return textResult(`Unknown tool: ${name}`, 'failed');
    }
  },
};

function notify(way: Way, method: string, params: Obj): void {
  way.send({ jsonrpc: '2.0', method, params });
}

async function slow(ms: number, steps: number, way: Way): Promise<Obj> {
  for (let step = 1; step <= steps && !way.cancelled.aborted; step += 1) {
    // Before the wait: the SDK client loses progress that arrives in one chunk with the answer.
    if (way.progressToken !== undefined) {
      notify(way, 'notifications/progress', { progressToken: way.progressToken, progress: step, total: steps });
    }
    await pause(ms / steps, way.cancelled);
  }
  return textResult(`waited ${ms} ms`);
}

function pause(ms: number, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancelled.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
