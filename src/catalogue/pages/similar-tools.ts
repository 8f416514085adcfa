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
  const holders = holdersOf(servers);
  return (server, known) => {
    const found = new Map<KnownTool, Scored>();
    const words = wordsOf(known.name);
    for (const word of new Set(words)) {
      const alikes = holders.get(`${known.class} ${word}`) ?? [];
      const weight = (word === words[0] ? 2 : 1) / Math.sqrt(alikes.length);
      for (const alike of alikes) {
        if (alike.server === server) continue;
        const there = found.get(alike.known);
        if (there === undefined) found.set(alike.known, { alike, score: weight });
        else there.score += weight;
      }
    }
    return best([...found.values()]);
  };
}

interface Held extends Alike {
  /** Its place among all, so that equals keep one order. */
  readonly place: number;
}

interface Scored {
  readonly alike: Held;
  score: number;
}

/** Which tools of a class have a word in their name. */
function holdersOf(servers: readonly KnownServer[]): ReadonlyMap<string, readonly Held[]> {
  const holders = new Map<string, Held[]>();
  let place = 0;
  for (const server of servers) {
    for (const known of server.tools.values()) {
      place += 1;
      for (const word of new Set(wordsOf(known.name))) {
        const key = `${known.class} ${word}`;
        const there = holders.get(key);
        if (there === undefined) holders.set(key, [{ server, known, place }]);
        else there.push({ server, known, place });
      }
    }
  }
  return holders;
}

/** The best are few of many: they are taken out one by one, not sorted. */
function best(found: readonly Scored[]): readonly Alike[] {
  const chosen: Alike[] = [];
  const ofServer = new Map<KnownServer, number>();
  let left = found;
  while (chosen.length < MOST && left.length > 0) {
    const { alike } = left.reduce((one, other) => (isBetter(other, one) ? other : one));
    chosen.push(alike);
    const count = (ofServer.get(alike.server) ?? 0) + 1;
    ofServer.set(alike.server, count);
    left = left.filter((one) => one.alike !== alike && (count < MOST_OF_A_SERVER || one.alike.server !== alike.server));
  }
  return chosen;
}

function isBetter(one: Scored, other: Scored): boolean {
  return one.score === other.score ? one.alike.place < other.alike.place : one.score > other.score;
}

/** The words of a name in lower case: `listOpenIssues`, `list-open-issues` and `list_open.issues` have the same. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
