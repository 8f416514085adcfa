import type { TokenTable } from '../inbound/credentials.ts';
import type { Settings } from '../settings/settings.ts';
import { type Standings, standingsOf } from './standings.ts';
import { grantKey, personKey, type Tokens, tokensOf } from './tokens.ts';

/** One reading of the configuration with all that follows from it; swapped as a whole. */
export interface InForce {
  readonly settings: Settings;
  readonly standings: Standings;
  readonly tokens: Tokens;
}

/** `stored` are the hashes that the store kept; `renew` are those of its keys whose tokens are to be made anew. */
export function inForce(settings: Settings, stored: ReadonlyMap<string, string>, renew?: readonly string[]): InForce {
  return { settings, standings: standingsOf(settings), tokens: tokensOf(settings, stored, renew) };
}

/**
 * What is in force with all taken away that the next configuration takes away: grants, their servers, their time, people, their roles, and
 * the tokens and passphrases of all of them. It gives nothing new, so it needs no record and can be put in force when none can be written.
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
  const { table, people, kept } = now.tokens;
  const ofGrants: TokenTable = new Map(
    [...table].filter(([hash, label]) => mayStay(hash, kept.get(grantKey(label)), next.grants.get(label))),
  );
  const ofPeople = new Map(
    [...people].filter(([hash, name]) => mayStay(hash, madeFor(name, kept, next), next.people.get(name))),
  );
  const settings = { ...now.settings, people: fewerPeople(now.settings.people, next.people) };
  return { settings, standings, tokens: { ...now.tokens, table: ofGrants, people: ofPeople } };
}

/** A person who has a passphrase is not given a token. */
function madeFor(name: string, kept: ReadonlyMap<string, string>, next: Settings): string | undefined {
  return next.people.get(name)?.passphrase === undefined ? kept.get(personKey(name)) : undefined;
}

/** The configuration's own token stays while it says the same, a made one (`made`) while the configuration gives none. */
function mayStay(
  hash: string,
  made: string | undefined,
  next: { readonly tokenHash: string | undefined } | undefined,
): boolean {
  return next !== undefined && hash === (next.tokenHash ?? made);
}

function fewerPeople(now: Settings['people'], next: Settings['people']): Settings['people'] {
  return new Map(
    [...now].flatMap(([name, person]) => {
      const left = next.get(name);
      if (left === undefined) return [];
      const roles = new Set([...person.roles].filter((role) => left.roles.has(role)));
      const passphrase = person.passphrase === left.passphrase ? person.passphrase : undefined;
      return [[name, { ...person, roles, passphrase }] as const];
    }),
  );
}
