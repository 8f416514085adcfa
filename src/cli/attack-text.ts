import type { Attack } from '../catalogue/attack.ts';
import { type AttackRun, type AttackStep, type AttackTrial, showsDifference } from '../catalogue/attack-run.ts';
import { visible } from '../settings/visible.ts';

/** What carrying out an attack showed, for a terminal. */
export function attackLines(attack: Attack, run: AttackRun): readonly string[] {
  const { title, severity, name, stops, limits, case: seen } = attack;
  return [
    `${name}: ${title} (${severity})`,
    ...paragraph('works so', attack.how),
    ...paragraph('seen', `${SEEN[seen.seen]}: ${seen.what} ${seen.reference}`),
    ...trialLines('without', run.without),
    ...trialLines('with', run.with),
    ...(showsDifference(run, stops.by) ? [] : whyNot(run, stops.by)),
    ...paragraph('stops it', stops.says),
    ...paragraph('is left', limits),
  ].map(visible);
}

const SEEN: Readonly<Record<Attack['case']['seen'], string>> = {
  product: 'Against a product that people used',
  demonstration: 'In a demonstration',
  literature: 'In literature only',
};
const LABEL = 10;
const WIDTH = 118;

/** Sentences beside a label, broken between words. */
function paragraph(label: string, text: string): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '' || last.length + word.length < WIDTH - LABEL) lines[lines.length - 1] = `${last} ${word}`.trim();
    else lines.push(word);
  }
  return lines.map((line, at) => `  ${(at === 0 ? label : '').padEnd(LABEL)}${line}`);
}

function trialLines(side: string, trial: AttackTrial): readonly string[] {
  const { between, steps, record, harm, stoppedBy } = trial;
  const stopped = stoppedBy.length === 0 ? '' : `; stopped by ${stoppedBy.join(', ')}`;
  return [
    `  ${side}: ${between}`,
    ...gathered(steps.map(stepText)).map((line) => `    ${line}`),
    ...counted(record).map((line) => `    server    ${line}`),
    `    => ${harm === undefined ? `no harm was done${stopped}` : `HARM: ${harm}`}`,
  ];
}

function stepText({ who, does, answer }: AttackStep): string {
  const said = answer === undefined ? '' : ` -> ${answer.replaceAll('\n', ' | ')}`;
  return `${who.padEnd(8)}  ${does}${said}`;
}

/** Lines that repeat stand once, with their number. */
function gathered(lines: readonly string[]): readonly string[] {
  const runs: { readonly line: string; times: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.line === line) last.times += 1;
    else runs.push({ line, times: 1 });
  }
  return runs.map(({ line, times }) => (times === 1 ? line : `${line} (${times} times)`));
}

/** Each line once, where it first stands, with how often it is there. */
function counted(lines: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times].map(([line, number]) => (number === 1 ? line : `${line} (${number} times)`));
}

function whyNot({ without, with: guarded }: AttackRun, by: string): readonly string[] {
  return [
    ...[...without.faults, ...guarded.faults].map((fault) => `  but: ${fault}`),
    ...(without.harm === undefined ? ['  but: the attack does not succeed even without what stops it'] : []),
    ...(guarded.harm === undefined ? [] : ['  but: the attack succeeds with what should stop it']),
    ...(guarded.stoppedBy.includes(by) ? [] : [`  but: it should have been stopped by ${by}`]),
  ];
}
