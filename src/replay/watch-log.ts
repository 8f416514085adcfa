import type { CallLog, DecidedRecord, ValueOpener, ValueReading } from '../gateway/audit/audit-ports.ts';
import type { Observation } from '../policy/suggest/observation.ts';
import { observed } from './observed.ts';
import { opened } from './opened.ts';
import { readRecord } from './read-record.ts';
import type { RecordedCall } from './recorded-call.ts';

/** Which calls of the log are looked at. */
export interface Looked {
  /** Wall time, milliseconds since the epoch: from `since` up to, not including, `until`. */
  readonly since: number;
  readonly until: number;
  readonly server: string | undefined;
  readonly grant: string | undefined;
}

const PAGE = 1_000;

/** The calls of the log that passed. Rejects with `StoreFault`. */
export async function watchLog(
  log: CallLog & Pick<ValueReading, 'values'>,
  looked: Looked,
  opener: ValueOpener,
): Promise<readonly Observation[]> {
  const begin = await log.placeBefore(looked.since);
  const givenBack = await log.givenBack(begin);
  const observations: Observation[] = [];
  for (let page = await log.decided(begin, PAGE); page.length > 0; ) {
    const calls = passedIn(page, looked);
    const [first, last] = [calls.at(0), calls.at(-1)];
    const isKeptElsewhere = calls.some(({ args }) => args.kind === 'elsewhere');
    const kept = first && last && isKeptElsewhere ? await log.values(first.n, last.n) : undefined;
    for (const call of calls) {
      const outcome = givenBack.has(call.id) ? 'unsent' : 'other';
      const one = observed(call, outcome, (n, id) => opened(opener, id, kept?.get(n)));
      if (one !== undefined) observations.push(one);
    }
    page = await log.decided(page.at(-1)?.n ?? Number.MAX_SAFE_INTEGER, PAGE);
  }
  return observations;
}

/** The clocks of several writers differ, and where to begin is found by them as well. */
function passedIn(page: readonly DecidedRecord[], { since, until, server, grant }: Looked): readonly RecordedCall[] {
  return page.flatMap((record) => {
    const isMeant = record.kind === 'call' && record.at >= since && record.at < until;
    const told = isMeant ? readRecord(record) : undefined;
    if (told?.kind !== 'call' || told.call.came !== 'allow') return [];
    const { call } = told;
    if (server !== undefined && call.server !== server) return [];
    return grant === undefined || call.grant === grant ? [call] : [];
  });
}
