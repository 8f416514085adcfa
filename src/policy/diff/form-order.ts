import type { Form } from './form.ts';
import { leafAtMost } from './leaf-order.ts';

/** Comparisons of parts; beyond them two forms count as not comparable. */
const MAX_STEPS = 20_000;

interface Work {
  left: number;
}

/**
 * Whether the first is never truer than the second, whatever the call: where it matches, so does the second. `false` also
 * stands for what is not known.
 */
export function isFormAtMost(a: Form, b: Form): boolean {
  return atMost(a, b, { left: MAX_STEPS });
}

function atMost(a: Form, b: Form, work: Work): boolean {
  work.left--;
  if (work.left < 0) return false;
  if (a.text === b.text) return true;
  if (a.kind === 'any') return a.parts.every((part) => atMost(part, b, work));
  if (b.kind === 'all') return b.parts.every((part) => atMost(a, part, work));
  if (a.kind === 'leaf' && b.kind === 'leaf') return leafAtMost(a.leaf, b.leaf);
  return (
    (b.kind === 'any' && b.parts.some((part) => atMost(a, part, work))) ||
    (a.kind === 'all' && a.parts.some((part) => atMost(part, b, work)))
  );
}
