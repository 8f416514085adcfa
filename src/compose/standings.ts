import type { Standing } from '../gateway/gate.ts';
import { atPointer } from '../policy/diff/at-pointer.ts';
import type { NamedPolicy } from '../settings/named-policy.ts';
import type { GrantSettings, Settings } from '../settings/settings.ts';
import { canonicalJson } from '../wire/write-json.ts';

interface Entry {
  readonly expiresAt: number;
  readonly servers: ReadonlyMap<string, Standing>;
}

/** What every grant may do on every server under one reading of the configuration; looked up on every call. */
export type Standings = ReadonlyMap<string, Entry>;

export function standingsOf(settings: Settings): Standings {
  return new Map([...settings.grants].map(([label, grant]) => [label, entryOf(grant, settings)]));
}

function entryOf(grant: GrantSettings, settings: Settings): Entry {
  const who = { name: grant.name, owner: grant.owner, labels: grant.labels };
  const servers = [...grant.policies].map(([server, named]): [string, Standing] => [
    server,
    {
      grant: who,
      policies: { policy: named.policy, baseline: settings.baseline?.policy },
      policyName: named.name,
      policyDigest: named.digest,
      baselineDigest: settings.baseline?.digest,
      ruleText: ruleTextIn({ policy: named, baseline: settings.baseline }),
      classes: settings.servers.get(server)?.classes ?? new Map(),
    },
  ]);
  return { expiresAt: grant.expiresAt ?? Number.POSITIVE_INFINITY, servers: new Map(servers) };
}

type Documents = { readonly [document in 'policy' | 'baseline']: Pick<NamedPolicy, 'document'> | undefined };

/** What a rule of these documents says, by its JSON Pointer. */
export function ruleTextIn(documents: Documents): Standing['ruleText'] {
  return (document, pointer) => {
    const named = documents[document];
    const rule = named === undefined ? undefined : atPointer(named.document, pointer);
    return rule === undefined ? undefined : canonicalJson(rule);
  };
}

/** The grant's standing on the server; an expired grant has none. `now` in ms since the epoch. */
export function standingOf(standings: Standings, grant: string, server: string, now: number): Standing | undefined {
  const entry = standings.get(grant);
  return entry === undefined || now >= entry.expiresAt ? undefined : entry.servers.get(server);
}

export function whyNoStanding(standings: Standings, grant: string, server: string, now: number): string {
  const entry = standings.get(grant);
  if (entry === undefined) return `The grant ${grant} was revoked.`;
  if (now >= entry.expiresAt) return `The grant ${grant} expired at ${new Date(entry.expiresAt).toISOString()}.`;
  return `The grant ${grant} holds no policy for the server ${server}.`;
}
