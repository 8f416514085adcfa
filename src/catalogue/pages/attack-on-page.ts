import type { RiskClass } from '../../policy/decision.ts';
import type { SignalKind } from '../classification.ts';

/** Of an attack pattern what the pages tell, and of which tools. */
export interface AttackOnPage {
  readonly name: string;
  readonly title: string;
  /** How it works; whole sentences. */
  readonly how: string;
  readonly abuses: {
    readonly classes: readonly RiskClass[];
    readonly signals: readonly SignalKind[];
    /** `SERVER/TOOL`. */
    readonly tools: readonly string[];
  };
}

interface Target {
  readonly server: string;
  readonly tool: string;
  readonly class: RiskClass;
  readonly signals: ReadonlySet<SignalKind>;
}

/** The attacks of which a tool's page tells, the most particular first: those that name it, that need one of its signals, that need its class. */
export function attacksOn(attacks: readonly AttackOnPage[], target: Target): readonly AttackOnPage[] {
  const ranked = attacks.map((attack) => ({ attack, closeness: closenessOf(attack, target) }));
  return ranked
    .filter(({ closeness }) => closeness > 0)
    .toSorted((a, b) => b.closeness - a.closeness)
    .map(({ attack }) => attack);
}

function closenessOf({ abuses }: AttackOnPage, { server, tool, class: riskClass, signals }: Target): number {
  if (abuses.tools.includes(`${server}/${tool}`)) return 3;
  // What needs an argument of a kind does not get by with the class.
  if (abuses.signals.length > 0) return abuses.signals.some((signal) => signals.has(signal)) ? 2 : 0;
  return abuses.classes.includes(riskClass) ? 1 : 0;
}
