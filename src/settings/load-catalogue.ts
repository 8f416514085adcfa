import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Severity } from '../catalogue/classification.ts';
import type { KnownServer, KnownTool } from '../catalogue/known-server.ts';
import type { RiskClass } from '../policy/decision.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';

/** The folder `catalogue` of the package. */
const FOLDER = fileURLToPath(new URL('../../catalogue/', import.meta.url));

/** What is known of servers beforehand. A server's file is read when it is first asked for. */
export interface Catalogue {
  /** The names of all servers, in order. */
  names(): readonly string[];
  server(name: string): KnownServer | undefined;
  /** By the package that a command starts: `npm:@playwright/mcp`. */
  byPackage(name: string): KnownServer | undefined;
  /** From all packages that are known to the names of their servers. */
  packages(): ReadonlyMap<string, string>;
}

/** Opens the catalogue. Throws when the package is not whole. */
export function loadCatalogue(folder: string = FOLDER): Catalogue {
  const names = readdirSync(join(folder, 'servers'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  const present = new Set(names);
  const read = new Map<string, KnownServer>();
  let packages: ReadonlyMap<string, string> | undefined;
  const server = (name: string): KnownServer | undefined => {
    if (!present.has(name)) return undefined;
    const known = read.get(name) ?? serverIn(JSON.parse(readFileSync(join(folder, 'servers', `${name}.json`), 'utf8')));
    read.set(name, known);
    return known;
  };
  const allPackages = (): ReadonlyMap<string, string> => {
    packages ??= new Map(Object.entries(JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8'))));
    return packages;
  };
  return {
    names: () => names,
    server,
    byPackage(name) {
      const found = allPackages().get(name);
      return found === undefined ? undefined : server(found);
    },
    packages: allPackages,
  };
}

/** How a server is written in its file: all of a `KnownServer`, its tools as a list. A test reads every file strictly. */
interface ServerFile extends Omit<KnownServer, 'tools' | 'results'> {
  readonly results?: Json;
  readonly tools: readonly ToolEntry[];
}

interface ToolEntry {
  readonly name: string;
  readonly class: RiskClass;
  readonly severity: Severity;
  readonly reason: string;
  readonly definition: Json;
  readonly rules?: Json;
  readonly listing?: string;
  readonly examples?: {
    readonly allowed: readonly Json[];
    readonly asked?: readonly Json[];
    readonly refused: readonly Json[];
  };
}

function serverIn(file: ServerFile): KnownServer {
  const results = file.results === undefined ? undefined : bareObjectIn(file.results);
  return { ...file, results, tools: new Map(file.tools.map((entry) => [entry.name, toolIn(entry)])) };
}

function toolIn(entry: ToolEntry): KnownTool {
  const { name, class: riskClass, severity, reason, definition, rules, listing, examples } = entry;
  let made: JsonObject | undefined;
  return {
    name,
    class: riskClass,
    severity,
    reason,
    definition() {
      made ??= objectOf([['name', name], ...Object.entries(bareObjectIn(definition))]);
      return made;
    },
    rules: rules === undefined ? undefined : bareObjectIn(rules),
    listing,
    examples: examples && {
      allowed: examples.allowed.map(bareObjectIn),
      asked: (examples.asked ?? []).map(bareObjectIn),
      refused: examples.refused.map(bareObjectIn),
    },
  };
}

function bareObjectIn(value: Json): JsonObject {
  const made = bare(value);
  return isObject(made) ? made : objectOf([]);
}

/**
 * What `JSON.parse` gives inherits; nothing that is looked at by a stranger's keys may. It was parsed for us alone, so it is changed where it
 * is: a copy would take four times as long as the parsing.
 */
function bare(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  for (const one of Object.values(value)) bare(one);
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null);
  return value;
}
