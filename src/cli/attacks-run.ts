import type { Attack } from '../catalogue/attack.ts';
import { type AttackRun, showsDifference } from '../catalogue/attack-run.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { loadAttacks } from '../settings/load-attacks.ts';
import { attackLines } from './attack-text.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { ATTACKS_RUN_HELP } from './usage-attacks.ts';

export const attacksRun: Command = {
  name: 'attacks run',
  options: { json: 'flag' },
  help: ATTACKS_RUN_HELP,
  async run(options, world) {
    const attacks = new Map(chosen(options, loadAttacks()).map((attack) => [attack.name, attack]));
    const isJson = options.flags.has('json');
    const shown: object[] = [];
    let differences = 0;
    for await (const run of world.carryOut([...attacks.values()])) {
      const attack = attacks.get(run.name);
      if (attack === undefined) continue;
      if (showsDifference(run, attack.stops.by)) differences += 1;
      if (isJson) shown.push(runJson(attack, run));
      else world.stdout.write(`${attackLines(attack, run).join('\n')}\n\n`);
    }
    if (isJson) world.stdout.write(prettyJson({ attacks: shown }));
    else world.stdout.write(`${sumText(differences, attacks.size)}\n`);
    return differences === attacks.size ? GOOD : NO;
  },
};

/** Those that were named, else all, each once. */
function chosen(options: Options, attacks: readonly Attack[]): readonly Attack[] {
  const words = [...options.words, ...(options.rest ?? [])];
  const names = attacks.map(({ name }) => name);
  for (const word of words) {
    if (names.includes(word)) continue;
    const remedy = didYouMean(word, names) || '; toolgate attacks list tells them all';
    throw new UsageFault(`there is no attack ${quoted(word)}${remedy}`);
  }
  return words.length === 0 ? attacks : attacks.filter(({ name }) => words.includes(name));
}

function runJson({ name, title, severity, stops }: Attack, run: AttackRun): object {
  const difference = showsDifference(run, stops.by);
  return { name, title, severity, difference, by: stops.by, without: run.without, with: run.with };
}

function sumText(differences: number, all: number): string {
  const attacks = `${all} attack${all === 1 ? '' : 's'}`;
  if (differences === all) return `${attacks} carried out: each succeeds without what stops it, and fails with it.`;
  return `${attacks} carried out: ${all - differences} did not show the difference, see "but" above.`;
}
