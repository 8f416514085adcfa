import { parentPort, workerData } from 'node:worker_threads';
import { UsageFault } from '../cli/options.ts';
import { readTime } from '../cli/time-option.ts';
import type { BacktestWish, WishProblem } from '../gateway/audit/backtest-port.ts';
import type { Policies, Policy } from '../policy/policy.ts';
import { backtest, type Extent } from '../replay/backtest.ts';
import { backtestJson } from '../replay/backtest-json.ts';
import type { Sources } from '../replay/call-again.ts';
import { keptDefinitions } from '../replay/kept-definitions.ts';
import { counterClash } from '../settings/check-counters.ts';
import { compileNamed, type PolicyVersion } from '../settings/named-policy.ts';
import { openSqliteLog, openSqliteStore } from '../store/sqlite/open.ts';
import type { Json } from '../wire/json.ts';
import type { BacktestJob, BacktestResult } from './backtests.ts';

// Runs as a thread of its own, for one job.
if (parentPort === null) throw new Error('the backtest worker needs a parent');
parentPort.postMessage(await resultOf(workerData as BacktestJob));

async function resultOf({ folder, wish, now }: BacktestJob): Promise<BacktestResult> {
  try {
    const problems: WishProblem[] = [];
    const extent = extentIn(wish, now, problems);
    const policies = await policiesIn(wish, problems);
    if (policies === undefined || extent === undefined) return { kind: 'invalid', problems };
    const draft = { policiesFor: () => policies, all: [policies] };
    const definition = await definitionsIn(folder);
    const log = await openSqliteLog(folder);
    try {
      // What a draft says of a value tells the value: who may see none is told nothing of it either.
      const opener = { open: () => 'locked' as const };
      return { kind: 'backtest', found: backtestJson(await backtest(log, draft, extent, { definition, opener })) };
    } finally {
      await log.close();
    }
  } catch (fault) {
    return { kind: 'fault', message: fault instanceof Error ? fault.message : String(fault) };
  }
}

function extentIn(wish: BacktestWish, now: number, problems: WishProblem[]): Extent | undefined {
  const since = timeIn('/since', wish.since, now, problems);
  const until = wish.until === undefined ? now : timeIn('/until', wish.until, now, problems);
  if (since === undefined || until === undefined) return undefined;
  if (until <= since) {
    problems.push({ pointer: '/until', message: 'must be later than /since' });
    return undefined;
  }
  return { since, until, server: wish.server, grant: wish.grant };
}

function timeIn(pointer: string, text: string, now: number, problems: WishProblem[]): number | undefined {
  try {
    return readTime(pointer, text, now);
  } catch (fault) {
    if (!(fault instanceof UsageFault)) throw fault;
    problems.push({ pointer, message: fault.message.slice(pointer.length + 1) });
    return undefined;
  }
}

async function policiesIn({ policy, baseline }: BacktestWish, problems: WishProblem[]): Promise<Policies | undefined> {
  const own = await compiled('policy', policy, problems);
  const above = baseline === undefined ? undefined : await compiled('baseline', baseline, problems);
  if (own === undefined || (baseline !== undefined && above === undefined)) return undefined;
  const clash = above && counterClash(own, above);
  if (clash !== undefined) problems.push({ pointer: '/policy', message: clash });
  return clash === undefined ? { policy: own.policy, baseline: policyOf(above) } : undefined;
}

function policyOf(version: PolicyVersion | undefined): Policy | undefined {
  return version?.policy;
}

async function compiled(
  which: 'policy' | 'baseline',
  document: Json,
  problems: WishProblem[],
): Promise<PolicyVersion | undefined> {
  const read = await compileNamed('draft', document, which);
  if (read.kind === 'policy') return read.policy;
  for (const { pointer, message } of read.problems) problems.push({ pointer: `/${which}${pointer}`, message });
  return undefined;
}

async function definitionsIn(folder: string): Promise<Sources['definition']> {
  const store = await openSqliteStore({ folder, sync: 'interval', clock: Date, onFault() {}, mode: 'read' });
  return keptDefinitions(store).finally(() => store.close());
}
