import { idOf, isObj, type Obj, objAt, type RpcId } from './json-rpc.ts';

export interface ToolDefinition extends Obj {
  readonly name: string;
}

/** What a tool may do to the client, beside answering, while its call is open. */
export interface Way {
  readonly id: RpcId;
  readonly progressToken: unknown;
  /** Aborted when the client cancels the call; a cancelled call is not answered. */
  readonly cancelled: AbortSignal;
  /** Sends a message on the stream of this call. */
  send(message: Obj): void;
  /** Writes text that is no message where messages belong. */
  garbage(text: string): void;
  /** Ends the server as a crash would; the call never returns. */
  die(): Promise<never>;
}

export interface ToolServer {
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly instructions?: string;
  readonly tools: readonly ToolDefinition[];
  call(name: string, args: Obj, way: Way & { ask(method: string, params: Obj): Promise<Obj> }): Promise<Obj> | Obj;
}

/** One client's conversation with a tool server, whatever carries the messages. */
export interface Conversation {
  /** Takes one message; resolves to the answer to it, or to undefined if none is due. */
  receive(message: Obj, carrier: Pick<Way, 'send' | 'garbage' | 'die'>): Promise<Obj | undefined>;
}

const VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

export function converse(server: ToolServer): Conversation {
  const open = new Map<RpcId, AbortController>();
  const asked = new Map<RpcId, (answer: Obj) => void>();
  let questions = 0;

  async function callTool(
    id: RpcId,
    params: Obj,
    carrier: Pick<Way, 'send' | 'garbage' | 'die'>,
  ): Promise<Obj | undefined> {
    const abort = new AbortController();
    open.set(id, abort);
    const ask = (method: string, body: Obj): Promise<Obj> => {
      questions += 1;
      const question = `question-${questions}`;
      carrier.send({ jsonrpc: '2.0', id: question, method, params: body });
      return new Promise((resolve) => asked.set(question, resolve));
    };
    const way = {
      id,
      progressToken: objAt(params, '_meta')['progressToken'],
      cancelled: abort.signal,
      ...carrier,
      ask,
    };
    const result = await server.call(String(params['name']), objAt(params, 'arguments'), way);
    open.delete(id);
    return abort.signal.aborted ? undefined : { jsonrpc: '2.0', id, result };
  }

  return {
    async receive(message, carrier) {
      const id = idOf(message);
      const params = objAt(message, 'params');
      if (message['method'] === 'notifications/cancelled') open.get(params['requestId'] as RpcId)?.abort();
      if (id === undefined) return undefined;
      if (message['method'] === undefined) {
        asked.get(id)?.(message);
        asked.delete(id);
        return undefined;
      }
      if (message['method'] === 'tools/call') return callTool(id, params, carrier);
      const result = plainResult(server, String(message['method']), params);
      if (result) return { jsonrpc: '2.0', id, result };
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `Method not found: ${message['method']}` } };
    },
  };
}

function plainResult(server: ToolServer, method: string, params: Obj): Obj | undefined {
  const wanted = params['protocolVersion'];
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: typeof wanted === 'string' && VERSIONS.includes(wanted) ? wanted : '2025-11-25',
        capabilities: { tools: { listChanged: true }, logging: {} },
        serverInfo: server.serverInfo,
        ...(server.instructions ? { instructions: server.instructions } : {}),
      };
    case 'tools/list':
      return { tools: server.tools };
    case 'ping':
    case 'logging/setLevel':
      return {};
    default:
      return undefined;
  }
}

/** Names what is missing, as the servers' own validation would; undefined when nothing is. */
export function missingArgument(definition: ToolDefinition, args: Obj): string | undefined {
  const schema = definition['inputSchema'];
  const required = isObj(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  return required.find((name: unknown) => typeof name === 'string' && args[name] === undefined);
}
