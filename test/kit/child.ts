import { spawn } from 'node:child_process';

export interface ChildOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Child {
  readonly pid: number;
  write(bytes: string | Uint8Array): void;
  /** No more input: how a client says goodbye over stdio. */
  endInput(): void;
  /** All it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Called with each chunk of stdout, at once with what was printed before. */
  onOutput(take: (chunk: Buffer) => void): void;
  /** Exit code, or the name of the signal. */
  readonly exited: Promise<number | string>;
  /** The same, once all output is read too; a grandchild that holds the pipes delays it. */
  readonly finished: Promise<number | string>;
  /** Asks it to end, and ends it after ten seconds if it does not. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/** Starts a program in a process group of its own; it does not outlive this process. */
export function startChild(command: string, args: readonly string[], options: ChildOptions = {}): Child {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? 0;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const takers: ((chunk: Buffer) => void)[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    for (const take of takers) take(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // Writing to a child that has just died is an ordinary thing in fault tests.
  child.stdin.on('error', () => {});

  const killGroup = (): void => signal(-pid, 'SIGKILL');
  if (pid > 0) process.once('exit', killGroup);
  const ended = (event: 'exit' | 'close'): Promise<number | string> =>
    new Promise((resolve) => {
      child.once('error', () => resolve('not started'));
      child.once(event, (code: number | null, name: string | null) => resolve(code ?? name ?? 'unknown'));
    });
  const exited = ended('exit');
  const finished = ended('close');
  child.once('error', (fault) => err.push(Buffer.from(fault.message)));
  void exited.then(() => process.removeListener('exit', killGroup));

  return {
    pid,
    write: (bytes) => void child.stdin.write(bytes),
    endInput: () => void child.stdin.end(),
    stdout: () => Buffer.concat(out).toString('utf8'),
    stderr: () => Buffer.concat(err).toString('utf8'),
    onOutput(take) {
      for (const chunk of out) take(chunk);
      takers.push(take);
    },
    exited,
    finished,
    async stop() {
      const late = setTimeout(killGroup, 10_000);
      child.stdin.end();
      child.kill('SIGTERM');
      await exited;
      clearTimeout(late);
    },
    async kill9() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function signal(pid: number, name: 'SIGKILL'): void {
  if (pid === 0) return;
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
