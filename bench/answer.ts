import { TOOLS, toolName } from './call.ts';

interface Message {
  readonly id?: string | number;
  readonly method?: string;
}

const RESULT = '{"content":[{"type":"text","text":"{\\"order\\":\\"000123\\",\\"status\\":\\"accepted\\"}"}]}';
const LIST = JSON.stringify({
  tools: Array.from({ length: TOOLS }, (_, n) => ({
    name: toolName(n),
    description: 'A tool of the bench.',
    inputSchema: { type: 'object', properties: { account: { type: 'string' }, amount: { type: 'number' } } },
  })),
});
const INITIALIZED = JSON.stringify({
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'bench-upstream', version: '1.0.0' },
});

/** The least that a server can do: parse, and answer a fixed text. Undefined for what needs no answer. */
export function answer(message: Message): string | undefined {
  if (message.id === undefined) return undefined;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${resultOf(message.method)}}`;
}

function resultOf(method: string | undefined): string {
  switch (method) {
    case 'tools/call':
      return RESULT;
    case 'tools/list':
      return LIST;
    case 'initialize':
      return INITIALIZED;
    default:
      return '{}';
  }
}
