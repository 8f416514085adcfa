import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from '../kit/inbox.ts';
import { type Obj, readObj } from '../kit/json-rpc.ts';

/** Tokens of the grants in these tests, 20 characters and more. */
export const AGENT = 'agent-token-agent-token';
export const OTHER = 'other-token-other-token';

/** A policy under which the path itself is what refuses. */
export const OPEN_POLICY: Obj = { version: '1', default: 'allow', tools: {} };

const RECORDING_SERVER = fileURLToPath(new URL('../kit/recording-server.ts', import.meta.url));

/** The command of a server that keeps every line that reaches it. */
export function recordingCommand(record: string): string[] {
  return [process.execPath, RECORDING_SERVER, '--record', record];
}

/** The lines that reached a recording server, of all its processes. */
export function linesIn(record: string): readonly string[] {
  return existsSync(record) ? readFileSync(record, 'utf8').split('\n').slice(0, -1) : [];
}

/** Messages among them, by method. */
export function arrived(record: string, method: string): readonly Obj[] {
  return linesIn(record).flatMap((line) => {
    const message = readObj(line);
    return message?.['method'] === method ? [message] : [];
  });
}

/** Looks again until it holds; patient, since only what never comes should fail. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms, but it did not come true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes alive whose command line holds a text: a path in a test's own folder tells its children from all others. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      const isThere = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0').join(' ').includes(text);
      return isThere ? [pid] : [];
    } catch {
      return [];
    }
  });
}
