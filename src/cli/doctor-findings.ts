import { problemLine } from '../settings/problem.ts';
import { exportFindings } from './doctor-exports.ts';
import { fileFindings } from './doctor-files.ts';
import { type Finding, finding, type Level, named } from './doctor-finding.ts';
import { machineFindings } from './doctor-machine.ts';
import { peopleFindings } from './doctor-people.ts';
import { reachFindings } from './doctor-reach.ts';
import { secretFindings } from './doctor-secrets.ts';
import type { Surroundings } from './doctor-surroundings.ts';

const ORDER: readonly Level[] = ['problem', 'warning', 'note', 'ok'];

/** What of an installation should be otherwise, the worst first. Pure. */
export function findingsOf(surroundings: Surroundings): readonly Finding[] {
  const found = [
    ...configurationFindings(surroundings),
    ...fileFindings(surroundings),
    ...machineFindings(surroundings),
  ];
  return found.toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
}

function configurationFindings({ configuration, store }: Surroundings): readonly Finding[] {
  const { file } = configuration;
  switch (configuration.kind) {
    case 'none':
      return [
        finding(
          'note',
          `There is no configuration ${file}.`,
          'name yours with --config; people who answer questions stand in it, also for toolgate wrap',
        ),
      ];
    case 'problems':
      return configuration.problems.map((problem) =>
        finding(
          'problem',
          `The configuration does not load: ${problemLine(problem)}`,
          `mend it; toolgate policy check ${file} tells more`,
        ),
      );
    case 'settings':
      return [
        finding('ok', `The configuration ${file} loads.`),
        ...unsetFindings(configuration.unset),
        ...peopleFindings(configuration, store),
        ...secretFindings(configuration),
        ...reachFindings(configuration.settings),
        ...exportFindings(store),
      ];
  }
}

function unsetFindings(unset: readonly string[]): readonly Finding[] {
  if (unset.length === 0) return [];
  return [
    finding(
      'note',
      `Variables that the configuration reads are not set in this shell: ${named(unset)}.`,
      'the gateway needs them in its own environment',
    ),
  ];
}
