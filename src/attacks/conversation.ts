import type { Caller, PlayedServer, PlayedTool } from './played-server.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Answers one message as the server would; undefined where nothing is to be answered. Calls are put into its record before they run. */
export function answerOf(
  server: PlayedServer,
  message: Fields,
  caller: Caller,
  record: (line: string) => void,
): Fields | undefined {
  const { id, method } = message;
  if (id === undefined) return undefined;
  const result = resultOf(server, String(method), fieldsIn(message['params']), caller, record);
  if (result === undefined) return { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
  return { jsonrpc: '2.0', id, result };
}

function resultOf(
  server: PlayedServer,
  method: string,
  params: Fields,
  caller: Caller,
  record: (line: string) => void,
): Fields | undefined {
  if (method === 'ping') return {};
  if (method === 'tools/list') return { tools: server.tools().map(definitionOf) };
  if (method === 'tools/call') return called(server, params, caller, record);
  if (method !== 'initialize') return undefined;
  return {
    protocolVersion: '2025-11-25',
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'a server that is played', version: '1.0.0' },
  };
}

function called(server: PlayedServer, params: Fields, caller: Caller, record: (line: string) => void): Fields {
  const name = String(params['name']);
  const args = fieldsIn(params['arguments']);
  record(`called: ${name} ${JSON.stringify(args)}`);
  try {
    const tool = server.tools().find((one) => one.name === name);
    if (tool === undefined) throw new Error(`Unknown tool: ${name}`);
    return { content: [{ type: 'text', text: tool.run(args, caller) }] };
  } catch (fault) {
    return { content: [{ type: 'text', text: fault instanceof Error ? fault.message : String(fault) }], isError: true };
  }
}

function definitionOf({ name, description, parameters = {} }: PlayedTool): Fields {
  const properties = Object.fromEntries(Object.entries(parameters).map(([key, type]) => [key, { type }]));
  return { name, description, inputSchema: { type: 'object', properties } };
}

/** What of a stranger's JSON is an object. */
export function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
