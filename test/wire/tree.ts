/** JSON as a text that is still to be written: keys and scalars as they will stand there, so that a text can say what no value can. */
export type Tree =
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'array'; readonly elements: readonly Tree[] }
  | { readonly kind: 'raw'; readonly text: string };

export interface Member {
  /** With its quotes. */
  readonly key: string;
  readonly value: Tree;
}

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'array', elements: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return raw(JSON.stringify(value));
  return object(Object.entries(value).map(([key, member]) => ({ key: JSON.stringify(key), value: treeOf(member) })));
}

export function raw(text: string): Tree {
  return { kind: 'raw', text };
}

export function object(members: readonly Member[]): Tree {
  return { kind: 'object', members };
}

/** `blank` gives what stands between two tokens. */
export function textOf(tree: Tree, blank: () => string): string {
  switch (tree.kind) {
    case 'raw':
      return tree.text;
    case 'array':
      return `[${blank()}${tree.elements.map((one) => textOf(one, blank)).join(`${blank()},${blank()}`)}${blank()}]`;
    case 'object':
      return `{${blank()}${tree.members
        .map(({ key, value }) => `${key}${blank()}:${blank()}${textOf(value, blank)}`)
        .join(`${blank()},${blank()}`)}${blank()}}`;
  }
}
