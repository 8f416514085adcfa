import { join } from 'node:path';
import type { PruneOptions, PruneReport } from '../cli/world.ts';
import { openForWriting, openSqliteLog } from '../store/sqlite/open.ts';
import { systemClock } from './clock.ts';
import { lookAtConfiguration } from './look-at-configuration.ts';
import { exportsOf, prune, wishOf } from './retention.ts';
import type { Terminal } from './serve.ts';
import { checkpointsBy } from './signing-keys.ts';
import { systemCrypto } from './system-crypto.ts';

/** Does one run of retention on a data folder, beside running gateways, or tells what it would do. Rejects with `StoreFault`. */
export async function pruneLog(
  options: PruneOptions,
  terminal: Pick<Terminal, 'stderr' | 'env'>,
): Promise<PruneReport> {
  const { data, config } = options;
  const looked = await lookAtConfiguration(config ?? join(data, 'toolgate.jsonc'), terminal.env);
  const settings = looked.kind === 'settings' ? looked.settings : undefined;
  const keep = options.keep ?? settings?.audit.keep;
  if (keep === undefined) return { kind: 'nothing asked', configuration: looked };
  // Without a configuration nobody knows which exports are still wanted: all that ever were count.
  const exports = settings === undefined ? 'all' : exportsOf(settings);
  const clock = systemClock();
  if (options.how === 'tell') {
    const log = await openSqliteLog(data);
    try {
      return { kind: 'pruned', pruned: await log.foresee(wishOf(keep, exports, log, clock.now())) };
    } finally {
      await log.close();
    }
  }
  const onFault = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const checkpoints = checkpointsBy(data);
  const store = await openForWriting({ folder: data, sync: 'interval', clock, onFault, mode: 'join', checkpoints });
  try {
    const pruned = await prune({ store, clock, crypto: systemCrypto(data) }, keep, exports, () => false);
    return { kind: 'pruned', pruned };
  } finally {
    await store.close();
  }
}
