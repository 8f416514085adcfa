import { eventBody } from '../gateway/record.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { objectOf } from '../wire/json.ts';
import { systemClock } from './clock.ts';
import type { Terminal } from './serve.ts';
import { checkpointsBy } from './signing-keys.ts';
import { systemCrypto } from './system-crypto.ts';
import { rewrapped } from './value-crypto.ts';
import { readValueKeys, renewOwnKey } from './value-keys.ts';

const OWN = { key: undefined, earlier: [] };

/** Has the kept arguments of a data folder sealed by a fresh key of the folder's own. Rejects with `StoreFault`. */
export async function rotateValuesKey(
  folder: string,
  terminal: Pick<Terminal, 'stderr'>,
): Promise<{ readonly key: string; readonly changed: number; readonly elsewhere: number }> {
  const clock = systemClock();
  const crypto = systemCrypto(folder);
  const onFault = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const checkpoints = checkpointsBy(folder);
  const store = await openSqliteStore({ folder, sync: 'before-send', clock, onFault, mode: 'join', checkpoints });
  try {
    await renewOwnKey(folder);
    const { current, all } = await readValueKeys(folder, OWN);
    const changed = await store.kept.rewrap(
      (key) => rewrapped(key, all, current),
      (keys) => {
        const more = objectOf([
          ['after', current.id],
          ['keys', keys],
        ]);
        return { id: crypto.id(), kind: 'event', at: clock.now(), body: eventBody('values key changed', {}, more) };
      },
    );
    const elsewhere = (await store.kept.valueKeys()).filter(({ master }) => master !== current.id).length;
    return { key: current.id, changed, elsewhere };
  } finally {
    await store.close();
  }
}
