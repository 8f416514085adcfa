import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { classify } from '../src/catalogue/classify.ts';
import type { RiskClass } from '../src/policy/decision.ts';
import { CLASSES, DANGEROUS } from './catalogue-agreement.ts';

export type StrangersPart = 'tuned on' | 'kept aside';

const FILES: { readonly [part in StrangersPart]: string } = {
  'tuned on': 'strangers-tune.tsv',
  'kept aside': 'strangers-held.tsv',
};

/** A tool of a server that is not in the catalogue: its name, a line of description, and the class that a person gave it. */
interface Stranger {
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly class: RiskClass;
}

export interface StrangersAgreement {
  readonly tools: number;
  readonly servers: number;
  readonly classes: number;
  /** How many are labelled execute, destructive or financial, and how many of those are called read. */
  readonly dangerous: number;
  readonly calledRead: number;
  /** From the label to what the classifier says, how often. */
  readonly confusion: ReadonlyMap<RiskClass, ReadonlyMap<RiskClass, number>>;
}

/** Figures only: of the part kept aside nobody is to see a name. */
export function agreementOnStrangers(part: StrangersPart): StrangersAgreement {
  const strangers = strangersOf(part);
  const confusion = new Map(CLASSES.map((label) => [label, new Map(CLASSES.map((said) => [said, 0]))]));
  let [classes, dangerous, calledRead] = [0, 0, 0];
  for (const { name, description, class: label } of strangers) {
    const said = classify({ name, description }).class;
    const row = confusion.get(label);
    row?.set(said, (row.get(said) ?? 0) + 1);
    if (said === label) classes += 1;
    if (!DANGEROUS.includes(label)) continue;
    dangerous += 1;
    if (said === 'read') calledRead += 1;
  }
  const servers = new Set(strangers.map(({ server }) => server)).size;
  return { tools: strangers.length, servers, classes, dangerous, calledRead, confusion };
}

/** Of the part that was tuned on: each tool that the classifier calls something else, with what that rests on. */
export function wrongStrangers(): readonly string[] {
  return strangersOf('tuned on').flatMap(({ server, name, description, class: label }) => {
    const { class: said, evidence } = classify({ name, description });
    if (said === label) return [];
    const why = evidence.slice(0, 2).map((one) => `${one.from} "${one.quote}": ${one.says}`);
    return [`${server}/${name}: ${label} (${description})\n  classifier: ${said}; ${why.join('; ')}`];
  });
}

function strangersOf(part: StrangersPart): readonly Stranger[] {
  const path = fileURLToPath(new URL(`catalogue/${FILES[part]}`, import.meta.url));
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [server = '', name = '', description = '', label = ''] = line.split('\t');
      const riskClass = CLASSES.find((one) => one === label);
      if (riskClass === undefined) throw new Error(`${FILES[part]}: "${label}" of ${server} is no class`);
      return { server, name, description, class: riskClass };
    });
}
