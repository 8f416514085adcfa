import { fileURLToPath } from 'node:url';
import { fixtureCommand } from './fixture.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const LEGACY = fixtureCommand('legacy', 'http');
const MODERN = fixtureCommand('modern', 'http');
const EVERYTHING = [
  process.execPath,
  '--import',
  at('./loopback-only.ts'),
  at('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js'),
  'streamableHttp',
];

interface ServerRow {
  readonly row: string;
  /** The server without the gateway, over HTTP: the yardstick. */
  readonly direct: readonly string[];
  /** The command that the gateway starts; without it the gateway calls the one of the direct run. */
  readonly behind?: readonly string[];
  /** Which scenarios the suite runs, at which revision. */
  readonly run: readonly string[];
  /** What the direct run comes to, passed/failed: the yardstick is held too. */
  readonly total: string;
}

const NOVEMBER = ['--requirements', '2025-11-25'];
const JUNE = ['--spec-version', '2025-06-18', '--suite', 'all'];
const JULY = ['--requirements', '2026-07-28'];

/** The suite as a client of the gateway. */
export const SERVER_ROWS: readonly ServerRow[] = [
  { row: '1: HTTP, a legacy server over HTTP, 2025-11-25', direct: LEGACY, run: NOVEMBER, total: '84/0' },
  { row: '1: HTTP, a legacy server over HTTP, 2025-06-18', direct: LEGACY, run: JUNE, total: '56/0' },
  // What failed are tasks-*, an extension that the fixture does not have; the suite does not score them.
  { row: '2: HTTP, a modern server over HTTP, 2026-07-28', direct: MODERN, run: JULY, total: '164/30' },
  {
    row: '3: HTTP, a legacy server over stdio, 2025-11-25',
    direct: LEGACY,
    behind: fixtureCommand('legacy', 'stdio'),
    run: NOVEMBER,
    total: '84/0',
  },
  {
    row: '4: HTTP, a modern server over stdio, 2026-07-28',
    direct: MODERN,
    behind: fixtureCommand('modern', 'stdio'),
    run: JULY,
    total: '164/30',
  },
  // What failed needs fixtures of the suite, which this server does not have.
  { row: '6: HTTP, server-everything over HTTP, 2025-11-25', direct: EVERYTHING, run: NOVEMBER, total: '47/22' },
];

/** Scenarios of the tasks extension, which need a server that has tasks. The suite skips `tasks-status-notifications` by itself. */
export const TASK_SCENARIOS: readonly string[] = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
];

interface ClientRow {
  readonly row: string;
  readonly front: 'http' | 'stdio';
}

/** The suite as a server behind the gateway; the client is ours. */
export const CLIENT_ROWS: readonly ClientRow[] = [
  { row: '5: HTTP, the servers of the suite over HTTP', front: 'http' },
  { row: '5: stdio, the servers of the suite over HTTP', front: 'stdio' },
];

interface ClientScenario {
  readonly scenario: string;
  readonly version: string;
  readonly total: string;
}

/** Scenarios for clients, all but those that test OAuth. */
export const CLIENT_SCENARIOS: readonly ClientScenario[] = [
  { scenario: 'initialize', version: '2025-11-25', total: '1/0' },
  { scenario: 'tools_call', version: '2025-11-25', total: '2/0' },
  { scenario: 'sse-retry', version: '2025-11-25', total: '3/0' },
  { scenario: 'elicitation-sep1034-client-defaults', version: '2025-11-25', total: '5/0' },
  { scenario: 'json-schema-2020-12-preservation', version: '2025-11-25', total: '9/0' },
  { scenario: 'tools_call', version: '2026-07-28', total: '2/0' },
  { scenario: 'request-metadata', version: '2026-07-28', total: '8/0' },
  { scenario: 'http-standard-headers', version: '2026-07-28', total: '9/0' },
  { scenario: 'http-custom-headers', version: '2026-07-28', total: '18/0' },
  { scenario: 'http-invalid-tool-headers', version: '2026-07-28', total: '12/0' },
  { scenario: 'sep-2322-client-request-state', version: '2026-07-28', total: '5/0' },
  { scenario: 'json-schema-ref-no-deref', version: '2026-07-28', total: '1/0' },
  { scenario: 'json-schema-2020-12-preservation', version: '2026-07-28', total: '9/0' },
];
