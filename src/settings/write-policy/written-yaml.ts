import { isMap, isScalar, isSeq, type Node, parseDocument, Scalar, stringify } from 'yaml';
import type { Json } from '../../wire/json.ts';
import { columnOf, type Written, type WrittenMember } from './written.ts';

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
      : elementsOf(
          text,
          node.items.map((item) => writtenNode(text, item)),
          node.flow === true ? undefined : columnOf(text, start),
        );
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

/** Elements of a block begin with their dash; all dashes stand in one column. */
function elementsOf(text: string, values: readonly Written[], dashes: number | undefined): readonly WrittenMember[] {
  return values.map((value) => {
    let start = value.start;
    if (dashes === undefined) return { key: undefined, start, value };
    do start = text.lastIndexOf('-', start - 1);
    while (start > 0 && columnOf(text, start) !== dashes);
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

/** The lines of a value in YAML without brackets; what readers of YAML 1.1 take for a date or a truth value is quoted. */
export function blockLines(value: Json, indent: number): readonly string[] {
  const options = { indent, lineWidth: 0, aliasDuplicateObjects: false, version: '1.2', compat: 'yaml-1.1' } as const;
  return stringify(value, options).trimEnd().split('\n');
}
