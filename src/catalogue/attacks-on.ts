import type { Attack } from './attack.ts';
import type { Classification } from './classification.ts';

/**
 * The attacks for which a tool is good: those that name it, and those that abuse tools of its class with a signal of its.
 * What is done with any tool whatever names no signals, and is not told of each.
 */
export function attacksOn(
  attacks: readonly Attack[],
  server: string,
  tool: string,
  { class: riskClass, signals }: Pick<Classification, 'class' | 'signals'>,
): readonly Attack[] {
  return attacks.filter(
    ({ abuses }) =>
      abuses.tools.includes(`${server}/${tool}`) ||
      (abuses.classes.includes(riskClass) && signals.some(({ kind }) => abuses.signals.includes(kind))),
  );
}
