import type { ValueKeeping, ValueReading } from '../gateway/audit/audit-ports.ts';
import type { Clock, Crypto } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { keepsWhole } from '../settings/argument-privacy.ts';
import type { Settings } from '../settings/settings.ts';
import { objectOf } from '../wire/json.ts';
import { rewrapped } from './value-crypto.ts';
import { readValueKeys, type ValueVault } from './value-keys.ts';

export interface ValueParts {
  readonly folder: string;
  readonly vault: ValueVault;
  readonly store: ValueKeeping & ValueReading;
  readonly clock: Pick<Clock, 'now'>;
  readonly crypto: Pick<Crypto, 'id'>;
  log(line: string): void;
}

/**
 * Takes up the keys that seal kept arguments, and has what earlier keys sealed opened by the present one from now on. Rejects with `StoreFault`
 * where the key cannot be read and arguments are to be kept whole: nothing is kept unsealed. What only opens older ones is told where it is missing.
 */
export async function takeValueKeys(
  { folder, vault, store, clock, crypto, log }: ValueParts,
  settings: Settings,
): Promise<void> {
  const isWanted = keepsWhole(settings);
  if (!isWanted && settings.audit.values.key === undefined) return;
  const read = await readValueKeys(folder, settings.audit.values, log).catch((fault: Error) => {
    if (isWanted) throw fault;
    log(`nothing is kept whole now, and what was stays closed: ${fault.message}`);
  });
  if (read === undefined) return;
  const { current, all } = read;
  vault.take({ current, all });
  const keys = await store.valueKeys();
  const strange = new Set(keys.map(({ master }) => master).filter((id) => !all.some((known) => known.id === id)));
  for (const id of strange) {
    log(
      `arguments that were kept before are sealed with key ${id}, which "audit.values" does not name; they stay closed`,
    );
  }
  if (keys.every(({ master }) => master === current.id || strange.has(master))) return;
  const count = await store.rewrap(
    (key) => rewrapped(key, all, current),
    (changed) => {
      const more = objectOf([
        ['after', current.id],
        ['keys', changed],
      ]);
      return { id: crypto.id(), kind: 'event', at: clock.now(), body: eventBody('values key changed', {}, more) };
    },
  );
  if (count > 0)
    log(`kept arguments are sealed with key ${current.id} from now on; keys before it are not needed any more`);
}
