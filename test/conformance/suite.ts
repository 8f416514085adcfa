import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../kit/child.ts';
import type { Obj } from '../kit/json-rpc.ts';

const SUITE = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

export interface Check {
  readonly id: string;
  readonly status: string;
  /** What the suite says of a check that failed. */
  readonly told: string;
}

/** The checks of each scenario that was run. */
export type Results = ReadonlyMap<string, readonly Check[]>;

/** Runs the official suite with these arguments, and reads what it found. Rejects when it ran no scenario, or the client that it started failed. */
export async function runSuite(args: readonly string[]): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-conformance-'));
  const child = startChild(process.execPath, [SUITE, ...args, '-o', folder]);
  child.endInput();
  try {
    await child.finished;
    const results = resultsIn(folder);
    const said = child.stderr();
    // A scenario that only looks for what must not happen would pass with a client that never connects.
    if (/^Client (?:exited with code|timed out)/m.test(said)) throw new Error(said);
    if (results.size === 0) throw new Error(`the suite ran nothing\n${child.stdout()}\n${said}`);
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function resultsIn(folder: string): Results {
  const results = new Map<string, readonly Check[]>();
  for (const name of readdirSync(folder)) {
    const scenario = /^(?:server-)?(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name)?.[1];
    const file = join(folder, name, 'checks.json');
    if (scenario === undefined || !existsSync(file)) continue;
    const checks = JSON.parse(readFileSync(file, 'utf8')) as readonly Obj[];
    results.set(scenario, checks.map(checkOf));
  }
  return results;
}

function checkOf(found: Obj): Check {
  return {
    id: String(found['id']),
    status: String(found['status']),
    told: String(found['errorMessage'] ?? found['description'] ?? ''),
  };
}

/**
 * The same without the log of the traffic that the suite's own servers keep among the checks: a gateway may ask for a list
 * of its own, and say goodbye where a client does not.
 */
export function withoutTraffic(results: Results): Results {
  const isTraffic = ({ id, status }: Check): boolean => status === 'INFO' && /^(?:incoming|outgoing)-/.test(id);
  return new Map([...results].map(([scenario, checks]) => [scenario, checks.filter((check) => !isTraffic(check))]));
}

/** How many checks passed and failed, as the suite counts them: `84/0`. */
export function totalOf(results: Results): string {
  const all = [...results.values()].flat();
  const having = (status: string): number => all.filter((check) => check.status === status).length;
  return `${having('SUCCESS')}/${having('FAILURE')}`;
}
