// The clients of the sessions bench, a process of its own: `node session-load.ts OPTIONS`. Prints a line of JSON for each thing it is told on stdin:
// `open`, `run SECONDS PAUSE_MS`, `drop`.
import { createInterface } from 'node:readline';
import { openClient, type SessionClient, type SessionOptions } from './session-client.ts';

export interface LoadOptions extends Omit<SessionOptions, 'streams' | 'news'> {
  readonly sessions: number;
  /** How many of them hold a stream. */
  readonly streaming: number;
}

/** What one run of load measured; times in µs. */
export interface LoadRun {
  readonly calls: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

/** Connections that are opened at the same time. */
const AT_ONCE = 32;

const options: LoadOptions = JSON.parse(String(process.argv[2]));
let clients: readonly SessionClient[] = [];
let heard = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, ...numbers] = line.split(' ');
  obey(order, numbers.map(Number)).then(
    (told) => console.log(JSON.stringify(told)),
    (fault: Error) => {
      console.error(fault.stack);
      process.exit(1);
    },
  );
});

async function obey(order: string | undefined, [seconds = 0, pauseMs = 0]: readonly number[]): Promise<object> {
  switch (order) {
    case 'open':
      heard = 0;
      clients = await openAll();
      return { opened: clients.length };
    case 'run':
      return load(seconds * 1000, pauseMs);
    case 'drop':
      return drop();
    default:
      throw new Error(`unknown order ${order}`);
  }
}

async function openAll(): Promise<readonly SessionClient[]> {
  const opened: SessionClient[] = [];
  let next = 0;
  const news = (): void => {
    heard += 1;
  };
  const open = async (): Promise<void> => {
    while (next < options.sessions)
      opened.push(await openClient({ ...options, streams: next++ < options.streaming, news }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, open));
  return opened;
}

/** Every client calls, waits for the answer, pauses, and calls again. */
async function load(ms: number, pauseMs: number): Promise<LoadRun> {
  const times: number[] = [];
  const begin = performance.now();
  const end = begin + ms;
  const keepCalling = async (client: SessionClient): Promise<void> => {
    if (pauseMs > 0) await pause(Math.random() * pauseMs);
    for (let sent = performance.now(); sent < end; sent = performance.now()) {
      await client.call();
      const answered = performance.now();
      times.push((answered - sent) * 1000);
      if (pauseMs > 0) await pause(pauseMs * (0.5 + Math.random()));
    }
  };
  await Promise.all(clients.map(keepCalling));
  const seconds = (performance.now() - begin) / 1000;
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { calls: times.length, seconds, p50: at(0.5), p99: at(0.99) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Every other client says goodbye; the rest are gone without a word. */
async function drop(): Promise<object> {
  const ending = clients.map((client, n) => (n % 2 === 0 ? client.end() : client.vanish()));
  await Promise.all(ending);
  const told = { dropped: clients.length, heard };
  clients = [];
  return told;
}
