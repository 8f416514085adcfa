import type { RiskClass } from '../policy/decision.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import type { Classification, Severity } from './classification.ts';
import { SEVERITIES } from './classification.ts';
import { classify } from './classify.ts';
import type { KnownTool } from './known-server.ts';

/** From the least to the worst; what is not known could be anything, so it ranks above what is known to be repairable. */
const RANK: readonly RiskClass[] = ['read', 'write', 'unknown', 'execute', 'destructive', 'financial'];

/** The class that a tool is given in the end: the operator's word, else the catalogue's, else the classifier's. */
export function overrule(
  classified: Classification,
  tool: JsonObject,
  known: KnownTool | undefined,
  operator: RiskClass | undefined,
): Classification {
  const told = known === undefined ? classified : byCatalogue(classified, tool, known);
  if (operator === undefined) return told;
  const evidence = [
    { from: 'operator', quote: operator, says: 'the configuration sets the class of this tool' } as const,
  ];
  return {
    ...told,
    class: operator,
    reason: `The configuration says so; ${told.by === 'classifier' ? 'by its definition' : 'by the catalogue'} it is ${told.class}.`,
    evidence: [...evidence, ...told.evidence],
    by: 'operator',
  };
}

/**
 * The catalogue's word is for the definition that it was written for: a tool that goes by the same name and takes other parameters, or says worse
 * things of itself than the one that was judged, keeps the worse of both.
 */
function byCatalogue(classified: Classification, tool: JsonObject, known: KnownTool): Classification {
  if (isWorse(classified, known) && !isAsJudged(classified, tool, known.definition())) return classified;
  const evidence = [{ from: 'catalogue', quote: known.reason, says: `judged by reading: ${known.class}` } as const];
  return {
    ...classified,
    class: known.class,
    severity: known.severity,
    reason: known.reason,
    evidence: [...evidence, ...classified.evidence],
    by: 'catalogue',
  };
}

/** Whether a definition asks for nothing more, and reads no worse, than the one that was judged. */
function isAsJudged(classified: Classification, tool: JsonObject, judged: JsonObject): boolean {
  return strangeParameters(tool, judged).length === 0 && !isWorse(classified, classify(judged));
}

/** The parameters that a tool takes and the one that was judged did not. */
export function strangeParameters(tool: JsonObject, judged: JsonObject): readonly string[] {
  const known = new Set(parametersOf(judged));
  return parametersOf(tool).filter((name) => !known.has(name));
}

/** Whether one class, or of one class the severity, is worse than another. */
function isWorse(
  one: { readonly class: RiskClass; readonly severity: Severity },
  other: { readonly class: RiskClass; readonly severity: Severity },
): boolean {
  if (one.class !== other.class) return RANK.indexOf(one.class) > RANK.indexOf(other.class);
  return SEVERITIES.indexOf(one.severity) > SEVERITIES.indexOf(other.severity);
}

/** The names of a tool's parameters, as its schema has them. */
function parametersOf(tool: JsonObject): readonly string[] {
  const schema = tool['inputSchema'];
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) ? Object.keys(properties) : [];
}
