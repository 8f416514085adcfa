import type { Scenario } from './scenario.ts';

/** Scenarios by the names of their attacks; one is loaded when it is asked for, since each of its servers is a process. */
const SCENARIOS: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  'budget-refill': () => import('./scenarios/budget-refill.ts'),
  'command-injection-through-arguments': () => import('./scenarios/command-injection-through-arguments.ts'),
  'compromised-package': () => import('./scenarios/compromised-package.ts'),
  'confused-deputy': () => import('./scenarios/confused-deputy.ts'),
  'credentials-in-errors': () => import('./scenarios/credentials-in-errors.ts'),
  'definition-change-after-approval': () => import('./scenarios/definition-change-after-approval.ts'),
  'destructive-action-without-a-human': () => import('./scenarios/destructive-action-without-a-human.ts'),
  'exfiltration-by-chaining': () => import('./scenarios/exfiltration-by-chaining.ts'),
  'hidden-tool-leak': () => import('./scenarios/hidden-tool-leak.ts'),
  'indirect-prompt-injection': () => import('./scenarios/indirect-prompt-injection.ts'),
  'injection-through-results': () => import('./scenarios/injection-through-results.ts'),
  'parser-smuggling': () => import('./scenarios/parser-smuggling.ts'),
  'path-escape-through-ids': () => import('./scenarios/path-escape-through-ids.ts'),
  'path-traversal': () => import('./scenarios/path-traversal.ts'),
  'replayed-request-forgery': () => import('./scenarios/replayed-request-forgery.ts'),
  'rug-pull': () => import('./scenarios/rug-pull.ts'),
  'runaway-loop': () => import('./scenarios/runaway-loop.ts'),
  'self-approval': () => import('./scenarios/self-approval.ts'),
  'server-side-request-forgery': () => import('./scenarios/server-side-request-forgery.ts'),
  'sql-beyond-reading': () => import('./scenarios/sql-beyond-reading.ts'),
  'token-mis-redemption': () => import('./scenarios/token-mis-redemption.ts'),
  'tool-poisoning': () => import('./scenarios/tool-poisoning.ts'),
  'typosquatted-server': () => import('./scenarios/typosquatted-server.ts'),
  'widened-by-omission': () => import('./scenarios/widened-by-omission.ts'),
};

export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

export async function scenarioOf(name: string): Promise<Scenario> {
  const load = SCENARIOS[name];
  if (load === undefined) throw new Error(`there is no scenario for ${name} in src/attacks`);
  return (await load()).scenario;
}
