import type { Child } from '../test/kit/child.ts';
import { CALL_HALVES } from './call.ts';
import { median, type Sample } from './figures.ts';
import { cpuSeconds } from './processes.ts';

export interface LineLoad {
  /** Does the handshake and asks for the tools, as a client would. */
  open(): Promise<void>;
  /** Makes that many calls, so many at a time. Rejects if one is refused. */
  run(calls: number, inFlight: number): Promise<Sample>;
}

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};

/** Loads a program over its stdin and stdout, with as little work on this side as can be. */
export function lineLoad(child: Child): LineLoad {
  let take: (line: string) => void = () => {};
  let fail: (fault: Error) => void = () => {};
  let rest = '';
  let id = 0;
  child.onOutput((chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  void child.finished.then(() => fail(new Error(`the program ended: ${child.stderr()}`)));

  function ask(method: string, params: object): Promise<void> {
    return new Promise((resolve, reject) => {
      take = () => resolve();
      fail = reject;
      id += 1;
      child.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  return {
    async open() {
      await ask('initialize', INITIALIZE);
      child.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
      await ask('tools/list', {});
    },
    run(calls, inFlight) {
      const sent = new Map<string, number>();
      const times: number[] = [];
      const send = (): void => {
        id += 1;
        sent.set(String(id), performance.now());
        child.write(`${CALL_HALVES[0]}${id}${CALL_HALVES[1]}\n`);
      };
      return new Promise((resolve, reject) => {
        fail = reject;
        const cpuBefore = cpuSeconds(child.pid);
        const begin = performance.now();
        take = (line) => {
          const now = performance.now();
          const key = /"id":(\d+)/.exec(line)?.[1] ?? '';
          const start = sent.get(key);
          if (start === undefined || line.includes('"isError":true') || line.includes('"error":')) {
            reject(new Error(`not an answer to a call that passed: ${line.slice(0, 500)}`));
            return;
          }
          sent.delete(key);
          times.push((now - start) * 1000);
          if (times.length + sent.size < calls) send();
          if (times.length < calls) return;
          const cpu = ((cpuSeconds(child.pid) - cpuBefore) * 1e6) / calls;
          resolve({ callsPerSecond: (calls * 1000) / (now - begin), p50: median(times), cpu });
        };
        for (let n = 0; n < Math.min(inFlight, calls); n += 1) send();
      });
    },
  };
}
