import { randomBytes } from 'node:crypto';
import { hashToken, type TokenTable } from '../inbound/credentials.ts';
import type { Settings } from '../settings/settings.ts';

export interface Tokens {
  /** The grants by the hashes of their tokens. */
  readonly table: TokenTable;
  /** The people by the hashes of theirs. INVARIANT: no hash is in both. */
  readonly people: ReadonlyMap<string, string>;
  /** Made just now, by grant; the only moment at which they can be shown. */
  readonly made: ReadonlyMap<string, string>;
  /** The same, by person. */
  readonly madeForPeople: ReadonlyMap<string, string>;
  /** People whose token in the configuration is one that was made for a grant: it opens nothing for them. */
  readonly unfit: readonly string[];
  /** What the store is to keep from now on: hashes of tokens that the gateway made, by `grantKey` or `personKey`. */
  readonly kept: ReadonlyMap<string, string>;
}

/** Under what the store keeps the token that was made for a grant. */
export function grantKey(label: string): string {
  return label;
}

/** The same of a person. No grant can be called that: a name holds no line feed. */
export function personKey(name: string): string {
  return `person\n${name}`;
}

/**
 * The tokens of all grants and people. Who has none in the configuration (a person: nor a passphrase) keeps the one that was made, or gets
 * one. What was made for somebody who is gone, or has a token of their own now, is not kept: it must not come back with them.
 * `renew` are keys of `stored` whose tokens are to be made anew.
 */
export function tokensOf(
  settings: Settings,
  stored: ReadonlyMap<string, string>,
  renew: readonly string[] = [],
): Tokens {
  const kept = new Map<string, string>();
  // A made token that was written into the configuration for another belongs to the other.
  const keptOrFresh = (key: string, taken: ReadonlySet<string>, makeToken: () => string): string => {
    const known = renew.includes(key) ? undefined : stored.get(key);
    const hash = known === undefined || taken.has(known) ? hashToken(makeToken()) : known;
    kept.set(key, hash);
    return hash;
  };
  const table = new Map<string, string>();
  const made = new Map<string, string>();
  const ofGrants = given(settings.grants);
  for (const [label, { tokenHash }] of settings.grants) {
    const makeToken = (): string => fresh('tg_', label, made);
    table.set(tokenHash ?? keptOrFresh(grantKey(label), ofGrants, makeToken), label);
  }
  const people = new Map<string, string>();
  const madeForPeople = new Map<string, string>();
  const unfit: string[] = [];
  const ofAll = new Set([...table.keys(), ...given(settings.people)]);
  for (const [name, { tokenHash, passphrase }] of settings.people) {
    if (tokenHash === undefined && passphrase !== undefined) continue;
    const makeToken = (): string => fresh('tgp_', name, madeForPeople);
    const hash = tokenHash ?? keptOrFresh(personKey(name), ofAll, makeToken);
    // An agent knows it.
    if (table.has(hash)) unfit.push(name);
    else people.set(hash, name);
  }
  return { table, people, made, madeForPeople, unfit, kept };
}

/** `Tokens.people` for who only looks, and makes none: a person whose token was never made has none. */
export function peopleTokens(settings: Settings, stored: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const { people, madeForPeople } = tokensOf(settings, stored);
  return new Map([...people].filter(([, name]) => !madeForPeople.has(name)));
}

function given(identities: ReadonlyMap<string, { readonly tokenHash: string | undefined }>): ReadonlySet<string> {
  return new Set([...identities.values()].flatMap(({ tokenHash }) => tokenHash ?? []));
}

function fresh(prefix: string, name: string, made: Map<string, string>): string {
  const token = `${prefix}${randomBytes(32).toString('base64url')}`;
  made.set(name, token);
  return token;
}
