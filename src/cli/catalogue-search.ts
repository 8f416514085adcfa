import { SEVERITIES, type SignalKind } from '../catalogue/classification.ts';
import type { Shelf } from '../catalogue/pages/shelf.ts';
import { SIGNAL_WORDS } from '../catalogue/pages/signal-words.ts';
import { wordsOf } from '../catalogue/pages/similar-tools.ts';
import { type CatalogueQuery, type Hit, searchCatalogue } from '../catalogue/search.ts';
import { didYouMean, nearest } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { CLASSES } from '../policy/words.ts';
import { loadShelf } from '../settings/load-shelf.ts';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { numberOption } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { shownName } from './shown-name.ts';
import { columnWidths, tableLine } from './table.ts';
import { CATALOGUE_SEARCH_HELP } from './usage-catalogue.ts';
import type { World } from './world.ts';

const MOST = 30;
const MOST_NEAR = 5;
/** The keys of that table are all signals there are. */
const SIGNALS = Object.keys(SIGNAL_WORDS) as SignalKind[];

export const catalogueSearch: Command = {
  name: 'catalogue search',
  options: { class: 'text', severity: 'text', signal: 'text', server: 'text', limit: 'text', json: 'flag' },
  help: CATALOGUE_SEARCH_HELP,
  async run(options, world) {
    const shelf = await loadShelf();
    const query = queryOf(options, shelf);
    const most = numberOption(options, 'limit', options.flags.has('json') ? 10_000 : MOST, 1, 10_000);
    const hits = searchCatalogue(shelf, query);
    if (options.flags.has('json')) {
      world.stdout.write(prettyJson(hitsJson(hits.slice(0, most))));
      return hits.length > 0 ? GOOD : NO;
    }
    if (hits.length === 0) {
      world.stderr.write(`toolgate catalogue search: ${visible(nothing(query, shelf))}\n`);
      return NO;
    }
    printHits(hits, most, world);
    return GOOD;
  },
};

function queryOf(options: Options, shelf: Shelf): CatalogueQuery {
  const words = [...options.words, ...(options.rest ?? [])];
  const query: CatalogueQuery = {
    words,
    class: wordOption(options, 'class', CLASSES),
    severity: wordOption(options, 'severity', SEVERITIES),
    signal: wordOption(options, 'signal', SIGNALS),
    server: wordOption(
      options,
      'server',
      shelf.servers.map(({ name }) => name),
    ),
  };
  const isBounded = [query.class, query.severity, query.signal, query.server].some((one) => one !== undefined);
  if (words.every((word) => word.trim() === '') && !isBounded) {
    throw new UsageFault('nothing to look for: say words, or one of --class, --severity, --signal, --server');
  }
  return query;
}

function wordOption<T extends string>(options: Options, name: string, words: readonly T[]): T | undefined {
  const text = options.texts.get(name);
  if (text === undefined) return undefined;
  const word = words.find((known) => known === text.toLowerCase());
  if (word !== undefined) return word;
  const remedy =
    didYouMean(text, words) ||
    (words.length < 20 ? `; it is one of ${words.join(', ')}` : ' (toolgate catalogue list)');
  throw new UsageFault(`--${name}: there is no ${name} ${quoted(text)}${remedy}`);
}

function hitsJson(hits: readonly Hit[]): object {
  return {
    servers: hits.flatMap((hit) =>
      hit.kind === 'server' ? [{ server: hit.server.name, title: hit.server.title, tools: hit.server.tools.size }] : [],
    ),
    tools: hits.flatMap((hit) => {
      if (hit.kind === 'server') return [];
      const { name: tool, class: riskClass, severity, reason } = hit.known;
      return [{ server: hit.server.name, tool, class: riskClass, severity, reason }];
    }),
  };
}

function printHits(hits: readonly Hit[], most: number, world: World): void {
  const rows = hits.slice(0, most).map(rowOf);
  const head = ['SERVER', 'TOOL', 'CLASS', 'SEVERITY', 'WHY'];
  // The last column widens nothing.
  const widths = columnWidths([head, ...rows].map((row) => row.slice(0, -1)));
  for (const row of [head, ...rows]) world.stdout.write(`${tableLine(row, widths)}\n`);
  const left = hits.length - rows.length;
  if (left > 0) world.stdout.write(`and ${left} more: say more words, or --limit N\n`);
  world.stdout.write('\nMore of each: toolgate catalogue show SERVER [TOOL]\n');
}

function rowOf(hit: Hit): readonly string[] {
  const server = shownName(hit.server.name);
  if (hit.kind === 'server') return [server, '', 'server', '', visible(`${hit.server.tools.size} tools`)];
  const { name, class: riskClass, severity, reason } = hit.known;
  return [server, shownName(name), riskClass, severity, visible(reason)];
}

function nothing(query: CatalogueQuery, shelf: Shelf): string {
  const said = query.words.length === 0 ? 'nothing fits' : `nothing is known of ${quoted(query.words.join(' '))}`;
  const near = query.words.length === 0 ? [] : nearNames(query.words, shelf);
  if (near.length > 0) return `${said}; near it are ${near.join(', ')}`;
  return `${said}; toolgate catalogue list prints all servers, and toolgate scan tells of any server what its tools can do`;
}

/** Names of servers and tools that a misspelt word can have meant, and words that names hold. */
function nearNames(words: readonly string[], { servers }: Shelf): readonly string[] {
  const names = servers.flatMap((server) => [server.name, ...server.tools.keys()]);
  const parts = [...new Set(names.flatMap(wordsOf))];
  const found = new Set<string>();
  for (const word of [words.join('_'), ...words]) {
    for (const near of [nearest(word, names), nearest(word, parts)]) if (near !== undefined) found.add(near);
  }
  return [...found].slice(0, MOST_NEAR).map(shownName);
}
