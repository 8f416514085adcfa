import type { JsonObject } from '../../wire/json.ts';
import type { KnownServer, KnownTool } from '../known-server.ts';
import { type Block, code, type Line, link, type Page, type Section, textBlock } from './page.ts';
import { parameterRows } from './parameters.ts';
import { policyText, toolPolicy } from './policy-text.ts';
import { questionsOf } from './questions.ts';
import { mannerOf } from './rule-words.ts';
import { askedInstead, type Recommended, type Shelf, type ToldTool } from './shelf.ts';
import { SIGNAL_WORDS } from './signal-words.ts';

const MOST_EVIDENCE = 6;
const MOST_ATTACKS = 5;

/** The page of one tool. */
export function toolPage(shelf: Shelf, server: KnownServer, known: KnownTool): Page {
  const tool = shelf.tool(server, known);
  const recommended = shelf.recommended(tool);
  return {
    title: [code(known.name), ' · ', server.title],
    sections: [
      { heading: undefined, blocks: headOf(tool) },
      ...section('What the server says', quoteOf(known)),
      ...section('Why it is thought so', evidenceOf(tool)),
      ...section('What to watch', signalsOf(tool)),
      ...section('Parameters', parametersOf(known)),
      ...section('How it is abused', attacksOf(shelf, tool)),
      { heading: 'The policy', blocks: policyOf(shelf, tool, recommended) },
      { heading: 'Questions', blocks: questionsOf(tool, recommended) },
      ...section(`Others of this class`, othersOf(shelf, tool)),
    ],
  };
}

function section(heading: string, blocks: readonly Block[]): readonly Section[] {
  return blocks.length === 0 ? [] : [{ heading, blocks }];
}

function headOf({ server, judged }: ToldTool): readonly Block[] {
  const riskClass = link(judged.class, { kind: 'class', class: judged.class });
  return [
    textBlock('Class ', riskClass, `, severity ${judged.severity}. ${judged.reason}`),
    textBlock('A tool of ', link(server.title, { kind: 'server', server: server.name }), `, ${judgeOf(server)}.`),
  ];
}

function judgeOf({ checked }: KnownServer): string {
  return checked === 'hand' ? 'judged and given rules by hand' : 'judged by reading its definition';
}

function quoteOf(known: KnownTool): readonly Block[] {
  const { description } = known.definition();
  return typeof description === 'string' && description.trim() !== '' ? [{ kind: 'quote', text: description }] : [];
}

/** The catalogue's own sentence stands above already. */
function evidenceOf({ judged, classified }: ToldTool): readonly Block[] {
  const rows = judged.evidence
    .filter(({ from }) => from !== 'catalogue')
    .slice(0, MOST_EVIDENCE)
    .map(({ from, quote, says }): readonly Line[] => [[from], [code(quote)], [says]]);
  const differs = textBlock(
    `By its definition alone it would be taken for ${classified.class}; who read it says ${judged.class}.`,
  );
  return [
    ...(rows.length === 0
      ? []
      : [{ kind: 'table', head: ['where', 'what stands there', 'what it says'], rows } as const]),
    ...(classified.class === judged.class || classified.class === 'unknown' ? [] : [differs]),
  ];
}

function signalsOf({ judged, signals }: ToldTool): readonly Block[] {
  const items = [...signals].map((kind): Line => {
    const at = judged.signals.flatMap((signal) =>
      signal.kind === kind && signal.parameter !== undefined ? [code(signal.parameter)] : [],
    );
    const { says, care } = SIGNAL_WORDS[kind];
    const where =
      at.length === 0 ? [] : [' (', ...at.flatMap((name, index) => (index === 0 ? [name] : [', ', name])), ')'];
    return [`It ${says}`, ...where, `. ${care}`];
  });
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function parametersOf(known: KnownTool): readonly Block[] {
  const rows = parameterRows(known.definition());
  return rows.length === 0 ? [] : [{ kind: 'table', head: ['name', 'required', 'what it may be'], rows }];
}

function attacksOf(shelf: Shelf, tool: ToldTool): readonly Block[] {
  const items = shelf
    .attacksOn(tool)
    .slice(0, MOST_ATTACKS)
    .map((attack): Line => [`${attack.title}. ${attack.how} `, code(`toolgate attacks run ${attack.name}`)]);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function policyOf(shelf: Shelf, tool: ToldTool, { rules, notes }: Recommended): readonly Block[] {
  const items = notes.map((note): Line => [note]);
  const list: readonly Block[] = items.length === 0 ? [] : [{ kind: 'list', items }];
  if (rules === undefined) return [textBlock('No entry: it stays refused.'), ...list];
  const isHidden = mannerOf(rules) === 'hidden';
  const instead = isHidden && tool.judged.class === 'destructive' ? askedInstead(tool) : undefined;
  return [
    policyBlock(shelf, tool, rules),
    ...list,
    ...(instead === undefined
      ? []
      : [textBlock('To have a person asked instead of hiding it:'), policyBlock(shelf, tool, instead)]),
  ];
}

/** What is masked in the answers of the server is masked here too, where it can be in this tool's. */
function policyBlock(shelf: Shelf, { server, known, signals }: ToldTool, rules: JsonObject): Block {
  const isMasked = signals.has('credential-out') || known.listing !== undefined || server.results !== undefined;
  const results = isMasked && mannerOf(rules) !== 'hidden' ? shelf.policy(server).policy['results'] : undefined;
  return { kind: 'code', language: 'json', text: policyText(toolPolicy(known.name, rules, results)) };
}

function othersOf(shelf: Shelf, { server, known }: ToldTool): readonly Block[] {
  const items = shelf.similar(server, known).map((other): Line => {
    const to = { kind: 'tool', server: other.server.name, tool: other.known.name } as const;
    return [link(other.known.name, to), ` of ${other.server.title}: ${other.known.reason}`];
  });
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}
