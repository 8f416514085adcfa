/** What carrying out an attack showed, once without and once with what stops it. */
export interface AttackRun {
  readonly name: string;
  readonly without: AttackTrial;
  readonly with: AttackTrial;
}

export interface AttackTrial {
  /** What stands between agent and server: `the gate, default: allow, pins off`. */
  readonly between: string;
  /** What the agent, the attacker and people did, in order, and what came back. */
  readonly steps: readonly AttackStep[];
  /** What reached the server and what it did, from its own record. */
  readonly record: readonly string[];
  /** The harm that was done, in words; undefined when there was none. */
  readonly harm: string | undefined;
  /** What refused, masked or held, in the order in which it was met. */
  readonly stoppedBy: readonly string[];
  /** What else should have worked and did not; nothing, if the attack was carried out as it is meant. */
  readonly faults: readonly string[];
}

export interface AttackStep {
  readonly who: 'agent' | 'attacker' | 'person';
  readonly does: string;
  /** What came back, cut where it is long; undefined where nothing does. */
  readonly answer: string | undefined;
}

/** Whether the attack succeeds without what stops it, and fails with it, by the very rule that is said to stop it. */
export function showsDifference(run: AttackRun, by: string): boolean {
  const { without, with: guarded } = run;
  if (without.faults.length + guarded.faults.length > 0) return false;
  return without.harm !== undefined && guarded.harm === undefined && guarded.stoppedBy.includes(by);
}
