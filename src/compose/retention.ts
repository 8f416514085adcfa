import type { LogPruning, Pruned, PruneWish } from '../gateway/audit/audit-ports.ts';
import type { Clock, Crypto, Store } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import type { Keep } from '../settings/keep-bounds.ts';
import type { Settings } from '../settings/settings.ts';
import { objectOf } from '../wire/json.ts';

/** After a start others have their turn first. */
const FIRST_MS = 2_000;
const EVERY_MS = 10 * 60_000;

interface Parts {
  readonly store: LogPruning & Pick<Store, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly crypto: Pick<Crypto, 'id'>;
  settings(): Settings;
  log(line: string): void;
}

/** Removes in the background what the configuration does not keep. What it gives ends that, and resolves when nothing more is done. */
export function retention(parts: Parts): () => Promise<void> {
  let isOver = false;
  let told = '';
  let timer = setTimeout(next, FIRST_MS);
  timer.unref();
  let running: Promise<void> = Promise.resolve();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await running;
  };

  function next(): void {
    running = run().then((faults) => {
      const words = faults.join('\n');
      if (words !== told)
        for (const fault of faults) parts.log(`old records cannot be removed, and are tried again: ${fault}`);
      told = words;
      if (!isOver) timer = setTimeout(next, EVERY_MS).unref();
    });
  }

  async function run(): Promise<readonly string[]> {
    try {
      const settings = parts.settings();
      const { keep } = settings.audit;
      if (keep === undefined) return [];
      const { faults } = await prune(parts, keep, exportsOf(settings), () => isOver);
      return faults;
    } catch (fault) {
      return [fault instanceof Error ? fault.message : String(fault)];
    }
  }
}

/** The names of the exports that must have delivered a record before it goes. */
export function exportsOf({ audit }: Settings): ReadonlySet<string> {
  return new Set(audit.exports.keys());
}

/** One run, and the record of it. */
export async function prune(
  { store, clock, crypto }: Pick<Parts, 'store' | 'clock' | 'crypto'>,
  keep: Keep,
  exports: ReadonlySet<string> | 'all',
  isOver: () => boolean,
): Promise<Pruned> {
  const pruned = await store.prune({ ...wishOf(keep, exports, store, clock.now()), isOver });
  if (pruned.records === 0) return pruned;
  const { records, writers, until, why } = pruned;
  const told = objectOf([
    ['records', records],
    ['writers', writers],
    ['until', until === undefined ? null : new Date(until).toISOString()],
    ['why', [...why].join(', ')],
  ]);
  const body = eventBody('records removed', {}, told);
  await store.append({ id: crypto.id(), kind: 'event', at: clock.now(), body }, undefined);
  return pruned;
}

export function wishOf(
  { ms, bytes }: Keep,
  exports: ReadonlySet<string> | 'all',
  log: Pick<LogPruning, 'firstUndelivered'>,
  now: number,
): PruneWish {
  return {
    signedBefore: ms === undefined ? undefined : now - ms,
    mostBytes: bytes,
    keptFrom: () => log.firstUndelivered(exports),
    isOver: () => false,
  };
}
