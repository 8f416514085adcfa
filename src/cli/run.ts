import { StoreFault } from '../gateway/ports.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD, NO, USAGE } from './exit-code.ts';
import { readOptions, UsageFault } from './options.ts';
import { TOOLGATE_HELP } from './usage.ts';
import { packageVersion } from './version.ts';
import { DeskFault, type World } from './world.ts';

/** A command by its name; what it needs is loaded when it is asked for, so that `wrap` starts fast. */
interface Listed {
  readonly name: string;
  load(): Promise<Command>;
}

const COMMANDS: readonly Listed[] = [
  { name: 'serve', load: async () => (await import('./serve-command.ts')).serveCommand },
  { name: 'wrap', load: async () => (await import('./wrap-command.ts')).wrapCommand },
  { name: 'scan', load: async () => (await import('./scan.ts')).scan },
  { name: 'policy check', load: async () => (await import('./policy-check.ts')).policyCheck },
  { name: 'policy explain', load: async () => (await import('./policy-explain.ts')).policyExplain },
  { name: 'policy test', load: async () => (await import('./policy-test.ts')).policyTest },
  { name: 'policy diff', load: async () => (await import('./policy-diff.ts')).policyDiff },
  { name: 'policy backtest', load: async () => (await import('./policy-backtest.ts')).policyBacktest },
  { name: 'policy convert', load: async () => (await import('./policy-convert.ts')).policyConvert },
  { name: 'policy suggest', load: async () => (await import('./policy-suggest.ts')).policySuggest },
  { name: 'tools list', load: async () => (await import('./tools-list.ts')).toolsList },
  { name: 'tools diff', load: async () => (await import('./tools-diff.ts')).toolsDiff },
  { name: 'tools accept', load: async () => (await import('./tools-accept.ts')).toolsAccept },
  { name: 'people passphrase', load: async () => (await import('./people-passphrase.ts')).peoplePassphrase },
  { name: 'approvals list', load: async () => (await import('./approvals-list.ts')).approvalsList },
  { name: 'approvals show', load: async () => (await import('./approvals-show.ts')).approvalsShow },
  { name: 'approvals approve', load: async () => (await import('./approvals-approve.ts')).approvalsApprove },
  { name: 'approvals deny', load: async () => (await import('./approvals-deny.ts')).approvalsDeny },
  { name: 'approvals always', load: async () => (await import('./approvals-always.ts')).approvalsAlways },
  { name: 'approvals watch', load: async () => (await import('./approvals-watch.ts')).approvalsWatch },
  { name: 'audit list', load: async () => (await import('./audit-list.ts')).auditList },
  { name: 'audit show', load: async () => (await import('./audit-show.ts')).auditShow },
  { name: 'audit tail', load: async () => (await import('./audit-tail.ts')).auditTail },
  { name: 'audit verify', load: async () => (await import('./audit-verify.ts')).auditVerify },
  { name: 'audit head', load: async () => (await import('./audit-head.ts')).auditHead },
  { name: 'audit prove', load: async () => (await import('./audit-prove.ts')).auditProve },
  { name: 'audit prune', load: async () => (await import('./audit-prune.ts')).auditPrune },
  { name: 'audit rotate-key', load: async () => (await import('./audit-rotate-key.ts')).auditRotateKey },
  {
    name: 'audit rotate-values-key',
    load: async () => (await import('./audit-rotate-values-key.ts')).auditRotateValuesKey,
  },
  { name: 'audit erase', load: async () => (await import('./audit-erase.ts')).auditErase },
  { name: 'audit exports', load: async () => (await import('./audit-exports.ts')).auditExports },
  { name: 'catalogue search', load: async () => (await import('./catalogue-search.ts')).catalogueSearch },
  { name: 'catalogue show', load: async () => (await import('./catalogue-show.ts')).catalogueShow },
  { name: 'catalogue import', load: async () => (await import('./catalogue-import.ts')).catalogueImport },
  { name: 'catalogue list', load: async () => (await import('./catalogue-list.ts')).catalogueList },
  { name: 'attacks list', load: async () => (await import('./attacks-list.ts')).attacksList },
  { name: 'attacks run', load: async () => (await import('./attacks-run.ts')).attacksRun },
  { name: 'doctor', load: async () => (await import('./doctor.ts')).doctor },
];

/** Runs one command line (without node and script); the answer is the exit code. Rejects only for what nobody foresaw. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const [first] = argv;
  if (first === undefined) {
    world.stderr.write(TOOLGATE_HELP);
    return USAGE;
  }
  if (first === '--help' || first === '-h' || first === 'help') return print(world, TOOLGATE_HELP);
  if (first === '--version') return print(world, `${packageVersion()}\n`);
  const listed = COMMANDS.find(({ name }) => isBeginning(name.split(' '), argv));
  if (listed === undefined) return unknownCommand(argv, world);
  const command = await listed.load();
  const args = argv.slice(command.name.split(' ').length);
  if (asksForHelp(args)) return print(world, command.help);
  try {
    return await command.run(readOptions(args, command.options, command.short), world);
  } catch (fault) {
    return explain(fault, command, world);
  }
}

function print(world: World, text: string): number {
  world.stdout.write(text);
  return GOOD;
}

function isBeginning(words: readonly string[], argv: readonly string[]): boolean {
  return words.every((word, index) => argv[index] === word);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes('--help') || own.includes('-h');
}

async function unknownCommand(argv: readonly string[], world: World): Promise<number> {
  const [first = '', second = ''] = argv;
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (family.length > 0) {
    const names = family.map(({ name }) => name.slice(first.length + 1));
    if (second === '--help' || second === '-h') {
      const commands = await Promise.all(family.map(({ load }) => load()));
      return print(world, commands.map(({ help }) => help).join('\n'));
    }
    const said = second === '' ? 'a word is missing' : `unknown ${first} command ${quoted(second)}`;
    const remedy = didYouMean(second, names) || `; it is one of ${names.join(', ')}`;
    world.stderr.write(`toolgate ${first}: ${visible(said)}${remedy} (see toolgate --help)\n`);
    return USAGE;
  }
  const words = COMMANDS.map(({ name }) => name.split(' ')[0] ?? '');
  const kind = first.startsWith('-') ? 'option' : 'command';
  world.stderr.write(
    `toolgate: unknown ${kind} ${visible(quoted(first))}${didYouMean(first, words)} (see toolgate --help)\n`,
  );
  return USAGE;
}

function explain(fault: unknown, command: Command, world: World): number {
  if (fault instanceof UsageFault) {
    world.stderr.write(`toolgate ${command.name}: ${visible(fault.message)} (see toolgate ${command.name} --help)\n`);
    return USAGE;
  }
  if (fault instanceof StoreFault || fault instanceof DeskFault) {
    world.stderr.write(`toolgate ${command.name}: ${visible(fault.message)}\n`);
    return NO;
  }
  throw fault;
}
