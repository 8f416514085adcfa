import { countsOf } from '../catalogue/pages/shelf.ts';
import { CLASSES } from '../policy/words.ts';
import { loadShelf } from '../settings/load-shelf.ts';
import type { Command } from './command.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { prettyJson } from './pretty-json.ts';
import { shownName } from './shown-name.ts';
import { tableLines } from './table.ts';
import { CATALOGUE_LIST_HELP } from './usage-catalogue.ts';

export const catalogueList: Command = {
  name: 'catalogue list',
  options: { json: 'flag' },
  help: CATALOGUE_LIST_HELP,
  async run(options, world) {
    noWords(options);
    const { servers } = await loadShelf();
    if (options.flags.has('json')) {
      const told = servers.map((server) => ({
        server: server.name,
        title: server.title,
        source: server.source,
        tools: server.tools.size,
        classes: Object.fromEntries(countsOf(server)),
      }));
      world.stdout.write(prettyJson({ servers: told }));
      return GOOD;
    }
    const head = ['SERVER', 'TOOLS', ...CLASSES.map((word) => word.toUpperCase()), 'SOURCE'];
    const rows = servers.map((server) => {
      const counts = countsOf(server);
      const cells = CLASSES.map((riskClass) => String(counts.get(riskClass) ?? ''));
      return [shownName(server.name), String(server.tools.size), ...cells, shownName(server.source)];
    });
    for (const line of tableLines([head, ...rows])) world.stdout.write(`${line}\n`);
    return GOOD;
  },
};
