import type { JsonObject } from '../../wire/json.ts';

/** Why a rule of a suggestion stands there. */
export interface Evidence {
  /** JSON Pointer into the policy. */
  readonly pointer: string;
  /** One line. May hold what agents wrote. */
  readonly says: string;
  readonly calls: number;
  /** Of these calls; milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Ids of records. */
  readonly examples: readonly string[];
}

/** Something that was seen and for which no rule stands. */
export interface LeftOut {
  /** The tool, resource or prompt; with the argument, where it is one. */
  readonly what: string;
  readonly why: string;
}

export interface Suggestion {
  /** It compiles, the checker has nothing to say of it, and each of the calls passes under it. */
  readonly policy: JsonObject;
  readonly evidence: readonly Evidence[];
  readonly leftOut: readonly LeftOut[];
  readonly calls: number;
  readonly grants: number;
  /** Milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
}
