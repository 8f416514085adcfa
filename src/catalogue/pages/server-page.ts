import { CLASSES } from '../../policy/words.ts';
import type { KnownServer } from '../known-server.ts';
import { type Block, code, type Line, link, listed, type Page, textBlock } from './page.ts';
import { policyText } from './policy-text.ts';
import { type Manner, mannerOf } from './rule-words.ts';
import { countsOf, type Shelf, type ToldTool } from './shelf.ts';

/** The page of a server: what it is, what its tools can do, and the policy for all of them. */
export function serverPage(shelf: Shelf, server: KnownServer): Page {
  const tools = [...server.tools.values()].map((known) => shelf.tool(server, known));
  const attacks = attacksOf(shelf, tools);
  return {
    title: [server.title],
    sections: [
      { heading: undefined, blocks: headOf(server) },
      { heading: 'Tools', blocks: [toolTable(shelf, tools)] },
      ...(attacks === undefined ? [] : [{ heading: 'How they are abused', blocks: [attacks] }]),
      { heading: 'Behind the gate', blocks: gateOf(shelf, server) },
      { heading: 'The policy', blocks: policyOf(shelf, server) },
    ],
  };
}

function headOf(server: KnownServer): readonly Block[] {
  const { name, source, version, origin, license, checked, notes } = server;
  const judged = checked === 'hand' ? 'each judged, and given rules, by hand' : 'each judged by reading its definition';
  const of = version === undefined ? [] : [', version ', code(version)];
  const under = license === undefined ? [] : [`, license ${license}`];
  return [
    textBlock('Known as ', code(name), ', from ', code(source), ...of, ...under, '.'),
    textBlock(
      `${server.tools.size} ${server.tools.size === 1 ? 'tool' : 'tools'} (${countWords(server)}), ${judged}. The definitions: ${origin}.`,
    ),
    ...(notes.length === 0 ? [] : [{ kind: 'list', items: notes.map((note): Line => [note]) } as const]),
  ];
}

/** `3 read, 1 write`. */
function countWords(server: KnownServer): string {
  const counts = countsOf(server);
  return CLASSES.flatMap((riskClass) => {
    const count = counts.get(riskClass) ?? 0;
    return count === 0 ? [] : [`${count} ${riskClass}`];
  }).join(', ');
}

function toolTable(shelf: Shelf, tools: readonly ToldTool[]): Block {
  const rows = tools.map((tool): readonly Line[] => {
    const { server, known, judged } = tool;
    const { rules } = shelf.recommended(tool);
    return [
      [link(known.name, { kind: 'tool', server: server.name, tool: known.name })],
      [judged.class],
      [judged.severity],
      [MANNERS[rules === undefined ? 'refused' : mannerOf(rules)]],
      [judged.reason],
    ];
  });
  return { kind: 'table', head: ['tool', 'class', 'severity', 'recommended', 'why'], rows };
}

const MANNERS: Readonly<Record<Manner, string>> = {
  hidden: 'hidden',
  refused: 'refused',
  asks: 'a person is asked',
  bounded: 'limited',
  free: 'allowed',
};

function attacksOf(shelf: Shelf, tools: readonly ToldTool[]): Block | undefined {
  const found = new Map<string, { readonly title: string; readonly tools: string[] }>();
  for (const tool of tools) {
    for (const { name, title } of shelf.attacksOn(tool)) {
      const there = found.get(name);
      if (there === undefined) found.set(name, { title, tools: [tool.known.name] });
      else there.tools.push(tool.known.name);
    }
  }
  if (found.size === 0) return undefined;
  const items = [...found].map(([name, attack]): Line => {
    const some = listed(attack.tools.slice(0, 3).map(code));
    const more = attack.tools.length > 3 ? [` and ${attack.tools.length - 3} more`] : [];
    return [`${attack.title}, by way of `, ...some, ...more, ': ', code(`toolgate attacks run ${name}`)];
  });
  return { kind: 'list', items };
}

function gateOf(shelf: Shelf, server: KnownServer): readonly Block[] {
  const commands = shelf.packagesOf(server).flatMap((found) => commandOf(found) ?? []);
  const [first] = commands;
  if (first === undefined) {
    return [
      textBlock(
        'No package of it is known here: put its command or URL in the place of ',
        code('COMMAND'),
        '. The first line prints what it lists today and writes the policy; the second stands in your client’s configuration.',
      ),
      { kind: 'code', language: 'console', text: gateLines(server.name, 'COMMAND') },
    ];
  }
  return [
    textBlock(
      'The first line prints what it lists today and writes the policy; the second stands in your client’s configuration.',
    ),
    { kind: 'code', language: 'console', text: gateLines(server.name, first) },
  ];
}

/** The server is named: pins and counters belong to the name, which else is that of the command, `npx` for many. */
function gateLines(name: string, command: string): string {
  return `toolgate scan --write policy.json -- ${command}\ntoolgate wrap --policy policy.json --server ${name} -- ${command}`;
}

/** The command that runs a package, from `npm:NAME`; undefined for a kind of package that nothing runs by itself. */
function commandOf(found: string): string | undefined {
  const at = found.indexOf(':');
  const name = found.slice(at + 1);
  switch (found.slice(0, at)) {
    case 'npm':
      return `npx -y ${name}`;
    case 'pypi':
      return `uvx ${name}`;
    default:
      return undefined;
  }
}

function policyOf(shelf: Shelf, server: KnownServer): readonly Block[] {
  const { policy, notes } = shelf.policy(server);
  return [
    textBlock('For all tools together; the page of each tool says why its rules are these.'),
    { kind: 'code', language: 'json', text: policyText(policy) },
    { kind: 'list', items: notes.map((note): Line => [note]) },
  ];
}
