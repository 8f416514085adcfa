import type { LimitAfter } from '../../gateway/ports.ts';

/** Canonical JSON: keys in order, one line. */
export function limitsText(limits: readonly LimitAfter[]): string {
  if (limits.length === 0) return '[]';
  return JSON.stringify(limits.map(({ counter, max, scope, used }) => ({ counter, max, scope, used })));
}
