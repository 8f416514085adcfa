import type { Call } from '../wire/call.ts';
import type { Facts, Subject, Target } from './decision.ts';
import type { Truth } from './truth.ts';
import type { Work } from './work.ts';

/** All that a condition may look at. */
export interface Scene {
  readonly subject: Subject;
  readonly call: Call;
  readonly target: Target;
  readonly facts: Facts;
  readonly work: Work;
}

/** A compiled condition. Pure, and never throws. */
export type Test = (scene: Scene) => Truth;
