import type { Subject } from '../../policy/decision.ts';

/** How long a client is known to wait for the answer to a call, ms. What it says it is decides nothing else. */
interface Wait {
  /** With nothing but an open stream. */
  readonly silent: number;
  /** When progress is told every few seconds. */
  readonly told: number;
}

/** The standard of the SDKs is a minute, and progress does not prolong it unless the client's author says so. */
const UNKNOWN: Wait = { silent: 50_000, told: 50_000 };

/** By how the name begins; each with room to the client's own time-out. */
const KNOWN: readonly (readonly [string, Wait])[] = [
  // Idle for five minutes; progress begins them anew.
  ['claude-code', { silent: 270_000, told: 1_800_000 }],
  ['codex', { silent: 270_000, told: 270_000 }],
  ['gemini-cli', { silent: 540_000, told: 540_000 }],
  // Claude Desktop and claude.ai: four minutes, fixed.
  ['claude-ai', { silent: 220_000, told: 220_000 }],
  ['visual studio code', { silent: 270_000, told: 270_000 }],
];

/** How long a call may be held while a person is asked. `mostMs`: as the operator says. */
export function patienceOf({ name }: Subject['client'], isTold: boolean, mostMs: number | undefined): number {
  const begins = (name ?? '').toLowerCase();
  const [, wait] = KNOWN.find(([prefix]) => begins.startsWith(prefix)) ?? ['', UNKNOWN];
  const known = isTold ? wait.told : wait.silent;
  return mostMs === undefined ? known : Math.min(known, mostMs);
}
