import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE_MS } from '../kit/inbox.ts';

/** Whether it runs; one that ended and only was not collected by the machine's first process does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** The process whose number stands in the file, once it does. */
export async function pidIn(file: string): Promise<number> {
  const told = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await until(`a process number in ${file}`, () => told().endsWith('\n'));
  return Number(told());
}

/** Looks until it is so; rejects with what was waited for when it does not come. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); await pause(20)) {
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_MS} ms for ${what}`);
  }
}
