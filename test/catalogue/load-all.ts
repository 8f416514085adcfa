// `node --expose-gc load-all.ts [all|servers|parse]`: loads the whole catalogue with all definitions made, or without them, or only parses its
// files, in this new process; says how long that took and what it keeps.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '../../src/settings/load-catalogue.ts';

const FOLDER = fileURLToPath(new URL('../../catalogue/servers/', import.meta.url));

const collect = globalThis.gc ?? (() => undefined);
collect();
const before = process.memoryUsage().heapUsed;
const start = performance.now();
const kept = process.argv[2] === 'parse' ? parsed() : loaded();
const ms = performance.now() - start;
collect();
const heapMb = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
console.log(JSON.stringify({ servers: kept.servers.length, tools: kept.tools.length, ms, heapMb }));

interface Kept {
  readonly servers: readonly unknown[];
  readonly tools: readonly unknown[];
}

function loaded(): Kept {
  const catalogue = loadCatalogue();
  const servers = catalogue.names().flatMap((name) => catalogue.server(name) ?? []);
  const tools = servers.flatMap((one) => [...one.tools.values()]);
  return { servers, tools: process.argv[2] === 'servers' ? tools : tools.map((tool) => tool.definition()) };
}

function parsed(): Kept {
  const servers = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(FOLDER + file, 'utf8')));
  return { servers, tools: servers.flatMap(({ tools }) => tools) };
}
