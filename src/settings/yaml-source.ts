import { type Document, parseDocument } from 'yaml';
import type { Source } from './source.ts';
import { yamlFault } from './yaml-fault.ts';
import { readNode, Unreadable } from './yaml-values.ts';

/**
 * Reads one YAML 1.2 document that says nothing JSON could not say: string keys, each once; no tags, no merge keys, no
 * `.inf`; aliases stand for what they name, as long as the whole stays within the limits of a document.
 */
export function readYamlSource(text: string): Source {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    merge: false,
    stringKeys: true,
    // Quadratic in the parser; the walk below checks it in linear time.
    uniqueKeys: false,
    prettyErrors: false,
  });
  const fault = firstFault(document, text);
  if (fault !== undefined) return fault;
  try {
    const { value, place, numbers } = readNode(document.contents);
    const [first] = numbers.values();
    if (first === undefined) return { kind: 'value', value, places: () => place };
    const reasons = new Map([...numbers].map(([pointer, { reason }]) => [pointer, reason]));
    return { kind: 'fault', ...first, guess: { value, numbers: reasons, places: () => place } };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'fault', at: error.at, reason: error.message };
    throw error;
  }
}

function firstFault(document: Document.Parsed, text: string): Source | undefined {
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) return { kind: 'fault', at: first.pos[0], reason: yamlFault(first, text) };
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== '1.2')
    return { kind: 'fault', at: 0, reason: `YAML ${version} is not read; write YAML 1.2` };
  return undefined;
}
