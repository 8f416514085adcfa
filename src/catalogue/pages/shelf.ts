import type { RiskClass } from '../../policy/decision.ts';
import type { SqlParsers } from '../../policy/sql/parsers.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Attack } from '../attack.ts';
import { attacksOn } from '../attacks-on.ts';
import type { Classification, SignalKind } from '../classification.ts';
import { classify } from '../classify.ts';
import type { KnownServer, KnownTool } from '../known-server.ts';
import { overrule } from '../overrule.ts';
import { recommend, type Wishes } from '../recommend.ts';
import { type RecommendedPolicy, recommendPolicy } from '../recommend-policy.ts';
import { type Alike, similarTools } from './similar-tools.ts';

/** What the pages take for granted: destructive tools are hidden, and nothing is said of folders and hosts. */
const WISHES: Wishes = { destructive: 'hide', roots: [], hosts: [] };

/** What is told of one tool. */
export interface ToldTool {
  readonly server: KnownServer;
  readonly known: KnownTool;
  /** What the pages say of it. */
  readonly judged: Classification;
  /** What its definition alone would make of it. */
  readonly classified: Classification;
  readonly signals: ReadonlySet<SignalKind>;
}

/** What is recommended for a tool within the policy of its server. */
export interface Recommended {
  /** Undefined for a tool that no entry can name: it stays refused. */
  readonly rules: JsonObject | undefined;
  readonly notes: readonly string[];
}

/** All that pages are made from. A tool is judged, and a server's policy made, when it is first asked for. */
export interface Shelf {
  readonly servers: readonly KnownServer[];
  /** The packages in which a server comes, such as `npm:@playwright/mcp`. */
  packagesOf(server: KnownServer): readonly string[];
  tool(server: KnownServer, known: KnownTool): ToldTool;
  policy(server: KnownServer): RecommendedPolicy;
  recommended(tool: ToldTool): Recommended;
  attacksOn(tool: ToldTool): readonly Attack[];
  /** Tools of other servers that have the same class and are called alike, the most alike first. */
  similar(server: KnownServer, known: KnownTool): readonly Alike[];
}

/** `packages`: from names such as `npm:@playwright/mcp` to the server that they hold. `parsers`: what `sql_only` needs. */
export function shelfOf(
  servers: readonly KnownServer[],
  packages: ReadonlyMap<string, string>,
  attacks: readonly Attack[],
  parsers: SqlParsers,
): Shelf {
  const tool = remembered((known: KnownTool, server: KnownServer) => tellTool(server, known));
  const policy = remembered((server: KnownServer) => {
    const judged = [...server.tools.values()].map((known) => ({
      tool: known.definition(),
      classification: tool(known, server).judged,
      known,
    }));
    return recommendPolicy({ name: server.name, known: server }, judged, WISHES, parsers);
  });
  const similar = remembered((_: typeof servers) => similarTools(servers));
  return {
    servers,
    packagesOf: ({ name }) => [...packages].flatMap(([found, server]) => (server === name ? [found] : [])),
    tool: (server, known) => tool(known, server),
    policy,
    recommended({ server, known }) {
      const found = policy(server).tools.find(({ name }) => name === known.name);
      return { rules: found?.recommendation?.rules, notes: found?.notes ?? [] };
    },
    attacksOn: ({ server, known, judged }) => attacksOn(attacks, server.name, known.name, judged),
    similar: (server, known) => similar(servers)(server, known),
  };
}

/** What holds for a destructive tool when its operator would rather have people asked than hide it. */
export function askedInstead({ known, judged }: ToldTool): JsonObject {
  return recommend(known.definition(), judged, known, { ...WISHES, destructive: 'approve' }).rules;
}

function tellTool(server: KnownServer, known: KnownTool): ToldTool {
  const definition = known.definition();
  const classified = classify(definition);
  const judged = overrule(classified, definition, known, undefined);
  return { server, known, judged, classified, signals: new Set(judged.signals.map(({ kind }) => kind)) };
}

/** A function that makes each of its answers once. */
function remembered<K extends object, Rest extends readonly unknown[], V>(
  make: (key: K, ...rest: Rest) => V,
): (key: K, ...rest: Rest) => V {
  const made = new Map<K, V>();
  return (key, ...rest) => {
    const there = made.get(key);
    if (there !== undefined) return there;
    const fresh = make(key, ...rest);
    made.set(key, fresh);
    return fresh;
  };
}

/** How many tools of each class a server has. */
export function countsOf({ tools }: KnownServer): ReadonlyMap<RiskClass, number> {
  const counts = new Map<RiskClass, number>();
  for (const { class: riskClass } of tools.values()) counts.set(riskClass, (counts.get(riskClass) ?? 0) + 1);
  return counts;
}
