import type { Leaf } from './leaf.ts';

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
  const sorted = [...parts.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  const [only] = sorted;
  if (only !== undefined && sorted.length === 1) return only;
  return { kind, parts: sorted, text: `${kind}(${sorted.map(({ text }) => text).join(',')})` };
}

/** The comparisons of a form. */
export function leavesOf(form: Form): readonly Leaf[] {
  return form.kind === 'leaf' ? [form.leaf] : form.parts.flatMap(leavesOf);
}
