// `npm run bench:catalogue [-- --wrong]`: how often the classifier says what a person said who read the tool; `--wrong` names each difference of the parts that were tuned on.
import { cpuUsage } from 'node:process';
import { parseArgs } from 'node:util';
import { CLASSIFIER, classify } from '../src/catalogue/classify.ts';
import { loadCatalogue } from '../src/settings/load-catalogue.ts';
import { type Agreement, agreementOn, CLASSES, VIEWS } from './catalogue-agreement.ts';
import { KEPT_ASIDE } from './catalogue-parts.ts';
import { agreementOnStrangers, type StrangersPart, wrongStrangers } from './catalogue-strangers.ts';
import { table } from './figures.ts';

const { values } = parseArgs({ options: { wrong: { type: 'boolean', default: false } } });
const catalogue = loadCatalogue();
console.log(`Version ${CLASSIFIER} of the classifier, without what the catalogue overrules.`);

for (const part of ['tuned on', 'kept aside'] as const) {
  const rows = VIEWS.map((view) => [view, agreementOn(part, catalogue, view)] as const);
  console.log(`\nThe part ${part}: ${rows[0]?.[1].tools} tools\n`);
  console.log(
    table([
      ['what is known of a tool', 'same class', 'same severity', 'dangerous, and called read'],
      ...rows.map(([view, all]) => [
        view,
        share(all.classes, all),
        share(all.severities, all),
        `${all.calledRead.length}`,
      ]),
    ]),
  );
  for (const [view, all] of rows) if (view === 'whole' || view === 'name and a line') printConfusion(view, all);
}
for (const part of ['tuned on', 'kept aside'] as const) printStrangers(part);
if (values.wrong) printWrong();
printTimes();

function share(count: number, { tools }: Agreement): string {
  return `${((100 * count) / tools).toFixed(1)} %`;
}

function printConfusion(view: string, { confusion }: Agreement): void {
  console.log(`\n  ${view} (rows: the label; columns: the classifier)\n`);
  console.log(confusionOf(confusion));
}

function confusionOf(confusion: Agreement['confusion']): string {
  const rows = [...confusion].map(([label, said]) => [label, ...CLASSES.map((column) => `${said.get(column) ?? 0}`)]);
  return table([['', ...CLASSES], ...rows]);
}

function printStrangers(part: StrangersPart): void {
  const all = agreementOnStrangers(part);
  console.log(
    `\nStrangers ${part}: ${all.tools} tools of ${all.servers} servers that are not in the catalogue, by name and a line\n\n` +
      `  same class ${((100 * all.classes) / all.tools).toFixed(1)} %; of ${all.dangerous} dangerous ones ${all.calledRead} called read\n`,
  );
  console.log(confusionOf(all.confusion));
}

/** Of the parts kept aside nothing is named. */
function printWrong(): void {
  for (const name of catalogue.names().filter((one) => !KEPT_ASIDE.has(one))) {
    for (const tool of catalogue.server(name)?.tools.values() ?? []) {
      const { class: said, evidence } = classify(tool.definition());
      if (said === tool.class) continue;
      const why = evidence.slice(0, 2).map((one) => `${one.from} "${one.quote}": ${one.says}`);
      console.log(`\n${name}/${tool.name}: ${tool.class} (${tool.reason})\n  classifier: ${said}; ${why.join('; ')}`);
    }
  }
  for (const line of wrongStrangers()) console.log(`\n${line}`);
}

function printTimes(): void {
  const tools = catalogue
    .names()
    .flatMap((name) => [...(catalogue.server(name)?.tools.values() ?? [])].map((tool) => tool.definition()));
  for (const tool of tools) classify(tool);
  const before = cpuUsage();
  for (const tool of tools) classify(tool);
  const { user, system } = cpuUsage(before);
  const ms = (user + system) / 1_000;
  console.log(
    `\nClassifying all ${tools.length} tools: ${ms.toFixed(0)} ms of CPU, ${((1_000 * ms) / tools.length).toFixed(0)} µs for each.`,
  );
}
