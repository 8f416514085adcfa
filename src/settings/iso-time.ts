export const ISO_TIME: RegExp =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads `2027-01-01` (00:00 UTC of that day) or a time with its zone (`2027-01-01T08:00:00Z`, `…+02:00`) as
 * milliseconds since the epoch. Undefined for anything else: a time without a zone, a day that does not exist.
 */
export function readIsoTime(text: string): number | undefined {
  const parts = ISO_TIME.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const start = Date.UTC(year, month - 1, day);
  const date = new Date(start);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const zone = zoneMinutes(parts[8] ?? 'Z');
  if (!exists || zone === undefined) return undefined;
  const fraction = Math.floor(Number(`0.${parts[7] ?? '0'}`) * 1000);
  return start + ((hour * 60 + minute - zone) * 60 + second) * 1000 + fraction;
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
