import { resolve } from 'node:path';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import type { Finding, Level } from './doctor-finding.ts';
import { findingsOf } from './doctor-findings.ts';
import { GOOD, NO } from './exit-code.ts';
import { noWords } from './operands.ts';
import { prettyJson } from './pretty-json.ts';

const HELP = `Usage: toolgate doctor [OPTION...]

Looks at the configuration, the files, the people who answer questions, the store and its log, and says what should be
otherwise and how. It changes nothing. Run it on the account of the gateway.
Exit code 0: no problem (there may be warnings). 1: a problem.

  --config FILE        the configuration (default: toolgate.jsonc of the data folder)
  --data DIR           the data folder (default: $TOOLGATE_DATA, else the platform's own place)
  --json               {"findings": [{"level", "sentence", "remedy"}], "unpreventable": […], "remedy"}
`;

/** What is so on every account, whatever was found. */
const UNPREVENTABLE: readonly string[] = [
  'read what this account can read: the configuration and the secrets in it, the environment of the gateway, tokens in the configurations of clients',
  'edit the policies and the configuration, and stop the gateway or put another program in its place',
  'start the commands of servers, or call their URLs with credentials from the configuration, without the gateway',
  'write into the data folder, where a forged approval looks like a real one',
  'watch what a person types at a terminal of this account, a passphrase too',
];
const REMEDY =
  'Run agents on an account of their own or in a container, or the gateway on another host, and let them have nothing of it but its address and the token of their grant.';

export const doctor: Command = {
  name: 'doctor',
  options: { config: 'text', data: 'text', json: 'flag' },
  help: HELP,
  async run(options, world) {
    noWords(options);
    const config = options.texts.get('config');
    const surroundings = await world.lookAround({
      config: config === undefined ? undefined : resolve(world.cwd, config),
      data: dataFolder(options, world),
    });
    const findings = findingsOf(surroundings);
    if (options.flags.has('json'))
      world.stdout.write(prettyJson({ findings, unpreventable: UNPREVENTABLE, remedy: REMEDY }));
    else world.stdout.write(`${textLines(findings).join('\n')}\n`);
    return findings.some(({ level }) => level === 'problem') ? NO : GOOD;
  },
};

function textLines(findings: readonly Finding[]): readonly string[] {
  return [
    ...findings.flatMap(findingLines),
    '',
    countsText(findings),
    '',
    'What no gateway on this account can prevent: whoever has a shell on it, an agent too, can',
    ...UNPREVENTABLE.map((line) => `  - ${line}`),
    REMEDY,
  ];
}

function findingLines({ level, sentence, remedy }: Finding): readonly string[] {
  const head = `${level.padEnd(WIDTH)}${visible(sentence)}`;
  return remedy === undefined ? [head] : [head, `${' '.repeat(WIDTH)}→ ${visible(remedy)}`];
}

const WIDTH = 9;

function countsText(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
  return `${counted(count('problem'), 'problem')}, ${counted(count('warning'), 'warning')}, ${counted(count('note'), 'note')}.`;
}
