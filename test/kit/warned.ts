import type { KnownTool, Warning } from '../../src/policy/check/warnings.ts';
import { warningsOf } from '../../src/policy/check/warnings.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { RiskClass } from '../../src/policy/decision.ts';
import { toolsOf } from '../../src/settings/tools-file.ts';
import { readYamlSource } from '../../src/settings/yaml-source.ts';
import { isArray, isObject, type Json, objectOf, withKeys } from '../../src/wire/json.ts';
import { PARSERS } from '../laws/engine.ts';
import { readTools } from './upstream-tools.ts';

/** What a document holds where it does not say otherwise. */
const BESIDE = objectOf([
  ['version', '1'],
  ['default', 'deny'],
]);

/** Reads a document, or a part of one, written as YAML or JSON. */
function policyOf(yaml: string): Json {
  const source = readYamlSource(yaml);
  if (source.kind === 'fault') throw new Error(`${source.reason} at ${source.at}`);
  return source.value;
}

/** All that the checker says of a document that loads; version and default may be left out. */
export function warned(
  yaml: string,
  tools?: readonly KnownTool[],
  kind: 'policy' | 'baseline' = 'policy',
): readonly Warning[] {
  const written = policyOf(yaml);
  const document = withKeys(BESIDE, isObject(written) ? written : {});
  const compiled = compilePolicy(document, kind, PARSERS);
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  return warningsOf(document, compiled.policy, tools);
}

/** The same in short: `/pointer code`. */
export function told(yaml: string, tools?: readonly KnownTool[], kind?: 'policy' | 'baseline'): readonly string[] {
  return warned(yaml, tools, kind).map(({ pointer, code }) => `${pointer} ${code}`);
}

/** Tools as a server lists them, with classes by name. */
export function toolsFrom(list: Json, classes: Readonly<Record<string, RiskClass>> = {}): readonly KnownTool[] {
  const tools = isObject(list) ? list['tools'] : list;
  return toolsOf(isArray(tools) ? tools : []).map((tool) => ({ ...tool, class: classes[tool.name] ?? 'unknown' }));
}

/** The tools of a real server, as they lie beside this file. */
export function realTools(
  server: 'mitmproxy' | 'flowforge',
  classes?: Readonly<Record<string, RiskClass>>,
): readonly KnownTool[] {
  return toolsFrom(JSON.parse(JSON.stringify(readTools(`${server}.tools.json`).tools)), classes);
}
