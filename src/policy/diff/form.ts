import { isArray } from '../../wire/json.ts';
import { isRanging, type Leaf, leafText, listOf, shown } from './leaf.ts';

/** A condition in one shape for all that mean the same by the rules of `not`, `all`, `any` and of lists. */
export type Form =
  | { readonly kind: 'leaf'; readonly leaf: Leaf; readonly text: string }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Form[]; readonly text: string };

/** Holds for every call. */
export const ALWAYS: Form = Object.freeze({ kind: 'all', parts: Object.freeze([]), text: 'all()' });

export function leafForm(leaf: Leaf): Form {
  return { kind: 'leaf', leaf, text: leaf.text };
}

/** All of them, or any of them: nested groups of one kind are one, doubles count once, order has no meaning. */
export function groupOf(kind: 'all' | 'any', forms: readonly Form[]): Form {
  const parts = new Map<string, Form>();
  for (const form of forms) {
    for (const part of form.kind === kind ? form.parts : [form]) parts.set(part.text, part);
  }
  const sorted = withListsJoined(kind, [...parts.values()]).sort((a, b) => (a.text < b.text ? -1 : 1));
  const [only] = sorted;
  if (only !== undefined && sorted.length === 1) return only;
  return { kind, parts: sorted, text: `${kind}(${sorted.map(({ text }) => text).join(',')})` };
}

/** `a eq 1 or a eq 2` is `a in [1, 2]`; not so where each comparison ranges over elements by itself. */
function withListsJoined(kind: 'all' | 'any', parts: readonly Form[]): Form[] {
  const lists = new Map<string, [Leaf, ...Leaf[]]>();
  const rest: Form[] = [];
  for (const part of parts) {
    if (part.kind !== 'leaf' || !isJoinable(kind, part.leaf)) {
      rest.push(part);
      continue;
    }
    const { leaf } = part;
    const key = `${leaf.op} ${leaf.placeText}`;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [leaf]);
    else list.push(leaf);
  }
  return [...rest, ...[...lists.values()].map(joined)];
}

function isJoinable(kind: 'all' | 'any', leaf: Leaf): boolean {
  const wanted = (kind === 'any') === (leaf.sign === 'plain') ? 'in' : 'not_in';
  return leaf.op === wanted && !isRanging(leaf);
}

function joined(leaves: readonly [Leaf, ...Leaf[]]): Form {
  const [first] = leaves;
  if (leaves.length === 1) return leafForm(first);
  const value = listOf(leaves.flatMap((leaf) => (isArray(leaf.value) ? leaf.value : [])));
  const words = [first.path, first.op, shown(value), ...first.beside].join(' ');
  const leaf = { ...first, value, verb: first.op, words: first.sign === 'negated' ? `not (${words})` : words };
  return leafForm({ ...leaf, text: leafText(leaf) });
}

/** The comparisons of a form. */
export function leavesOf(form: Form): readonly Leaf[] {
  return form.kind === 'leaf' ? [form.leaf] : form.parts.flatMap(leavesOf);
}
