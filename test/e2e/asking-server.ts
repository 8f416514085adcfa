// A server of the official SDK whose tools need something of the client: `node asking-server.ts http|stdio modern|both RECORD`.
// Each time a tool is entered, what it was given is appended to RECORD.
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import {
  acceptedContent,
  type CallToolResult,
  createMcpHandler,
  createRequestStateCodec,
  type InputRequest,
  type InputRequiredResult,
  inputRequired,
  McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { listen } from '../conformance/fixtures/listen.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';

type Answer = CallToolResult | InputRequiredResult;

interface Interview {
  readonly step: number;
  readonly soFar: readonly string[];
}

const [transport, eras, record = '/dev/null'] = process.argv.slice(2);
const legacy = eras === 'modern' ? 'reject' : undefined;
const states = createRequestStateCodec<Interview>({ key: randomBytes(32), ttlSeconds: 600 });
let hasGrown = false;

interface News {
  /** There is a tool more. */
  grown(addTool: () => void): void;
  updated(uri: string): void;
}

const said = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

function form(message: string, name: string, field: { type: 'string' } | { type: 'boolean' }): InputRequest {
  const requestedSchema = { type: 'object' as const, properties: { [name]: field }, required: [name] };
  return { method: 'elicitation/create', params: { message, requestedSchema } };
}

const sample = (text: string): InputRequest =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 20 });

const URL_QUESTION = inputRequired.elicitUrl({
  message: 'Sign in to the bank',
  url: 'https://bank.example/login',
});

/** Asks once, and answers with what came back. */
function once(ask: InputRequest): (args: Obj, context: ServerContext) => Answer {
  return (_args, { mcpReq }) => {
    const answers: Obj = mcpReq.inputResponses ?? {};
    if (!('answer' in answers)) return inputRequired({ inputRequests: { answer: ask } });
    return said(JSON.stringify(answers['answer']));
  };
}

function transfer({ amount }: Obj, { mcpReq }: ServerContext): Answer {
  const answer = acceptedContent(mcpReq.inputResponses, 'confirm');
  if (answer === undefined) {
    return inputRequired({ inputRequests: { confirm: form(`Move ${String(amount)}?`, 'sure', { type: 'boolean' }) } });
  }
  return said(answer['sure'] === true ? `moved ${String(amount)}` : 'nothing moved');
}

const QUESTIONS: readonly InputRequest[] = [
  form('Your name?', 'name', { type: 'string' }),
  sample('Greet them'),
  inputRequired.listRoots(),
];

/** Three questions, one after the other; what was answered is in the state. */
async function interview(_args: Obj, { mcpReq }: ServerContext): Promise<Answer> {
  const { step, soFar } = mcpReq.requestState<Interview>() ?? { step: 0, soFar: [] };
  const answers: Obj = mcpReq.inputResponses ?? {};
  const answered = `q${step}` in answers ? [...soFar, JSON.stringify(objAt(answers, `q${step}`))] : soFar;
  const next = answered.length + 1;
  const question = QUESTIONS[next - 1];
  if (question === undefined) return said(answered.join(' then '));
  const requestState = await states.mint({ step: next, soFar: answered });
  return inputRequired({ inputRequests: { [`q${next}`]: question }, requestState });
}

function peer(news: News): McpServer {
  const server = new McpServer(
    { name: 'asking-server', version: '1.0.0' },
    {
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
      requestState: { verify: states.verify },
    },
  );
  const tool = (name: string, run: (args: Obj, context: ServerContext) => Answer | Promise<Answer>): void => {
    const inputSchema = z.looseObject({});
    server.registerTool(name, { description: `This is ${name}.`, inputSchema }, (args, context) => {
      appendFileSync(record, `${JSON.stringify({ tool: name, args, answers: context.mcpReq.inputResponses })}\n`);
      return run(args, context);
    });
  };
  tool('echo', ({ text }) => said(String(text)));
  tool('transfer', transfer);
  tool('sign_in', once(URL_QUESTION));
  tool('ask_model', once(sample('A word, please')));
  tool('look_around', once(inputRequired.listRoots()));
  tool('interview', interview);
  tool('touch', ({ uri }) => {
    news.updated(String(uri));
    return said(`touched ${String(uri)}`);
  });
  tool('grow', () => {
    hasGrown = true;
    news.grown(addTool);
    return said('grown');
  });
  const addTool = (): void => tool('extra', () => said('extra'));
  if (hasGrown) addTool();
  for (const name of ['open', 'secret']) {
    const uri = `note://${name}`;
    server.registerResource(name, uri, {}, ({ href }) => ({ contents: [{ uri: href, text: `the ${name} note` }] }));
  }
  return server;
}

if (transport === 'http') {
  // A peer serves one request; those who listen are told by the handler of them all.
  const news: News = {
    grown: () => handler.notify.toolsChanged(),
    updated: (uri) => handler.notify.resourceUpdated(uri),
  };
  const handler = createMcpHandler(() => peer(news), { legacy: legacy ?? 'stateless' });
  const answer = toNodeHandler(handler);
  // The adapter is not declared for exactOptionalPropertyTypes.
  listen(createServer((request, response) => void answer(request as NodeIncomingMessageLike, response)));
} else {
  serveStdio(
    () => {
      const server: McpServer = peer({
        // The one peer of this connection, which tells of it by itself.
        grown: (addTool) => addTool(),
        updated: (uri) => void server.server.sendResourceUpdated({ uri }),
      });
      return server;
    },
    { legacy: legacy ?? 'serve' },
  );
}
