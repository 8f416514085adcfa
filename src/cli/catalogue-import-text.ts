import type { Proposal } from '../settings/registry/propose.ts';
import type { RegistryServer } from '../settings/registry/registry-server.ts';
import { visibleJson } from '../settings/visible.ts';
import { unseenWritten } from '../wire/unseen.ts';
import { shellWord } from './shown-name.ts';

/** What was read, and what is proposed. */
export interface Imported {
  readonly server: RegistryServer;
  readonly proposal: Proposal;
}

/** The proposal for people: what would run, word by word, and the entry. `file`: where that was written to. */
export function importedText({ server, proposal }: Imported, file: string | undefined): string {
  const { shown, identity, variables, warnings, knownServer } = proposal;
  const config = file === undefined ? undefined : shellWord(file);
  const lines = [
    ...identity.map(shownLine),
    ...(server.description === undefined
      ? []
      : [`It says of itself: ${shownLine(JSON.stringify(server.description))}`]),
    ...(server.repository === undefined ? [] : [`It says it comes from: ${shownLine(server.repository)}`]),
    knownServer === undefined
      ? 'The catalogue does not know it.'
      : `Of the catalogue: toolgate catalogue show ${shownLine(knownServer)}`,
    '',
    ...(shown.command === undefined
      ? ['It would be reached at:', `  ${shownLine(shown.url ?? '')}`]
      : [
          'It would be run like this, without a shell, one word a line:',
          ...shown.command.map((word) => `  ${shownWord(word)}`),
        ]),
    ...settingsLines(proposal),
    '',
    ...warnings.map((warning) => `Warning: ${shownLine(warning)}.`),
    ...(variables.length === 0 ? [] : [`To be set where the gateway starts: ${variables.join(', ')}.`]),
    ...(warnings.length + variables.length === 0 ? [] : ['']),
    'For the configuration (nothing was started):',
    '',
    fragmentText(proposal).trimEnd(),
    '',
    `Next, what its tools can do, and a policy${config === undefined ? '; FILE is the configuration that has the entry' : ''}:`,
    `  toolgate scan --config ${config ?? 'FILE'} --server ${proposal.name} --write ${proposal.name}.policy.jsonc`,
  ];
  return `${lines.join('\n')}\n`;
}

function settingsLines({ shown }: Proposal): readonly string[] {
  if (shown.settings.size === 0) return [];
  const head = shown.command === undefined ? 'with these headers:' : 'with these variables in its environment:';
  return [head, ...[...shown.settings].map(([name, value]) => `  ${shownLine(name)}: ${shownWord(value)}`)];
}

/** The configuration's part, with what it is as a comment: names, versions and digests hold nothing that could end one. */
export function fragmentText({ name, entry, identity }: Proposal): string {
  const json = JSON.stringify({ servers: { [name]: entry } }, undefined, 2);
  const about = identity.map((line) => `// ${shownLine(line)}`);
  return `${[...about, ...json.split('\n').map(visibleJson)].join('\n')}\n`;
}

export function importedJson({ server, proposal }: Imported): object {
  const { name, entry, identity, variables, warnings, knownServer } = proposal;
  return {
    name,
    server: server.name,
    version: server.version,
    description: server.description,
    identity,
    known: knownServer,
    entry,
    variables,
    warnings,
  };
}

function shownLine(text: string): string {
  return unseenWritten(text);
}

/** A word that is empty, or begins or ends with a blank, is told as one. */
function shownWord(word: string): string {
  const shown = unseenWritten(word);
  return word === '' || word !== word.trim() ? JSON.stringify(shown) : shown;
}
