import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
/** How often the slower look at who is left is worth it. */
const LOOK_MS = 50;
/** How long killed processes may take to vanish. */
const VANISH_MS = 1000;

/**
 * Ends every process of a group: TERM, and KILL to what is left after `graceMs`. Resolves when none of it runs.
 * INVARIANT: a group that was once seen empty is never signalled again; its number may belong to somebody else by then.
 */
export async function endGroup(pgid: number, graceMs: number): Promise<void> {
  if (!signalGroup(pgid, 'SIGTERM')) return;
  if (await endsWithin(pgid, graceMs)) return;
  if (!signalGroup(pgid, 'SIGKILL')) return;
  await endsWithin(pgid, VANISH_MS);
}

async function endsWithin(pgid: number, ms: number): Promise<boolean> {
  for (let waited = POLL_MS; ; waited += POLL_MS) {
    await sleep(POLL_MS);
    if (!signalGroup(pgid, 0)) return true;
    if (waited % LOOK_MS === 0 && (await isAllDead(pgid))) return true;
    if (waited >= ms) return false;
  }
}

/** False when the group has no member (any more). */
function signalGroup(pgid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pgid, signal);
    return true;
  } catch (error) {
    // EPERM: there are members, of another user (a setuid program); they count as there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether all that is left of a group has ended and only was not collected. In a container the first process is often
 * one that never collects what falls to it, and the group would seem to live for ever. Known on Linux alone.
 */
async function isAllDead(pgid: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const entries = await readdir('/proc').catch(() => undefined);
  if (entries === undefined) return false;
  for (const entry of entries) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'latin1').catch(() => '');
    // The name in parentheses may itself hold anything; state, parent and group follow it.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (group === String(pgid) && state !== 'Z' && state !== 'X') return false;
  }
  return true;
}
