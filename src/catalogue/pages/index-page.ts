import type { RiskClass } from '../../policy/decision.ts';
import { CLASSES } from '../../policy/words.ts';
import { SEVERITIES, type Severity } from '../classification.ts';
import type { KnownServer } from '../known-server.ts';
import { type Block, type Line, link, type Page, textBlock } from './page.ts';
import { countsOf, type Shelf } from './shelf.ts';

/** What each class says of a tool. */
const CLASS_WORDS: Readonly<Record<RiskClass, string>> = {
  read: 'Returns what is there and changes nothing.',
  write: 'Creates or changes something; mostly it can be changed back.',
  execute: 'Sets something running whose effect depends on the arguments.',
  destructive: 'Removes or ends something for good.',
  financial: 'Moves money or value, or commits to pay.',
  unknown: 'It cannot be told what it does.',
};

/** The page that leads to all others. */
export function indexPage({ servers }: Shelf): Page {
  const tools = servers.reduce((sum, server) => sum + server.tools.size, 0);
  return {
    title: ['The catalogue'],
    sections: [
      {
        heading: undefined,
        blocks: [
          textBlock(
            `${servers.length} servers, ${tools} tools: what each can do, why that is thought, how it is abused, and the policy that fits.`,
          ),
        ],
      },
      { heading: 'By class', blocks: [classTable(servers)] },
      { heading: 'By server', blocks: [serverTable(servers)] },
    ],
  };
}

function classTable(servers: readonly KnownServer[]): Block {
  const rows = present(servers).map((riskClass): readonly Line[] => [
    [link(riskClass, { kind: 'class', class: riskClass })],
    [String(servers.reduce((sum, server) => sum + (countsOf(server).get(riskClass) ?? 0), 0))],
    [CLASS_WORDS[riskClass]],
  ]);
  return { kind: 'table', head: ['class', 'tools', 'what it means'], rows };
}

/** The classes that some tool has. */
export function present(servers: readonly KnownServer[]): readonly RiskClass[] {
  return CLASSES.filter((riskClass) => servers.some((server) => countsOf(server).has(riskClass)));
}

function serverTable(servers: readonly KnownServer[]): Block {
  const classes = present(servers);
  const rows = servers.map((server): readonly Line[] => {
    const counts = countsOf(server);
    return [
      [link(server.title, { kind: 'server', server: server.name })],
      ...classes.map((riskClass): Line => [String(counts.get(riskClass) ?? '')]),
      [worstOf(server)],
    ];
  });
  return { kind: 'table', head: ['server', ...classes, 'worst severity'], rows };
}

function worstOf({ tools }: KnownServer): Severity {
  const ranks = [...tools.values()].map(({ severity }) => SEVERITIES.indexOf(severity));
  return SEVERITIES[Math.max(0, ...ranks)] ?? 'low';
}

/** All tools of a class, by their servers. */
export function classPage({ servers }: Shelf, riskClass: RiskClass): Page {
  const items = servers.flatMap((server): readonly Line[] => {
    const names = [...server.tools.values()].filter((tool) => tool.class === riskClass).map(({ name }) => name);
    if (names.length === 0) return [];
    const links = names.flatMap((tool, index): Line => {
      const one = link(tool, { kind: 'tool', server: server.name, tool });
      return index === 0 ? [one] : [', ', one];
    });
    return [[link(server.title, { kind: 'server', server: server.name }), ': ', ...links]];
  });
  return {
    title: [`Tools that are ${riskClass}`],
    sections: [
      {
        heading: undefined,
        blocks: [
          textBlock(`${CLASS_WORDS[riskClass]} `, link('All classes and servers', { kind: 'index' })),
          { kind: 'list', items },
        ],
      },
    ],
  };
}
