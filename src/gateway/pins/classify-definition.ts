import { classify } from '../../catalogue/classify.ts';
import type { KnownServer } from '../../catalogue/known-server.ts';
import { overrule } from '../../catalogue/overrule.ts';
import type { JsonObject } from '../../wire/json.ts';
import { type KeptClass, keptClassOf } from './kept-class.ts';

/** What a definition can do, by the catalogue where the server is known there, else by the classifier. Never throws. */
export function classifyDefinition(tool: JsonObject, known: KnownServer | undefined): KeptClass {
  const { name } = tool;
  const knownTool = typeof name === 'string' ? known?.tools.get(name) : undefined;
  return keptClassOf(overrule(classify(tool), tool, knownTool, undefined), known?.name);
}
