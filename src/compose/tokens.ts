import { randomBytes } from 'node:crypto';
import { hashToken, type TokenTable } from '../inbound/credentials.ts';
import type { Settings } from '../settings/settings.ts';

export interface Tokens {
  readonly table: TokenTable;
  /** Made just now, by grant; the only moment at which they can be shown. */
  readonly made: ReadonlyMap<string, string>;
  /** What the store is to keep from now on, by grant: hashes of tokens that the gateway made. */
  readonly kept: ReadonlyMap<string, string>;
}

/**
 * The tokens of all grants. A grant for which the configuration names none keeps the one that was made for it, or gets one.
 * What was made for a grant that is gone, or that got a token of its own, is not kept: it must not come back with the grant.
 */
export function tokensOf(settings: Settings, stored: ReadonlyMap<string, string>, renew: string | undefined): Tokens {
  const table = new Map<string, string>();
  const made = new Map<string, string>();
  const kept = new Map<string, string>();
  for (const [label, grant] of settings.grants) {
    if (grant.tokenHash !== undefined) {
      table.set(grant.tokenHash, label);
      continue;
    }
    let hash = label === renew ? undefined : stored.get(label);
    if (hash === undefined) {
      const token = `tg_${randomBytes(32).toString('base64url')}`;
      hash = hashToken(token);
      made.set(label, token);
    }
    kept.set(label, hash);
    table.set(hash, label);
  }
  return { table, made, kept };
}
