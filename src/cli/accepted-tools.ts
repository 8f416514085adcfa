import type { PinStore } from '../gateway/ports.ts';
import type { KnownTool } from '../policy/check/warning.ts';
import type { RiskClass } from '../policy/decision.ts';
import { isObject, type Json, objectOf } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';

/** The accepted definitions of a server's tools, with the classes as which they were called; of those that `classes` names. */
export async function acceptedTools(
  store: PinStore,
  server: string,
  classes: ReadonlyMap<string, RiskClass>,
): Promise<ReadonlyMap<string, KnownTool>> {
  const { tools } = await store.pins(server);
  const known = new Map<string, KnownTool>();
  for (const [name, { pinned }] of tools) {
    const riskClass = classes.get(name);
    const tool = pinned === undefined || riskClass === undefined ? undefined : definitionIn(pinned.text);
    if (tool === undefined || riskClass === undefined) continue;
    const annotations = isObject(tool['annotations']) ? tool['annotations'] : objectOf([]);
    known.set(name, { name, class: riskClass, inputSchema: tool['inputSchema'], annotations });
  }
  return known;
}

function definitionIn(text: string): { readonly [key: string]: Json } | undefined {
  const read = readJson(text, RELAY);
  return read.kind === 'value' && isObject(read.value) ? read.value : undefined;
}
