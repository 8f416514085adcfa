// Loads all of the catalogue with all definitions made, and says how long that took and what it keeps; with node --expose-gc.
import { loadCatalogue } from '../../src/settings/load-catalogue.ts';

const collect = globalThis.gc ?? (() => undefined);
collect();
const before = process.memoryUsage().heapUsed;
const start = performance.now();
const catalogue = loadCatalogue();
const servers = catalogue.names().flatMap((name) => catalogue.server(name) ?? []);
const loadedMs = performance.now() - start;
const tools = servers.flatMap((server) => [...server.tools.values()]);
const definitions = tools.map((tool) => tool.definition());
const ms = performance.now() - start;
collect();
const heapMb = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
console.log(JSON.stringify({ servers: servers.length, tools: definitions.length, loadedMs, ms, heapMb }));
