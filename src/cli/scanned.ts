import { classify } from '../catalogue/classify.ts';
import type { Finding } from '../catalogue/findings/finding.ts';
import { findingsIn } from '../catalogue/findings/findings-in.ts';
import { type NamedTool, namesOf } from '../catalogue/findings/look-alike.ts';
import { knownAs } from '../catalogue/known-as.ts';
import type { KnownServer } from '../catalogue/known-server.ts';
import { overrule } from '../catalogue/overrule.ts';
import type { Wishes } from '../catalogue/recommend.ts';
import { type RecommendedPolicy, recommendPolicy } from '../catalogue/recommend-policy.ts';
import type { RiskClass } from '../policy/decision.ts';
import type { SqlParsers } from '../policy/sql/parsers.ts';
import type { Catalogue } from '../settings/load-catalogue.ts';
import type { ToolPlace } from '../settings/server-tools-file.ts';
import type { JsonObject } from '../wire/json.ts';
import { rootsNamed } from './roots-named.ts';

/** A server with its tools, before anything is told of them. */
export interface Found {
  /** As it is called here. */
  readonly name: string;
  /** As its operator calls it; undefined where the name was made up here. */
  readonly given: string | undefined;
  /** The program and its arguments; undefined for what is not started here. */
  readonly command: readonly string[] | undefined;
  /** The folder in which it runs, absolute; undefined where that is not known. */
  readonly folder: string | undefined;
  readonly tools: readonly { readonly tool: JsonObject; readonly place: ToolPlace | undefined }[];
  /** What the configuration says of its tools' classes. */
  readonly classes: ReadonlyMap<string, RiskClass>;
}

/** A server as it was scanned. */
export interface Scanned extends RecommendedPolicy {
  readonly name: string;
  readonly known: KnownServer | undefined;
  /** Where each tool stands, in the order of `tools`; undefined where that is no place in a file. */
  readonly places: readonly (ToolPlace | undefined)[];
  /** What the definition of each tool hides, in the order of `tools`. */
  readonly findings: readonly (readonly Finding[])[];
}

type Wanted = Pick<Wishes, 'destructive' | 'roots' | 'hosts'>;

/** The names of all tools that were found: one that looks like another's is told. */
export function namesFound(found: readonly Found[]): readonly NamedTool[] {
  return found.flatMap(({ name: server, tools }) => tools.map(({ tool }) => ({ server, name: nameOf(tool) })));
}

interface Around {
  readonly catalogue: Catalogue;
  readonly names: readonly NamedTool[];
  readonly parsers: SqlParsers;
}

/** Judges every tool of a server, looks what it hides, and recommends a policy for it. */
export function scanned(found: Found, { catalogue, names, parsers }: Around, wanted: Wanted): Scanned {
  const known = knownAs({ name: found.given, command: found.command }, catalogue);
  const judged = found.tools.map(({ tool }) => {
    const name = nameOf(tool);
    const knownTool = known?.tools.get(name);
    const classification = overrule(classify(tool), tool, knownTool, found.classes.get(name));
    return { tool, classification, known: knownTool };
  });
  const named = wanted.roots.length > 0 ? wanted.roots : rootsNamed(found, known);
  const wishes: Wishes = {
    ...wanted,
    roots: named,
    ...(found.folder === undefined ? {} : { folder: found.folder }),
  };
  // One that was not named, and is known, goes by the name that it is known by.
  const name = found.given ?? known?.name ?? found.name;
  const recommended = recommendPolicy({ name, known }, judged, wishes, parsers);
  const around = namesOf(found.name, names);
  return {
    ...recommended,
    name,
    known,
    places: found.tools.map(({ place }) => place),
    findings: found.tools.map(({ tool }) => findingsIn(tool, around)),
  };
}

function nameOf(tool: JsonObject): string {
  return typeof tool['name'] === 'string' ? tool['name'] : '';
}
