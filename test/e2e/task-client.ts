import {
  Client,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client';
import {
  createTaskSessionFromClient,
  type RawClientDispatch,
  type TaskEnabledSession,
  type WithTasksOptions,
} from '@modelcontextprotocol/ext-tasks/client';
import { type Inbox, inbox } from '../kit/inbox.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';

const VERSION = '2026-07-28';
const WHO = { name: 'task-client', version: '1.0.0' };
const CAPABILITIES = { elicitation: {}, sampling: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };

/** Lets raw requests go over the transport of an SDK client, which does not know the results of the tasks extension. */
class SharedTransport implements Transport {
  onclose?: () => void;
  onerror?: (fault: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** What came for subscriptions that were opened raw. */
  readonly news: Inbox = inbox();
  readonly #inner: Transport;
  readonly #waiting = new Map<RequestId, (answer: Obj) => void>();
  #last = 0;

  constructor(inner: Transport) {
    this.#inner = inner;
    inner.onclose = () => this.onclose?.();
    inner.onerror = (fault) => this.onerror?.(fault);
    inner.onmessage = (message: JSONRPCMessage) => this.#take(message);
  }

  #take(message: JSONRPCMessage): void {
    const raw = message as unknown as Obj;
    const settle = 'method' in raw ? undefined : this.#waiting.get(raw['id'] as RequestId);
    if (settle !== undefined) {
      this.#waiting.delete(raw['id'] as RequestId);
      return settle(raw);
    }
    const meta = objAt(objAt(raw, 'params'), '_meta');
    if (String(meta['io.modelcontextprotocol/subscriptionId']).startsWith('raw-')) this.news.put(raw);
    else this.onmessage?.(message);
  }

  start = (): Promise<void> => this.#inner.start();
  send = (message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> => this.#inner.send(message, options);
  close = (): Promise<void> => this.#inner.close();
  setProtocolVersion = (version: string): void => this.#inner.setProtocolVersion?.(version);

  /** Sends a request as it is; the whole answer. */
  async ask(request: Obj): Promise<Obj> {
    this.#last += 1;
    const id = `raw-${this.#last}`;
    const answer = new Promise<Obj>((resolve) => this.#waiting.set(id, resolve));
    // A refusal of the HTTP transport comes as its error; the answer is then the body that it carries, or nothing.
    await this.#inner.send({ ...request, jsonrpc: '2.0', id } as unknown as JSONRPCMessage);
    return answer;
  }
}

export interface TaskClient {
  readonly client: Client;
  /** The extension's own client. */
  readonly session: TaskEnabledSession;
  /** What came for `listen`. */
  readonly news: Inbox;
  /** A request as it is, with the envelope; the whole answer. */
  request(method: string, params: Obj): Promise<Obj>;
  /** Opens a subscription; resolves to its answer when it ends. */
  listen(notifications: Obj): Promise<Obj>;
  stop(): Promise<void>;
}

/** A client of 2026-07-28 with the tasks extension, by the official packages. */
export async function taskClient(inner: Transport, options: WithTasksOptions = {}): Promise<TaskClient> {
  const transport = new SharedTransport(inner);
  const client = new Client(WHO, { capabilities: CAPABILITIES, versionNegotiation: { mode: { pin: VERSION } } });
  await client.connect(transport);
  const rawDispatch: RawClientDispatch = async (request) => {
    const answer = await transport.ask(request as Obj);
    if (answer['error'] !== undefined) return { kind: 'error', error: answer['error'] as never };
    return { kind: 'result', result: answer['result'] as never };
  };
  const framing = { protocolVersion: VERSION, clientInfo: WHO, clientCapabilities: CAPABILITIES };
  const session = createTaskSessionFromClient(client, {
    endpointId: 'e2e',
    rawDispatch,
    v2RequestFraming: framing,
    ...options,
  });
  const enveloped = (params: Obj): Obj => ({
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': VERSION,
      'io.modelcontextprotocol/clientInfo': WHO,
      'io.modelcontextprotocol/clientCapabilities': CAPABILITIES,
    },
  });
  const request = (method: string, params: Obj): Promise<Obj> => transport.ask({ method, params: enveloped(params) });
  return {
    client,
    session,
    news: transport.news,
    request,
    listen: (notifications) => request('subscriptions/listen', { notifications }),
    async stop() {
      await session.close().catch(() => undefined);
      await client.close();
    },
  };
}
