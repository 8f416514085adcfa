import { type ChildOptions, startChild } from './child.ts';
import { inbox } from './inbox.ts';
import { idOf, type Obj, readObj } from './json-rpc.ts';

export interface LineClient {
  readonly pid: number;
  /** Messages as they came, and lines that were no message. */
  readonly messages: readonly Obj[];
  readonly noise: readonly string[];
  stderr(): string;
  readonly exited: Promise<number | string>;
  /** Does the handshake; resolves to its answer. */
  initialize(capabilities?: Obj): Promise<Obj>;
  /** Sends a request; resolves to the whole answer, with `result` or `error`. */
  request(method: string, params?: Obj): Promise<Obj>;
  call(name: string, args?: Obj, meta?: Obj): Promise<Obj>;
  notify(method: string, params?: Obj): void;
  /** Sends a message as it is, on a line. */
  send(message: unknown): void;
  /** Sends bytes as they are. */
  raw(bytes: string | Uint8Array): void;
  next(what: string, fits: (message: Obj) => boolean): Promise<Obj>;
  /** Answers the other side's requests of this method from now on. */
  answering(method: string, result: (params: unknown) => Obj): void;
  /** Closes stdin, as clients do, then sees the child out. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/** Speaks raw JSON-RPC lines with a program. */
export function lineClient(command: string, args: readonly string[], options: ChildOptions = {}): LineClient {
  const child = startChild(command, args, options);
  const box = inbox();
  const noise: string[] = [];
  const answers = new Map<string, (params: unknown) => Obj>();
  let lastId = 0;
  let rest = '';
  const decoder = new TextDecoder();

  child.onOutput((chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line);
  });
  void child.finished.then((how) => box.end(`the program ended (${how}); stderr: ${child.stderr().slice(-2000)}`));

  function takeLine(line: string): void {
    const message = readObj(line);
    if (!message) {
      noise.push(line);
      return;
    }
    box.put(message);
    const answer = answers.get(String(message['method']));
    if (answer && idOf(message) !== undefined)
      send({ jsonrpc: '2.0', id: message['id'], result: answer(message['params']) });
  }

  const send = (message: unknown): void => child.write(`${JSON.stringify(message)}\n`);
  const notify = (method: string, params: Obj = {}): void => send({ jsonrpc: '2.0', method, params });
  const request = (method: string, params: Obj = {}): Promise<Obj> => {
    lastId += 1;
    const id = lastId;
    send({ jsonrpc: '2.0', id, method, params });
    return box.next(`the answer to ${method}`, (message) => message['id'] === id && message['method'] === undefined);
  };

  return {
    pid: child.pid,
    messages: box.messages,
    noise,
    stderr: child.stderr,
    exited: child.exited,
    async initialize(capabilities = {}) {
      const clientInfo = { name: 'line-client', version: '1.0.0' };
      const answer = await request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo });
      notify('notifications/initialized');
      return answer;
    },
    request,
    call: (name, args = {}, meta) => request('tools/call', { name, arguments: args, ...(meta ? { _meta: meta } : {}) }),
    notify,
    send,
    raw: child.write,
    next: box.next,
    answering: (method, result) => void answers.set(method, result),
    async stop() {
      child.endInput();
      await Promise.race([child.exited, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
      await child.stop();
    },
    kill9: child.kill9,
  };
}
