import { StoreFault } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { openForWriting } from '../store/sqlite/open.ts';
import { objectOf } from '../wire/json.ts';
import { systemClock } from './clock.ts';
import type { Terminal } from './serve.ts';
import { checkpointsBy, nextKey, putInPlace } from './signing-keys.ts';
import { systemCrypto } from './system-crypto.ts';

/** Has another key sign the log of a data folder from now on, beside running gateways. Rejects with `StoreFault`. */
export async function rotateAuditKey(
  folder: string,
  terminal: Pick<Terminal, 'stderr'>,
): Promise<{ readonly old: string; readonly next: string }> {
  const clock = systemClock();
  const onFault = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const checkpoints = checkpointsBy(folder);
  const store = await openForWriting({ folder, sync: 'before-send', clock, onFault, mode: 'join', checkpoints });
  try {
    if (store.sealing === undefined) throw new StoreFault('nothing signs this log');
    const next = await nextKey(folder);
    const old = await store.sealing.rotate(next);
    // On the disk before the old key is gone.
    await store.synced();
    putInPlace(folder);
    const body = eventBody(
      'audit key changed',
      {},
      objectOf([
        ['before', old],
        ['after', next.id],
      ]),
    );
    await store.append({ id: systemCrypto(folder).id(), kind: 'event', at: clock.now(), body }, undefined);
    return { old, next: next.id };
  } finally {
    await store.close();
  }
}
