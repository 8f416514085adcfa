import type { Check, Results } from './suite.ts';

/** Checks of one scenario that only one of two runs has, as `id STATUS`. */
interface Difference {
  readonly direct: readonly string[];
  readonly gateway: readonly string[];
}

export type Differences = Readonly<Record<string, Difference>>;

/** Compares two runs scenario by scenario, check by check; a check that occurs more often on one side is a difference too. */
export function compare(direct: Results, gateway: Results): Differences {
  const scenarios = [...new Set([...direct.keys(), ...gateway.keys()])].sort();
  return Object.fromEntries(
    scenarios.flatMap((scenario) => {
      const here = linesOf(direct.get(scenario));
      const there = linesOf(gateway.get(scenario));
      const difference = { direct: without(here, there), gateway: without(there, here) };
      const isSame = difference.direct.length === 0 && difference.gateway.length === 0;
      return isSame ? [] : [[scenario, difference] as const];
    }),
  );
}

function linesOf(checks: readonly Check[] | undefined): readonly string[] {
  return checks === undefined ? ['(not run)'] : checks.map(({ id, status }) => `${id} ${status}`).sort();
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The differences in words, with what the suite says of each check. */
export function inWords(differences: Differences, direct: Results, gateway: Results): string {
  return Object.entries(differences)
    .flatMap(([scenario, difference]) => [
      scenario,
      ...difference.direct.map((line) => `  direct:  ${line}${why(direct, scenario, line)}`),
      ...difference.gateway.map((line) => `  gateway: ${line}${why(gateway, scenario, line)}`),
    ])
    .join('\n');
}

function why(results: Results, scenario: string, line: string): string {
  const checks = results.get(scenario) ?? [];
  const told = checks.find(({ id, status }) => `${id} ${status}` === line)?.told ?? '';
  return told === '' ? '' : ` - ${told}`;
}
