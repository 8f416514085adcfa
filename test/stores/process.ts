import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CALLER = './caller.ts';

/** A child process and the answers that it reported. */
export interface Caller {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves when so many lines were read, or the process is over. */
  reported(count: number): Promise<void>;
  /** Resolves when the process is over and all of its lines were read. */
  ended(): Promise<void>;
}

/** Starts `caller.ts`; `blocks` limits the size of any file that it writes, as `ulimit -f` counts. */
export function startCaller(args: readonly (string | number)[], blocks?: number): Caller {
  return startScript(CALLER, args, blocks);
}

/** Starts a script beside this file. */
export function startScript(script: string, args: readonly (string | number)[], blocks?: number): Caller {
  const command = [process.execPath, fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)];
  const limited = ['sh', '-c', `ulimit -f ${blocks} && exec "$@"`, 'sh', ...command];
  const [file = '', ...rest] = blocks === undefined ? command : limited;
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const over = once(reader, 'close').then(() => undefined);
  const exited = once(child, 'exit').then(() => undefined);
  return {
    child,
    lines,
    reported: async (count) => {
      const enough = new Promise<void>((resolve) => {
        const look = () => {
          if (lines.length >= count) resolve();
        };
        waiting.add(look);
        look();
      });
      await Promise.race([enough, over]);
    },
    ended: async () => {
      await Promise.all([over, exited]);
    },
  };
}

/** The ids that a caller got this answer for. */
export function idsOf(caller: Caller, answer: 'reserved' | 'exceeded' | 'fault'): string[] {
  return caller.lines.filter((line) => line.startsWith(`${answer} `)).map((line) => line.slice(answer.length + 1));
}
