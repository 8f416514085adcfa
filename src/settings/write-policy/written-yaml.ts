import { isMap, isScalar, isSeq, type Node, parseDocument, Scalar } from 'yaml';
import type { Written, WrittenMember } from './written.ts';

/** Where the values stand in a text of YAML. */
export function writtenYaml(text: string): Written | undefined {
  const { contents } = parseDocument(text, { version: '1.2', schema: 'core', merge: false, stringKeys: true });
  return contents === null ? undefined : writtenNode(text, contents);
}

function writtenNode(text: string, node: unknown): Written {
  if (isMap(node) || isSeq(node)) {
    const [start, end] = rangeOf(node);
    const members = isMap(node)
      ? node.items.map(({ key, value }): WrittenMember => {
          const written = writtenNode(text, value);
          return { key: isScalar(key) ? String(key.value) : undefined, start: rangeOf(key)[0], value: written };
        })
      : elementsOf(text, node.items.map((item) => writtenNode(text, item)), node.flow === true);
    if (node.flow === true) return { start, end, style: 'flow', members };
    // What the parser counts to a block goes on over comments and blank lines behind it.
    const last = members.at(-1);
    return { start, end: last === undefined ? end : last.value.end, style: 'block', members };
  }
  const [start, end] = rangeOf(node);
  if (!isScalar(node) || end === start) return { start, end, style: 'elsewhere', members: [] };
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  const shown = isBlock ? start + text.slice(start, end).trimEnd().length : end;
  return { start, end: shown, style: 'plain', members: [] };
}

/** Elements of a block begin with their dash. */
function elementsOf(text: string, values: readonly Written[], isFlow: boolean): readonly WrittenMember[] {
  return values.map((value) => {
    const start = isFlow ? value.start : text.lastIndexOf('-', value.start - 1);
    return { key: undefined, start, value };
  });
}

function rangeOf(node: unknown): readonly [number, number] {
  const [start = 0, end = start] = (isNode(node) ? node.range : undefined) ?? [];
  return [start, end];
}

function isNode(node: unknown): node is Node {
  return typeof node === 'object' && node !== null && 'range' in node;
}
