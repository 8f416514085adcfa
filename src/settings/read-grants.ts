import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { keysOf } from '../policy/shape.ts';
import { readIsoTime } from './iso-time.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { PolicyTable } from './read-policies.ts';
import { readToken, type TokenHolders } from './read-token.ts';
import {
  type Item,
  knownKeys,
  member,
  type NamedItem,
  namedItems,
  type Reading,
  say,
  sayNoPolicy,
  textAt,
} from './reading.ts';
import type { GrantSettings } from './settings.ts';
import { GRANT } from './vocabulary.ts';

/** What a grant may refer to. `serverNames` and `policyNames` hold broken ones too, which are told elsewhere. */
export interface Known {
  readonly serverNames: readonly string[];
  readonly policyNames: readonly string[];
  readonly policies: PolicyTable;
  readonly holders: TokenHolders;
}

export function readGrants(reading: Reading, item: Item | undefined, known: Known): ReadonlyMap<string, GrantSettings> {
  const grants = new Map<string, GrantSettings>();
  for (const grant of namedItems(reading, item)) {
    checkIdentityName(reading, grant);
    if (!knownKeys(reading, grant, keysOf(GRANT))) continue;
    grants.set(grant.name, {
      name: grant.name,
      owner: readOwner(reading, grant),
      labels: readLabels(reading, member(grant, 'labels')),
      policies: readReach(reading, member(grant, 'servers'), known),
      tokenHash: readToken(reading, member(grant, 'token'), known.holders),
      expiresAt: readExpiry(reading, member(grant, 'expires')),
    });
  }
  return grants;
}

/** Names of grants and people stand in the log and in counters. */
export function checkIdentityName(reading: Reading, { name, pointer }: NamedItem): void {
  if (name === '' || name.length > 128 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    say(reading, pointer, 'a name has 1 to 128 characters, all of them visible');
  }
}

function readOwner(reading: Reading, grant: NamedItem): string {
  const item = member(grant, 'owner');
  const owner = textAt(reading, item);
  if (item === undefined) say(reading, grant.pointer, '"owner" is missing: who answers for this grant?');
  else if (owner === '') say(reading, item.pointer, 'must not be empty');
  return owner ?? '';
}

function readLabels(reading: Reading, item: Item | undefined): Readonly<Record<string, string>> {
  const labels: Record<string, string> = Object.create(null);
  for (const label of namedItems(reading, item)) {
    const text = textAt(reading, label);
    if (text !== undefined) labels[label.name] = text;
  }
  return labels;
}

function readReach(reading: Reading, item: Item | undefined, known: Known): ReadonlyMap<string, NamedPolicy> {
  const reach = new Map<string, NamedPolicy>();
  for (const server of namedItems(reading, item)) {
    if (!known.serverNames.includes(server.name)) {
      const said = `${quoted(server.name)} names nothing under "servers"${didYouMean(server.name, known.serverNames)}`;
      say(reading, server.pointer, said);
    }
    const name = textAt(reading, server);
    if (name === undefined) continue;
    if (!known.policyNames.includes(name)) sayNoPolicy(reading, server, name, known.policyNames);
    const policy = known.policies.get(name);
    if (policy !== undefined) reach.set(server.name, policy);
  }
  return reach;
}

function readExpiry(reading: Reading, item: Item | undefined): number | undefined {
  const text = textAt(reading, item);
  if (text === undefined || item === undefined) return undefined;
  const expires = readIsoTime(text);
  return (
    expires ??
    say(
      reading,
      item.pointer,
      'must be a day (2027-01-01, which means 00:00 UTC) or a time with zone (2027-01-01T08:00:00Z)',
    )
  );
}
