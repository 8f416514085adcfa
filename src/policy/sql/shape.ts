/**
 * How the value of a field is judged: `plain` holds no nodes, `node` holds wrapped ones; the next are judged in a way of
 * their own; a word that begins with a capital is the type of the node that stands there unwrapped.
 */
export type Role =
  | 'plain'
  | 'node'
  | 'names'
  | 'operator'
  | 'type'
  | 'column'
  | 'steps'
  | 'sampling'
  | 'options'
  | 'read'
  | 'source'
  | Capitalize<string>;

/** The fields of one type of node with their roles. A field that is not here is not allowed. */
export type NodeShape = ReadonlyMap<string, Role>;

/** Field names, separated by spaces, by role. */
type Fields = { readonly [role in Role]?: string };

/** Makes the shape of one type of node; every node may tell its place in the text. */
export function shape(fields: Fields): NodeShape {
  const roles = new Map<string, Role>([['location', 'plain']]);
  for (const [role, names] of Object.entries(fields)) {
    for (const name of names?.split(' ') ?? []) roles.set(name, role as Role);
  }
  return roles;
}
