import { isJudgeable, momentInUtc } from '../moment.ts';

const DAY = 86_400_000;

/** A time as people read it: `2026-11-21 19:34`, UTC. */
export function momentText(at: number): string {
  if (!isJudgeable(at)) return String(at);
  const minutes = Math.floor((at - Math.floor(at / DAY) * DAY) / 60_000);
  return `${dayText(at)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function dayText(at: number): string {
  return isJudgeable(at) ? String(momentInUtc(at, 'date')) : String(at);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
