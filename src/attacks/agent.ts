import type { AttackStep } from '../catalogue/attack-run.ts';
import { type Fields, fieldsIn } from './conversation.ts';

/** An agent whose model is a script: it does what the scenario says, and what texts that it reads tell it. */
export interface Agent {
  /** Reads the list of tools, as its model would. */
  list(): Promise<readonly ListedTool[]>;
  /** Calls a tool; what comes back goes to the model. */
  call(name: string, args?: Fields): Promise<Heard>;
  /** A call that is part of the agent's work: it must succeed, with what stops the attack and without. */
  work(name: string, args?: Fields): Promise<Heard>;
  /** Sends bytes as they are. */
  post(body: string): Promise<Heard>;
}

interface ListedTool {
  readonly name: string;
  readonly description: string;
}

interface Heard {
  readonly text: string;
  readonly isError: boolean;
  /** What refused it; undefined for what the server answered. */
  readonly refusedBy: string | undefined;
}

/** Where the doings of an agent are kept. */
export interface Diary {
  tell(step: AttackStep): void;
  heard(text: string): void;
  stopped(by: string): void;
  fault(what: string): void;
}

const PATIENCE_MS = 20_000;

/** Opens a session at that address. Rejects when there is none to be had. */
export async function connectAgent(url: string, token: string, diary: Diary): Promise<Agent> {
  let session: string | undefined;
  let lastId = 0;

  async function send(body: string): Promise<Reply> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
        ...(session === undefined ? {} : { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' }),
      },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    session ??= response.headers.get('mcp-session-id') ?? undefined;
    return { status: response.status, message: lastMessage(await response.text()) };
  }

  function request(method: string, params: Fields): Promise<Reply> {
    lastId += 1;
    return send(JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }));
  }

  async function call(name: string, args: Fields = {}): Promise<Heard> {
    return hear(`calls ${name} ${JSON.stringify(args)}`, await request('tools/call', { name, arguments: args }));
  }

  function hear(does: string, reply: Reply): Heard {
    const heard = heardIn(reply);
    diary.tell({ who: 'agent', does, answer: heard.text });
    diary.heard(heard.text);
    if (heard.refusedBy !== undefined) diary.stopped(heard.refusedBy);
    if (heard.text.includes('[redacted]')) diary.stopped('/results/redact');
    return heard;
  }

  const clientInfo = { name: 'scripted-agent', version: '1.0.0' };
  const answer = await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  if (answer.status !== 200) throw new Error(`no session: HTTP ${answer.status} ${JSON.stringify(answer.message)}`);
  await send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  return {
    async list() {
      const { message } = await request('tools/list', {});
      const tools = fieldsIn(message['result'])['tools'];
      const listed = Array.isArray(tools) ? tools.map(fieldsIn).map(listedTool) : [];
      const names = listed.map(({ name }) => name).join(', ');
      diary.tell({ who: 'agent', does: 'reads the list of tools', answer: names === '' ? '(none)' : names });
      diary.heard(JSON.stringify(tools));
      return listed;
    },
    call,
    async work(name, args) {
      const heard = await call(name, args);
      if (heard.isError) diary.fault(`${name} should have worked: ${heard.text}`);
      return heard;
    },
    post: async (body) => hear(`sends ${body}`, await send(body)),
  };
}

interface Reply {
  readonly status: number;
  readonly message: Fields;
}

function listedTool(tool: Fields): ListedTool {
  return { name: String(tool['name']), description: String(tool['description']) };
}

/** The answer in a body: JSON, or the last event of a stream. */
function lastMessage(body: string): Fields {
  const events = body.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  const json = events.at(-1)?.slice('data:'.length) ?? body;
  return json.trim() === '' ? {} : fieldsIn(JSON.parse(json));
}

function heardIn({ status, message }: Reply): Heard {
  const error = fieldsIn(message['error']);
  if (message['error'] !== undefined) {
    const said = String(error['message']);
    const rule = fieldsIn(fieldsIn(error['data'])['toolgate/decision'])['rule'];
    const isUnknown = said.startsWith('Unknown tool');
    const refusedBy = typeof rule === 'string' ? rule : isUnknown ? 'Unknown tool' : String(error['code']);
    return { text: said, isError: true, refusedBy };
  }
  if (message['result'] === undefined) {
    return { text: `HTTP ${status}`, isError: true, refusedBy: `HTTP ${status}` };
  }
  const result = fieldsIn(message['result']);
  const content = Array.isArray(result['content']) ? result['content'].map(fieldsIn) : [];
  const rule = fieldsIn(fieldsIn(result['_meta'])['toolgate/decision'])['rule'];
  return {
    text: content.map((part) => String(part['text'])).join('\n'),
    isError: result['isError'] === true,
    refusedBy: typeof rule === 'string' ? rule : undefined,
  };
}
