import type { KnownServer, KnownTool } from '../catalogue/known-server.ts';
import type { Page } from '../catalogue/pages/page.ts';
import { serverPage } from '../catalogue/pages/server-page.ts';
import type { Shelf } from '../catalogue/pages/shelf.ts';
import { toolPage } from '../catalogue/pages/tool-page.ts';
import { writePlain } from '../catalogue/pages/write-plain.ts';
import { didYouMean, nearest } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { loadShelf } from '../settings/load-shelf.ts';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { CATALOGUE_SHOW_HELP } from './usage-catalogue.ts';

export const catalogueShow: Command = {
  name: 'catalogue show',
  options: { json: 'flag' },
  help: CATALOGUE_SHOW_HELP,
  async run(options, world) {
    const [first, second] = namesIn(options);
    const shelf = await loadShelf();
    const found = find(shelf, first, second);
    if (found.kind === 'none') {
      world.stderr.write(`toolgate catalogue show: ${visible(found.reason)}\n`);
      return NO;
    }
    const page = pageOf(shelf, found);
    world.stdout.write(options.flags.has('json') ? prettyJson(shownJson(shelf, found, page)) : writePlain(page));
    return GOOD;
  },
};

function namesIn(options: Options): readonly [string, string | undefined] {
  const [first, second, third] = [...options.words, ...(options.rest ?? [])];
  if (first === undefined || first === '') throw new UsageFault('SERVER is missing');
  if (third !== undefined) throw new UsageFault(`one SERVER and one TOOL only: ${quoted(third)} is too much`);
  return [first, second];
}

type Found =
  | { readonly kind: 'server'; readonly server: KnownServer }
  | { readonly kind: 'tool'; readonly server: KnownServer; readonly known: KnownTool }
  | { readonly kind: 'none'; readonly reason: string };

function find(shelf: Shelf, first: string, second: string | undefined): Found {
  const { servers } = shelf;
  const server = servers.find(({ name, title }) => [name, title.toLowerCase()].includes(first.toLowerCase()));
  if (server === undefined) return second === undefined ? alone(shelf, first) : noServer(shelf, first);
  if (second === undefined) return { kind: 'server', server };
  const known = server.tools.get(second) ?? caseless(server, second);
  if (known !== undefined) return { kind: 'tool', server, known };
  const names = [...server.tools.keys()];
  const remedy = didYouMean(second, names) || `; toolgate catalogue show ${server.name} lists its ${names.length}`;
  return { kind: 'none', reason: `${server.name} has no tool ${quoted(second)}${remedy}` };
}

/** A name that no server has can be a tool's. */
function alone(shelf: Shelf, name: string): Found {
  const holders = shelf.servers.flatMap((server) => {
    const known = server.tools.get(name) ?? caseless(server, name);
    return known === undefined ? [] : [{ server, known }];
  });
  const [only, other] = holders;
  if (only !== undefined && other === undefined) return { kind: 'tool', ...only };
  if (only === undefined) return noServer(shelf, name);
  const some = holders.slice(0, 8).map(({ server }) => server.name);
  const more = holders.length > some.length ? ` and ${holders.length - some.length} more` : '';
  return {
    kind: 'none',
    reason: `${holders.length} servers have a tool ${quoted(name)}: ${some.join(', ')}${more}; say which: toolgate catalogue show SERVER TOOL`,
  };
}

function noServer({ servers }: Shelf, name: string): Found {
  const said = `no server of the catalogue is called ${quoted(name)}`;
  const server = nearest(
    name,
    servers.map((one) => one.name),
  );
  if (server !== undefined) return { kind: 'none', reason: `${said} — did you mean "${server}"?` };
  const within = servers.filter((one) => one.name.includes(name.toLowerCase())).map((one) => one.name);
  if (within.length > 0) return { kind: 'none', reason: `${said}; there are ${within.join(', ')}` };
  const tools = servers.flatMap((one) => [...one.tools.keys()]);
  const remedy = didYouMean(name, tools) || '; toolgate catalogue list prints all';
  return { kind: 'none', reason: `${said}, and no tool${remedy}` };
}

function caseless({ tools }: KnownServer, name: string): KnownTool | undefined {
  const alike = [...tools.values()].filter((tool) => tool.name.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

function pageOf(shelf: Shelf, found: Exclude<Found, { kind: 'none' }>): Page {
  return found.kind === 'server' ? serverPage(shelf, found.server) : toolPage(shelf, found.server, found.known);
}

function shownJson(shelf: Shelf, found: Exclude<Found, { kind: 'none' }>, page: Page): object {
  const { name, title, source, version, license, origin, checked, notes } = found.server;
  const server = { name, title, source, version, license, origin, checked, notes };
  if (found.kind === 'server') {
    const tools = [...found.server.tools.values()].map((known) => ({
      tool: known.name,
      class: known.class,
      severity: known.severity,
      reason: known.reason,
      recommended: shelf.recommended(shelf.tool(found.server, known)).rules,
    }));
    return { server, tools, policy: shelf.policy(found.server).policy, page };
  }
  const tool = shelf.tool(found.server, found.known);
  const { rules, notes: why } = shelf.recommended(tool);
  return { server, tool: found.known.name, ...tool.judged, recommended: rules, notes: why, page };
}
