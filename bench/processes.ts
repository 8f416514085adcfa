import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU time that the living processes of a group have used, in seconds, to a hundredth. Linux only. */
export function cpuSeconds(group: number): number {
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    // After the program's name, which may hold anything: state, parent, group, … the 12th and 13th are user and system time.
    const fields = readOrEmpty(`/proc/${entry}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** Peak resident memory of a process, MB. Linux only. */
export function peakMb(pid: number): number {
  const kb = /VmHWM:\s+(\d+)/.exec(readOrEmpty(`/proc/${pid}/status`))?.[1];
  return Math.round(Number(kb) / 1024);
}

/** Resident memory of a process now, MB. Linux only. */
export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readOrEmpty(`/proc/${pid}/status`))?.[1];
  return Number(kb) / 1024;
}

/** How many files, sockets and pipes a process has open. Linux only. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** How many files a process may have open. Linux only. */
export function mostOpenFiles(pid: number): number {
  const limit = /Max open files\s+(\d+)/.exec(readOrEmpty(`/proc/${pid}/limits`))?.[1];
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}

/** How many living processes were started by a process. Linux only. */
export function childrenOf(pid: number): number {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    // After the program's name: state, parent.
    const [state, parent] = readOrEmpty(`/proc/${entry}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    return Number(parent) === pid && state !== 'Z';
  }).length;
}

/** A process may end between being listed and being read. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
