import type { KnownServer, KnownTool } from '../known-server.ts';

/** A tool and the server that it belongs to. */
export interface Alike {
  readonly server: KnownServer;
  readonly known: KnownTool;
}

const MOST = 6;
const MOST_OF_A_SERVER = 2;

/** Finds tools of other servers that have the same class and share words of the name: rare words weigh more, the first one, the verb, twice. */
export function similarTools(
  servers: readonly KnownServer[],
): (server: KnownServer, known: KnownTool) => readonly Alike[] {
  const holders = new Map<string, Alike[]>();
  for (const server of servers) {
    for (const known of server.tools.values()) {
      for (const word of new Set(wordsOf(known.name))) {
        const key = `${known.class} ${word}`;
        const there = holders.get(key);
        if (there === undefined) holders.set(key, [{ server, known }]);
        else there.push({ server, known });
      }
    }
  }
  return (server, known) => {
    const scores = new Map<Alike['known'], { readonly alike: Alike; readonly score: number }>();
    const words = wordsOf(known.name);
    for (const word of new Set(words)) {
      const alikes = holders.get(`${known.class} ${word}`) ?? [];
      const weight = (word === words[0] ? 2 : 1) / Math.sqrt(alikes.length);
      for (const alike of alikes) {
        if (alike.server.name === server.name) continue;
        scores.set(alike.known, { alike, score: (scores.get(alike.known)?.score ?? 0) + weight });
      }
    }
    return best([...scores.values()]);
  };
}

function best(found: readonly { readonly alike: Alike; readonly score: number }[]): readonly Alike[] {
  const ranked = found.toSorted((a, b) => b.score - a.score || byName(a.alike, b.alike));
  const chosen: Alike[] = [];
  const ofServer = new Map<string, number>();
  for (const { alike } of ranked) {
    const count = ofServer.get(alike.server.name) ?? 0;
    if (count >= MOST_OF_A_SERVER) continue;
    ofServer.set(alike.server.name, count + 1);
    chosen.push(alike);
    if (chosen.length === MOST) break;
  }
  return chosen;
}

function byName(one: Alike, other: Alike): number {
  const [a, b] = [`${one.known.name} ${one.server.name}`, `${other.known.name} ${other.server.name}`];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The words of a name in lower case: `listOpenIssues`, `list-open-issues` and `list_open.issues` have the same. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
