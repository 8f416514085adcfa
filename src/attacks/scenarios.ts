import type { Scenario } from './scenario.ts';

/** Scenarios by the names of their attacks; one is loaded when it is asked for, since each of its servers is a process. */
const SCENARIOS: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  'path-escape-through-ids': () => import('./scenarios/path-escape-through-ids.ts'),
  'rug-pull': () => import('./scenarios/rug-pull.ts'),
  'runaway-loop': () => import('./scenarios/runaway-loop.ts'),
};

export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

export async function scenarioOf(name: string): Promise<Scenario> {
  const load = SCENARIOS[name];
  if (load === undefined) throw new Error(`there is no scenario for ${name} in src/attacks`);
  return (await load()).scenario;
}
