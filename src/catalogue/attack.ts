import type { RiskClass } from '../policy/decision.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Severity, SignalKind } from './classification.ts';

/** A way in which tools are abused, and what stops it. Each has a scenario of the same name in `src/attacks`, which proves both. */
export interface Attack {
  /** That of its file: `rug-pull`. */
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  /** How it works, in plain words; whole sentences. */
  readonly how: string;
  readonly case: AttackCase;
  readonly abuses: Abuses;
  readonly stops: AttackStop;
  /** What no policy can stop of it; whole sentences. */
  readonly limits: string;
  /** What to do beside the policy; whole sentences. */
  readonly besides: readonly string[];
}

/** Where it was seen. */
interface AttackCase {
  readonly what: string;
  /** A CVE, an advisory, an issue, or the name of a write-up. */
  readonly reference: string;
  readonly url: string;
  /** `product`: against a product that people used; `demonstration`: shown by its authors on a set-up of their own; `literature`: described only. */
  readonly seen: 'product' | 'demonstration' | 'literature';
}

/** For which tools it is told: those that are named, and those of these classes that have one of these signals. Nothing of all three: it needs no particular tool. */
interface Abuses {
  readonly classes: readonly RiskClass[];
  /** None: the class is enough. */
  readonly signals: readonly SignalKind[];
  /** Tools that are known to be good for it, as `SERVER/TOOL` of the catalogue. */
  readonly tools: readonly string[];
}

interface AttackStop {
  /** What is done about it; whole sentences. */
  readonly says: string;
  /** The policy under which the scenario fails; undefined where the configuration alone does it. */
  readonly policy: JsonObject | undefined;
  /** Keys of `servers.NAME` of the configuration under which it fails; undefined where the policy alone does it. */
  readonly server: JsonObject | undefined;
  /** What the refusal names: a rule of that policy, `(pin)`, an error of the protocol, or in words what else stood in the way. */
  readonly by: string;
}
