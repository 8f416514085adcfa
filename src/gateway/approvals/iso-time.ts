import { isJudgeable, momentInUtc } from '../../policy/moment.ts';

const DAY = 86_400_000;

/** A time (ms since the epoch) as `2026-06-01T12:00:00.000Z`; undefined for one that has no date of four digits. */
export function isoTime(at: number): string | undefined {
  if (!isJudgeable(at)) return undefined;
  const ms = Math.floor(at);
  const ofDay = ms - Math.floor(ms / DAY) * DAY;
  const part = (of: number, length: number): string => String(of).padStart(length, '0');
  const hour = part(Math.floor(ofDay / 3_600_000), 2);
  const minute = part(Math.floor(ofDay / 60_000) % 60, 2);
  const second = part(Math.floor(ofDay / 1000) % 60, 2);
  return `${momentInUtc(ms, 'date')}T${hour}:${minute}:${second}.${part(ofDay % 1000, 3)}Z`;
}
