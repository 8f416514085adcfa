import { isObj, type Obj, objAt, readObj } from '../kit/json-rpc.ts';

/** What a Node process holds once it has thrown away all that it can. */
export interface Inside {
  readonly heapBytes: number;
  /** What keeps it alive, by kind: timers, sockets, pipes, children. */
  readonly handles: Readonly<Record<string, number>>;
}

/** Starts a process so that it can be asked. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' } as const;

const QUESTION = `JSON.stringify({
  heapBytes: process.memoryUsage().heapUsed,
  handles: process.getActiveResourcesInfo().reduce((all, kind) => ({ ...all, [kind]: (all[kind] ?? 0) + 1 }), {}),
})`;

/** Asks by the debugger's door, whose address the process wrote to its stderr. */
export async function lookInside(stderr: string): Promise<Inside> {
  const address = /ws:\/\/\S+/.exec(stderr)?.[0];
  if (address === undefined) throw new Error(`no address of a debugger in: ${stderr}`);
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`${address} does not answer`)));
  });
  const ask = (id: number, method: string, params: Obj = {}): Promise<Obj> =>
    new Promise((resolve) => {
      socket.addEventListener('message', (event) => {
        const message = readObj(String(event.data));
        if (message?.['id'] === id) resolve(objAt(message, 'result'));
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  try {
    await ask(1, 'HeapProfiler.collectGarbage');
    await ask(2, 'HeapProfiler.collectGarbage');
    const told = await ask(3, 'Runtime.evaluate', { expression: QUESTION });
    const answer = readObj(String(objAt(told, 'result')['value']));
    const handles = objAt(answer, 'handles');
    if (!isObj(answer)) throw new Error(`no answer from inside: ${JSON.stringify(told)}`);
    return {
      heapBytes: Number(answer['heapBytes']),
      handles: Object.fromEntries(Object.entries(handles).map(([kind, count]) => [kind, Number(count)])),
    };
  } finally {
    socket.close();
  }
}
