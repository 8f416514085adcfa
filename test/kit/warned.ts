import type { KnownTool, Warning } from '../../src/policy/check/warnings.ts';
import { warningsOf } from '../../src/policy/check/warnings.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { RiskClass } from '../../src/policy/decision.ts';
import { toolsOf } from '../../src/settings/tools-file.ts';
import { readYamlSource } from '../../src/settings/yaml-source.ts';
import { isArray, isObject, type Json } from '../../src/wire/json.ts';
import { PARSERS } from '../laws/engine.ts';
import { readTools } from './upstream-tools.ts';

/** A document written as YAML, or as the rules of one tool that the server calls `tool`. */
export function policyOf(yaml: string): Json {
  const source = readYamlSource(yaml);
  if (source.kind === 'fault') throw new Error(`${source.reason} at ${source.at}`);
  return source.value;
}

/** All that the checker says of a document that loads. */
export function warned(
  yaml: string,
  tools?: readonly KnownTool[],
  kind: 'policy' | 'baseline' = 'policy',
): readonly Warning[] {
  const document = policyOf(yaml.startsWith('version') ? yaml : `version: "1"\ndefault: deny\n${yaml}`);
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
