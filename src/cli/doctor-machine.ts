import { type Finding, finding } from './doctor-finding.ts';
import type { Surroundings } from './doctor-surroundings.ts';

const NODE = 24;
const MIB = 1024 * 1024;
const FULL = 100 * MIB;
const SCARCE = 1024 * MIB;
const GIB = 1024 * MIB;
const LARGE = 5 * GIB;

/** The program, the store and its log, the disk. */
export function machineFindings({ node, store, data, freeBytes, configuration }: Surroundings): readonly Finding[] {
  return [
    nodeFinding(node),
    ...storeFindings(store, data),
    ...sizeFindings(store, configuration),
    diskFinding(freeBytes, data),
  ];
}

function nodeFinding(version: string): Finding {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  if (major >= NODE) return finding('ok', `Node ${version} is new enough.`);
  return finding(
    'problem',
    `Node ${version} is too old: ${NODE} or newer is needed.`,
    'get it from https://nodejs.org',
  );
}

function storeFindings(store: Surroundings['store'], data: string): readonly Finding[] {
  switch (store.kind) {
    case 'none':
      return [
        finding('note', `No gateway has run with the data folder ${data} yet.`, 'name another with --data, if one has'),
      ];
    case 'fault':
      return [
        finding(
          'problem',
          `The store cannot be opened: ${store.reason}.`,
          'mend what it names, or restore the data folder from a backup',
        ),
      ];
    case 'open': {
      const opens = finding('ok', 'The store opens, and this version knows its schema.');
      const [first] = store.breaks;
      if (first !== undefined) {
        return [
          opens,
          finding(
            'problem',
            `The log was changed, or records of it are missing: ${first}.`,
            'toolgate audit verify tells all of it; compare with a backup',
          ),
        ];
      }
      const count = store.records.toLocaleString('en');
      const sentence = store.isAll
        ? `The chain of the log is whole: ${count} records.`
        : `The chain of the log is whole in the first ${count} records; toolgate audit verify looks at all of them.`;
      return [opens, finding('ok', sentence)];
    }
  }
}

/** A log that nobody bounds grows until the disk is full, and then every call is refused. */
function sizeFindings(store: Surroundings['store'], configuration: Surroundings['configuration']): readonly Finding[] {
  const isBounded = configuration.kind === 'settings' && configuration.settings.audit.keep !== undefined;
  if (store.kind !== 'open' || store.bytes < LARGE || isBounded) return [];
  return [
    finding(
      'note',
      `The store has ${Math.floor(store.bytes / GIB)} GiB, and nothing bounds it: no record is ever removed.`,
      'set audit.keep in the configuration, such as {"days": 90}; toolgate audit prune --dry-run tells what would go',
    ),
  ];
}

function diskFinding(bytes: number | undefined, data: string): Finding {
  if (bytes === undefined) return finding('note', 'How much space is free on the disk cannot be told here.');
  const free = `${Math.floor(bytes / MIB).toLocaleString('en')} MiB are free where the data folder is`;
  if (bytes < FULL) {
    return finding(
      'problem',
      `Only ${free}: when none are left, nothing can be recorded, and every call is refused.`,
      `make room on the disk of ${data}`,
    );
  }
  if (bytes < SCARCE) return finding('warning', `Only ${free}.`, `make room on the disk of ${data}`);
  return finding('ok', `${free}.`);
}
