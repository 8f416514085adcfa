import type { TokenTable } from '../inbound/credentials.ts';
import type { Settings } from '../settings/settings.ts';
import { type Standings, standingsOf } from './standings.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** One reading of the configuration with all that follows from it; swapped as a whole. */
export interface InForce {
  readonly settings: Settings;
  readonly standings: Standings;
  readonly tokens: Tokens;
}

/** `stored` are the hashes that the store kept; `renew` names a grant whose token is to be made anew. */
export function inForce(settings: Settings, stored: ReadonlyMap<string, string>, renew: string | undefined): InForce {
  return { settings, standings: standingsOf(settings), tokens: tokensOf(settings, stored, renew) };
}

/**
 * What is in force with all taken away that the next configuration takes away: grants, their servers, their time, their tokens.
 * It gives nothing new, so it needs no record and can be put in force when none can be written.
 */
export function narrowed(now: InForce, next: Settings): InForce {
  const wanted = standingsOf(next);
  const standings: Standings = new Map(
    [...now.standings].flatMap(([label, entry]) => {
      const left = wanted.get(label);
      if (left === undefined) return [];
      const servers = new Map([...entry.servers].filter(([server]) => left.servers.has(server)));
      return [[label, { expiresAt: Math.min(entry.expiresAt, left.expiresAt), servers }] as const];
    }),
  );
  const table: TokenTable = new Map([...now.tokens.table].filter(([hash, label]) => mayStay(hash, label, next)));
  return { settings: now.settings, standings, tokens: { ...now.tokens, table } };
}

function mayStay(hash: string, label: string, next: Settings): boolean {
  const grant = next.grants.get(label);
  return grant !== undefined && (grant.tokenHash === undefined || grant.tokenHash === hash);
}
