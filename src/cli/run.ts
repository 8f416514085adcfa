import { StoreFault } from '../gateway/ports.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { auditList } from './audit-list.ts';
import { auditVerify } from './audit-verify.ts';
import type { Command } from './command.ts';
import { GOOD, NO, USAGE } from './exit-code.ts';
import { readOptions, UsageFault } from './options.ts';
import { policyCheck } from './policy-check.ts';
import { policyConvert } from './policy-convert.ts';
import { policyDiff } from './policy-diff.ts';
import { policyExplain } from './policy-explain.ts';
import { policyTest } from './policy-test.ts';
import { serveCommand } from './serve-command.ts';
import { TOOLGATE_HELP } from './usage.ts';
import { packageVersion } from './version.ts';
import type { World } from './world.ts';
import { wrapCommand } from './wrap-command.ts';

const COMMANDS: readonly Command[] = [
  serveCommand,
  wrapCommand,
  policyCheck,
  policyExplain,
  policyTest,
  policyDiff,
  policyConvert,
  auditList,
  auditVerify,
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
  const command = COMMANDS.find(({ name }) => isBeginning(name.split(' '), argv));
  if (command === undefined) return unknownCommand(argv, world);
  const args = argv.slice(command.name.split(' ').length);
  if (asksForHelp(args)) return print(world, command.help);
  try {
    return await command.run(readOptions(args, command.options), world);
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

function unknownCommand(argv: readonly string[], world: World): number {
  const [first = '', second = ''] = argv;
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (family.length > 0) {
    const names = family.map(({ name }) => name.slice(first.length + 1));
    if (second === '--help' || second === '-h') return print(world, family.map(({ help }) => help).join('\n'));
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
  if (fault instanceof StoreFault) {
    world.stderr.write(`toolgate ${command.name}: ${visible(fault.message)}\n`);
    return NO;
  }
  throw fault;
}
