import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The gateway as a process of its own, started as a user starts it. */
export interface GatewayProcess {
  /** `http://127.0.0.1:PORT`. */
  readonly base: string;
  /** Resolves when it has taken up the configuration once more than when this was asked. */
  tookUp(): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** Starts `toolgate serve` of this very package on a free port. Rejects with what it said if it does not come up. */
export async function startGatewayProcess(config: string, data: string): Promise<GatewayProcess> {
  const args = [ownProgram('../main'), 'serve', '--config', config, '--data', data, '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    const late = setTimeout(kill, PATIENCE_MS);
    child.kill('SIGTERM');
    await exited;
    clearTimeout(late);
    process.removeListener('exit', kill);
  };
  const address = (): string | undefined => /listening on (http:\S+)/.exec(said.stdout)?.[1];
  const seen = (what: () => boolean): Promise<void> => until(child, what, () => said.stderr);
  try {
    await seen(() => address() !== undefined);
  } catch (fault) {
    await stop();
    throw fault;
  }
  const times = (): number => said.stderr.split('took up the changed configuration').length;
  return {
    base: address() ?? '',
    tookUp() {
      const before = times();
      return seen(() => times() > before);
    },
    stop,
  };
}

/** Waits until something can be seen in what a child prints. */
function until(child: ChildProcess, what: () => boolean, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(late);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', look);
      child.off('close', gone);
      settle();
    };
    const look = (): void => {
      if (what()) end(resolve);
    };
    const gone = (): void => end(() => reject(new Error(`the gateway ended: ${said()}`)));
    const late = setTimeout(() => end(() => reject(new Error(`the gateway is too slow: ${said()}`))), PATIENCE_MS);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
    child.once('close', gone);
    child.once('error', gone);
    look();
  });
}

/** The path of a program of this package, seen from this folder, compiled or not. */
export function ownProgram(path: string): string {
  const ending = import.meta.url.endsWith('.js') ? 'js' : 'ts';
  return fileURLToPath(new URL(`${path}.${ending}`, import.meta.url));
}
