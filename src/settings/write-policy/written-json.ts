import { type Node, parseTree } from 'jsonc-parser';
import type { Written } from './written.ts';

/** Where the values stand in a text of JSON with comments. */
export function writtenJson(text: string): Written | undefined {
  const root = parseTree(text);
  return root && writtenNode(root);
}

function writtenNode(node: Node): Written {
  const { offset: start, length, type, children = [] } = node;
  const end = start + length;
  switch (type) {
    case 'object':
      return { start, end, style: 'flow', members: children.flatMap(memberOf) };
    case 'array':
      return {
        start,
        end,
        style: 'flow',
        members: children.map((child) => ({ key: undefined, start: child.offset, value: writtenNode(child) })),
      };
    default:
      return { start, end, style: 'plain', members: [] };
  }
}

function memberOf({ children: [key, value] = [], offset }: Node): Written['members'] {
  if (key === undefined || value === undefined) return [];
  return [{ key: String(key.value), start: offset, value: writtenNode(value) }];
}
