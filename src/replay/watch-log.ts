import type { LogReading } from '../gateway/audit/audit-ports.ts';
import type { Observation } from '../policy/suggest/observation.ts';
import { observed } from './observed.ts';
import { readRecord } from './read-record.ts';
import type { OpenValue, RecordedCall } from './recorded-call.ts';

/** Which calls of the log are looked at. */
export interface Looked {
  /** Wall time, milliseconds since the epoch: from `since` up to, not including, `until`. */
  readonly since: number;
  readonly until: number;
  readonly server: string | undefined;
  readonly grant: string | undefined;
}

const PAGE = 2_000;

/** The calls of the log that passed. Rejects with `StoreFault`. */
export async function watchLog(
  log: LogReading,
  { since, until, server, grant }: Looked,
  open?: OpenValue,
): Promise<readonly Observation[]> {
  const calls: RecordedCall[] = [];
  const unsent = new Set<string>();
  for (let place = await log.placeBefore(since); ; ) {
    const page = await log.after(place, PAGE);
    for (const record of page) {
      const told = readRecord(record);
      if (told.kind === 'unsent') unsent.add(told.id);
      if (told.kind !== 'call' || told.call.came !== 'allow') continue;
      const { call } = told;
      const isWanted =
        (server === undefined || call.server === server) && (grant === undefined || call.grant === grant);
      // Clocks of several writers differ: where to begin is found by them as well.
      if (isWanted && call.at >= since && call.at < until) calls.push(call);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    place = last.n;
  }
  return calls.flatMap((call) => observed(call, unsent.has(call.id) ? 'unsent' : 'other', open) ?? []);
}
