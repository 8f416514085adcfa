import { fileURLToPath } from 'node:url';
import { startChild } from '../kit/child.ts';
import { PATIENCE_MS } from '../kit/inbox.ts';

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** The command of a fixture. */
export function fixtureCommand(era: 'legacy' | 'modern' | 'tasks', transport: 'http' | 'stdio'): string[] {
  const program = fileURLToPath(new URL(`./fixtures/${era}-server.ts`, import.meta.url));
  return [process.execPath, program, transport];
}

/** Starts a server that prints its address, and waits for it. */
export async function startPrinting(command: readonly string[]): Promise<Running> {
  const [program = '', ...args] = command;
  const child = startChild(program, args);
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (how: string): void => reject(new Error(`${args.join(' ')} ${how}\n${child.stderr()}`));
    const late = setTimeout(() => fail('printed no address'), PATIENCE_MS);
    const settle = (): void => clearTimeout(late);
    child.onOutput(() => {
      const address = /http:\/\/\S+(?=\n)/.exec(child.stdout())?.[0];
      if (address === undefined) return;
      settle();
      resolve(address);
    });
    void child.finished.then((how) => {
      settle();
      fail(`ended (${how})`);
    });
  }).catch(async (fault: unknown) => {
    await child.stop();
    throw fault;
  });
  return { url, stop: child.stop };
}
