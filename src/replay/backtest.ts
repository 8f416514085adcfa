import type { CallLog, KeptValue, ValueOpener, ValueReading } from '../gateway/audit/audit-ports.ts';
import type { Policies } from '../policy/policy.ts';
import type { Sources } from './call-again.ts';
import { lookBack } from './look-back.ts';
import { opened } from './opened.ts';
import { readRecord } from './read-record.ts';
import type { RecordedCall } from './recorded-call.ts';
import { replayer } from './replayer.ts';
import { newTally, type Report } from './report.ts';

/** What a draft holds for which calls. */
export interface Draft {
  /** Undefined where it holds no policy for the call's grant and server. */
  policiesFor(call: Pick<RecordedCall, 'grant' | 'server'>): Policies | undefined;
  /** All that it may hold for any call. */
  readonly all: readonly Policies[];
}

/** Which calls are meant. */
export interface Extent {
  /** Wall times, ms since the epoch: from this one on, and before that one. */
  readonly since: number;
  readonly until: number;
  readonly server: string | undefined;
  readonly grant: string | undefined;
}

export interface Backtest extends Report {
  readonly since: number;
  readonly until: number;
  /** From when on earlier calls were looked at, for the limits of the draft. */
  readonly lookedFrom: number;
  /** When the log begins, if that is later and something was taken from it, so that limits may have stood higher. */
  readonly logBegins: number | undefined;
}

const PAGE = 1_000;

/** What is needed beside the log. */
export interface Beside {
  readonly definition: Sources['definition'];
  /** Opens arguments that are kept whole. */
  readonly opener: ValueOpener;
}

/** Runs a draft over what the log holds. Rejects with `StoreFault`. */
export async function backtest(
  log: CallLog & Pick<ValueReading, 'values'>,
  draft: Draft,
  extent: Extent,
  { definition, opener }: Beside,
): Promise<Backtest> {
  const { since, until } = extent;
  const lookedFrom = since - lookBack(draft.all);
  const [begin, end] = [await log.placeBefore(lookedFrom), await log.placeBefore(until)];
  let kept: ReadonlyMap<number, KeptValue> = new Map();
  const past = replayer({
    policiesFor: draft.policiesFor,
    sources: { definition, open: (n, id) => opened(opener, id, kept.get(n)) },
    givenBack: await log.givenBack(begin),
  });
  const tally = newTally();
  let n = begin;
  const logBegins = await beginning(log, lookedFrom);
  while (n < end) {
    const page = await log.decided(n, PAGE);
    const told = page.map((record) => ({ record, told: readRecord(record) }));
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) break;
    const isAnyElsewhere = told.some((one) => one.told.kind === 'call' && one.told.call.args.kind === 'elsewhere');
    if (isAnyElsewhere) kept = await log.values(first.n, last.n);
    for (const { record, told: one } of told) {
      if (record.n > end) break;
      const isMeant = record.at >= since && record.at < until;
      if (one.kind === 'no call' && isMeant && isOpen(extent)) tally.addMessage();
      if (one.kind === 'call' && !isWithin(extent, one.call)) continue;
      const replay = past.take(one);
      if (replay !== undefined && isMeant) tally.add(replay);
    }
    n = last.n;
  }
  return { ...tally.report(), since, until, lookedFrom, logBegins };
}

/** Whether calls of all grants and servers are meant. */
function isOpen({ server, grant }: Extent): boolean {
  return server === undefined && grant === undefined;
}

function isWithin({ server, grant }: Extent, call: RecordedCall): boolean {
  return (server === undefined || call.server === server) && (grant === undefined || call.grant === grant);
}

/** The first record of all has the place 1: before it nothing ever passed. */
async function beginning(log: CallLog, lookedFrom: number): Promise<number | undefined> {
  const first = await log.first();
  return first === undefined || first.n === 1 || first.at <= lookedFrom ? undefined : first.at;
}
