import { isArray, isObject, type Json } from '../../wire/json.ts';
import { below } from '../problem.ts';
import { addCheck, satisfies } from './schema.ts';
import { keywordOf, refuse, type Spot, schemaAt } from './spot.ts';

/** `$ref`, within the same document only. */
export function addReference(spot: Spot): void {
  const reference = keywordOf(spot, '$ref');
  if (reference === undefined) return;
  if (typeof reference !== 'string') return refuse(spot, '$ref', 'must be a string');
  if (spot.draft.anchors.hasInnerId)
    refuse(spot, '$ref', 'cannot be resolved: a schema inside has an address (id) of its own; remove it');
  const fragment = fragmentOf(spot, reference);
  const found = fragment.startsWith('/') || fragment === '' ? atPointer(spot, fragment) : atAnchor(spot, fragment);
  if (found === undefined) return refuse(spot, '$ref', 'refers to nothing in this schema');
  const schema = schemaAt(spot.draft, found, fragment.startsWith('/') ? fragment : below('', `#${fragment}`));
  addCheck(spot.into, (value, run) => satisfies(schema, value, run));
}

function fragmentOf(spot: Spot, reference: string): string {
  const { id } = spot.draft.anchors;
  const local = id !== '' && reference.startsWith(id) ? reference.slice(id.length) : reference;
  if (local !== '' && !local.startsWith('#')) refuse(spot, '$ref', 'must stay in this schema: write #, #/… or #anchor');
  try {
    return decodeURIComponent(local.slice(1));
  } catch {
    return refuse(spot, '$ref', 'is not percent-encoded as a URI is');
  }
}

function atAnchor(spot: Spot, name: string): Json | undefined {
  const found = spot.draft.anchors.named.get(name);
  return found === 'twice' ? refuse(spot, '$ref', 'refers to an anchor that stands twice') : found;
}

function atPointer(spot: Spot, pointer: string): Json | undefined {
  let at: Json | undefined = spot.draft.root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isArray(at)) at = /^(?:0|[1-9]\d{0,8})$/.test(key) ? at[Number(key)] : undefined;
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}
