import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObj, type Obj, readObj } from '../../test/kit/json-rpc.ts';

interface ModelApi {
  /** What `ANTHROPIC_BASE_URL` is set to. */
  readonly base: string;
  stop(): Promise<void>;
}

type Turn = { readonly says: string } | { readonly uses: string; readonly input: Obj };

/** How Claude Code tells of a task that ended. */
const NEWS = /<task-notification>.*<result>(.*)<\/result>/s;
const ORDER = /use (mcp__\S+) (\{.*\})/g;
let turns = 0;

/**
 * A stand-in of the Anthropic Messages API on the loopback. Its model does what the last prompt orders, `use TOOL {JSON}`, and otherwise repeats what
 * it was told last: a tool's result, a task's outcome. Every request is kept in `record`, one a line.
 */
export async function startModelApi(record: string): Promise<ModelApi> {
  const server = createServer((request, response) => {
    void answer(request, response, record).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, record: string): Promise<void> {
  const body = readObj(await textOf(request)) ?? {};
  const path = new URL(request.url ?? '/', 'http://model').pathname;
  appendFileSync(record, `${JSON.stringify({ at: Date.now(), method: request.method, path, body })}\n`);
  if (request.method === 'POST' && path === '/v1/messages') {
    const turn = turnFor(body);
    if (body['stream'] === true) stream(response, body, turn);
    else sendJson(response, 200, messageOf(body, turn));
    return;
  }
  if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 1 });
  if (path === '/v1/models')
    return sendJson(response, 200, { data: [], has_more: false, first_id: null, last_id: null });
  sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: `nothing at ${path}` } });
}

function turnFor(body: Obj): Turn {
  const messages = listAt(body, 'messages');
  // The harness may add a message of its own behind the user's, of the role "system".
  const last = messages.findLast((message) => message['role'] === 'user') ?? {};
  const blocks =
    typeof last['content'] === 'string' ? [{ type: 'text', text: last['content'] }] : listAt(last, 'content');
  const offered = listAt(body, 'tools').map((tool) => tool['name']);
  const result = blocks.findLastIndex((block) => block['type'] === 'tool_result');
  const texts = blocks.slice(result + 1).map((block) => String(block['text'] ?? ''));
  const news = NEWS.exec(texts.join('\n'))?.[1];
  if (news !== undefined) return { says: `I was told: ${news.trim()}` };
  const prompt = texts.findLast((text) => !text.startsWith('<system-reminder>')) ?? '';
  const [order] = [...prompt.matchAll(ORDER)].slice(-1);
  if (order === undefined && result >= 0) return { says: `The tool said: ${textIn(blocks[result]?.['content'])}` };
  const [, tool, input] = order ?? [];
  if (tool !== undefined && offered.includes(tool)) {
    return { uses: tool, input: readObj(input ?? '') ?? {} };
  }
  if (tool !== undefined && offered.length > 0) return { says: `There is no tool ${tool} here.` };
  return { says: `I was asked: ${prompt}` };
}

function listAt(value: Obj, key: string): readonly Obj[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter(isObj) : [];
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content)
    ? content.map((block: unknown) => (isObj(block) ? String(block['text'] ?? '') : '')).join('')
    : '';
}

function blockOf(turn: Turn): Obj {
  if ('says' in turn) return { type: 'text', text: turn.says };
  turns += 1;
  return { type: 'tool_use', id: `toolu_${String(turns).padStart(8, '0')}`, name: turn.uses, input: turn.input };
}

function messageOf(body: Obj, turn: Turn): Obj {
  return {
    id: `msg_${crypto.randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model: body['model'],
    content: [blockOf(turn)],
    stop_reason: 'says' in turn ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
}

function stream(response: ServerResponse, body: Obj, turn: Turn): void {
  const whole = messageOf(body, turn);
  const [block = {}] = listAt(whole, 'content');
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (type: string, more: Obj): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
  };
  const delta =
    block['type'] === 'text'
      ? { type: 'text_delta', text: block['text'] }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block['input']) };
  const empty = block['type'] === 'text' ? { ...block, text: '' } : { ...block, input: {} };
  send('message_start', { message: { ...whole, content: [], stop_reason: null } });
  send('content_block_start', { index: 0, content_block: empty });
  send('content_block_delta', { index: 0, delta });
  send('content_block_stop', { index: 0 });
  send('message_delta', {
    delta: { stop_reason: whole['stop_reason'], stop_sequence: null },
    usage: { output_tokens: 1 },
  });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: Obj): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
