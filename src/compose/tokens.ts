import { randomBytes } from 'node:crypto';
import type { Store } from '../gateway/ports.ts';
import { hashToken, type TokenTable } from '../inbound/credentials.ts';
import type { Settings } from '../settings/settings.ts';

export interface Tokens {
  readonly table: TokenTable;
  /** Made just now, by grant; the only moment at which they can be shown. */
  readonly made: ReadonlyMap<string, string>;
}

/** The tokens of all grants. A grant for which the configuration names none gets one, of which only the hash is kept. */
export async function tokensOf(settings: Settings, store: Store, renew: string | undefined): Promise<Tokens> {
  const table = new Map<string, string>();
  const made = new Map<string, string>();
  for (const [label, grant] of settings.grants) {
    let hash = grant.tokenHash ?? (label === renew ? undefined : await store.tokenHash(label));
    if (hash === undefined) {
      const token = `tg_${randomBytes(32).toString('base64url')}`;
      hash = hashToken(token);
      await store.saveTokenHash(label, hash);
      made.set(label, token);
    }
    table.set(hash, label);
  }
  return { table, made };
}
