import type { Trace } from './trace.ts';
import { FALSE, TRUE } from './truth.ts';

export type Comparison = Extract<Trace, { kind: 'comparison' }>;

/** The fewest comparisons that would have to come out otherwise for the whole to hold. */
export function missingFor(trace: Trace): readonly Comparison[] {
  if (trace.truth === TRUE) return [];
  switch (trace.kind) {
    case 'comparison':
      return [trace];
    case 'all':
      return trace.parts.flatMap(missingFor);
    case 'any':
      return fewest(trace.parts.map(missingFor));
  }
}

/** The fewest comparisons that would have to come out otherwise for the whole not to hold. */
export function causesOf(trace: Trace): readonly Comparison[] {
  if (trace.truth === FALSE) return [];
  switch (trace.kind) {
    case 'comparison':
      return [trace];
    case 'any':
      return trace.parts.flatMap(causesOf);
    case 'all':
      return fewest(trace.parts.map(causesOf));
  }
}

function fewest(sets: readonly (readonly Comparison[])[]): readonly Comparison[] {
  return sets.reduce((least, one) => (one.length < least.length ? one : least), sets[0] ?? []);
}
