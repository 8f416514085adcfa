import type { Json } from '../wire/json.ts';
import type { Scene, Test } from './scene.ts';
import type { Truth } from './truth.ts';

/** How a condition came to its answer; made only for those who ask why. */
export type Trace =
  | {
      readonly kind: 'comparison';
      readonly path: string;
      readonly op: string;
      readonly value: Json;
      /** `timezone`, `within` and `ignore_case`, where they stand beside it. */
      readonly beside: readonly (readonly [string, Json])[];
      /** Whether an odd number of `not` stands around it; they are part of `truth`. */
      readonly isNegated: boolean;
      /** The first values found at the path; none where it is absent. */
      readonly saw: readonly Json[];
      readonly truth: Truth;
    }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Trace[]; readonly truth: Truth };

/** A compiled condition: its answer, and the way to it. */
export interface Condition {
  readonly test: Test;
  readonly trace: (scene: Scene) => Trace;
  /** Steps of `Work` for one short value, all its tests together; 0 where none is costly. */
  readonly cost: number;
  /** As it is written. */
  readonly source: Json;
}
