import type { Store } from '../gateway/ports.ts';
import type { Settings } from '../settings/settings.ts';
import { type Standings, standingsOf } from './standings.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** One reading of the configuration with all that follows from it; swapped as a whole. */
export interface InForce {
  readonly settings: Settings;
  readonly standings: Standings;
  readonly tokens: Tokens;
}

/** `renew` names a grant whose token is to be made anew. */
export async function inForce(settings: Settings, store: Store, renew: string | undefined): Promise<InForce> {
  return { settings, standings: standingsOf(settings), tokens: await tokensOf(settings, store, renew) };
}
