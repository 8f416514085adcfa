import type { PolicyDiff } from '../policy/diff/diff-policies.ts';
import { witnessJson } from '../policy/diff/witness-words.ts';

/** What changes, as plain JSON: one object for each name. */
export function diffJson({ differences, coverage }: PolicyDiff): object {
  return {
    complete: coverage === 'all',
    differences: differences.map(({ kind, name, label, class: riskClass, verdict, changes, witnesses }) => ({
      kind,
      name,
      label,
      class: kind === 'tool' ? riskClass : undefined,
      verdict,
      changes: changes.map(({ direction, words, before, after }) => ({
        direction: direction === 'unordered' ? 'changed' : direction,
        words,
        before,
        after,
      })),
      examples: witnesses.map(witnessJson),
    })),
  };
}
