import type { RiskClass } from '../../policy/decision.ts';
import type { Classification, SignalKind } from '../classification.ts';
import { classify } from '../classify.ts';
import type { KnownServer, KnownTool } from '../known-server.ts';
import { overrule } from '../overrule.ts';
import { type Recommendation, recommend, type Wishes } from '../recommend.ts';
import { type AttackOnPage, attacksOn } from './attack-on-page.ts';
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
  readonly recommended: Recommendation;
}

/** All that pages are made from; each tool is judged when it is first asked for. */
export interface Shelf {
  readonly servers: readonly KnownServer[];
  readonly packages: ReadonlyMap<string, readonly string[]>;
  tool(server: KnownServer, known: KnownTool): ToldTool;
  attacksOn(tool: ToldTool): readonly AttackOnPage[];
  /** Tools of other servers that have the same class and are called alike, the most alike first. */
  similar(server: KnownServer, known: KnownTool): readonly Alike[];
}

/** `packages`: from names such as `npm:@playwright/mcp` to the server that they hold. */
export function shelfOf(
  servers: readonly KnownServer[],
  packages: ReadonlyMap<string, string>,
  attacks: readonly AttackOnPage[],
): Shelf {
  const told = new Map<KnownTool, ToldTool>();
  const similar = similarTools(servers);
  return {
    servers,
    packages: byServer(packages),
    tool(server, known) {
      const made = told.get(known) ?? tellTool(server, known);
      told.set(known, made);
      return made;
    },
    attacksOn: ({ server, known, judged, signals }) =>
      attacksOn(attacks, { server: server.name, tool: known.name, class: judged.class, signals }),
    similar,
  };
}

function tellTool(server: KnownServer, known: KnownTool): ToldTool {
  const definition = known.definition();
  const classified = classify(definition);
  const judged = overrule(classified, definition, known, undefined);
  return {
    server,
    known,
    judged,
    classified,
    signals: new Set(judged.signals.map(({ kind }) => kind)),
    recommended: recommend(definition, judged, known, WISHES),
  };
}

function byServer(packages: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, server] of packages) found.set(server, [...(found.get(server) ?? []), name]);
  return found;
}

/** How many tools of each class a server has. */
export function countsOf({ tools }: KnownServer): ReadonlyMap<RiskClass, number> {
  const counts = new Map<RiskClass, number>();
  for (const { class: riskClass } of tools.values()) counts.set(riskClass, (counts.get(riskClass) ?? 0) + 1);
  return counts;
}
