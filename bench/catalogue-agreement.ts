import { classify } from '../src/catalogue/classify.ts';
import type { KnownTool } from '../src/catalogue/known-server.ts';
import type { RiskClass } from '../src/policy/decision.ts';
import type { Catalogue } from '../src/settings/load-catalogue.ts';
import { type JsonObject, objectOf } from '../src/wire/json.ts';
import { KEPT_ASIDE } from './catalogue-parts.ts';

export const CLASSES: readonly RiskClass[] = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'];
export const DANGEROUS: readonly RiskClass[] = ['execute', 'destructive', 'financial'];

/** How much of a definition the classifier is shown. */
export type View = 'whole' | 'name and description' | 'name and a line' | 'name';
export const VIEWS: readonly View[] = ['whole', 'name and description', 'name and a line', 'name'];

export interface Agreement {
  readonly tools: number;
  readonly classes: number;
  readonly severities: number;
  /** Labelled execute, destructive or financial, and called read. */
  readonly calledRead: readonly string[];
  /** From the label to what the classifier says, how often. */
  readonly confusion: ReadonlyMap<RiskClass, ReadonlyMap<RiskClass, number>>;
}

/** Holds the classifier against the labels of the catalogue, without what the catalogue overrules. */
export function agreementOn(part: 'tuned on' | 'kept aside', catalogue: Catalogue, view: View): Agreement {
  const confusion = new Map(CLASSES.map((label) => [label, new Map(CLASSES.map((said) => [said, 0]))]));
  const calledRead: string[] = [];
  let [tools, classes, severities] = [0, 0, 0];
  for (const [server, tool] of toolsOf(part, catalogue)) {
    const said = classify(shown(tool.definition(), view));
    const row = confusion.get(tool.class);
    row?.set(said.class, (row.get(said.class) ?? 0) + 1);
    tools += 1;
    if (said.class === tool.class) classes += 1;
    if (said.severity === tool.severity) severities += 1;
    if (said.class === 'read' && DANGEROUS.includes(tool.class)) calledRead.push(`${server}/${tool.name}`);
  }
  return { tools, classes, severities, calledRead, confusion };
}

function toolsOf(part: 'tuned on' | 'kept aside', catalogue: Catalogue): readonly (readonly [string, KnownTool])[] {
  return catalogue
    .names()
    .filter((name) => KEPT_ASIDE.has(name) === (part === 'kept aside'))
    .flatMap((name) => [...(catalogue.server(name)?.tools.values() ?? [])].map((tool) => [name, tool] as const));
}

function shown(definition: JsonObject, view: View): JsonObject {
  if (view === 'whole') return definition;
  const name = ['name', definition['name'] ?? ''] as const;
  if (view === 'name') return objectOf([name]);
  const description = String(definition['description'] ?? '');
  const line = description.split(/(?<=[.!?])\s|\n/)[0] ?? '';
  return objectOf([name, ['description', view === 'name and description' ? description : line.slice(0, 200)]]);
}
