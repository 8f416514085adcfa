import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Started } from '../kit/started.ts';

/** A folder for a server, gone when the test ends. */
export function folderFor(kit: Started): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-real-')));
  kit.add({ stop: async () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) });
  return path;
}

/** A port on which nobody listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Commands of processes that name the text, once they have had ten seconds to end. */
export async function leftBehind(text: string): Promise<readonly string[]> {
  const naming = (): readonly string[] => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(commandOf).filter((command) => command.includes(text));
  };
  for (let left = 100; left > 0 && naming().length > 0; left -= 1) await pause(100);
  return naming();
}
