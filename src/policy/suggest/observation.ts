import type { CallKind } from '../../wire/call.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { KnownTool } from '../check/warning.ts';
import type { RiskClass } from '../decision.ts';

/** A call that passed, as far as the log kept it. */
export interface Observation {
  /** Of its record. */
  readonly id: string;
  readonly server: string;
  readonly grant: string;
  readonly owner: string;
  readonly session: string;
  readonly kind: CallKind;
  readonly method: string;
  readonly name: string;
  readonly class: RiskClass;
  /** Wall time, milliseconds since the epoch. */
  readonly at: number;
  /** By which limits count; milliseconds. */
  readonly tick: number;
  /** With anything of the type in the place of what is hidden. */
  readonly args: JsonObject;
  /**
   * Places in the arguments (JSON Pointers; empty for all of them) whose values were not kept, with the type where that was: `string`,
   * `number` …
   */
  readonly hidden: ReadonlyMap<string, string | undefined>;
  /** It counts: it is not a later round of a call that did, and reached its server. */
  readonly isCounted: boolean;
  /** A person approved of it. */
  readonly isApproved: boolean;
  /** Rules in shadow would have refused it, or asked for it. */
  readonly isShadowed: boolean;
}

/** What a suggestion is made from. */
export interface Watched {
  /** Of one server, in any order. */
  readonly observations: readonly Observation[];
  /** Accepted definitions by name, as far as they are known. */
  readonly tools: ReadonlyMap<string, KnownTool>;
}
