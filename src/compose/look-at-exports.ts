import { join } from 'node:path';
import type { LookedExport, LookedExports } from '../cli/looked-export.ts';
import type { World } from '../cli/world.ts';
import type { LogReading } from '../gateway/audit/audit-ports.ts';
import type { ExportPlaces } from '../gateway/audit/export-ports.ts';
import { problemLines } from '../settings/problem.ts';
import type { AuditSettings } from '../settings/settings.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { lookAtConfiguration } from './look-at-configuration.ts';

type Log = LogReading & { readonly exports: ExportPlaces };

/** Of the newest records so many are searched for what an export failed with. */
const SEARCHED = 20_000;
const PAGE = 500;

/** Tells how far the exports of a configuration have come. Rejects with `StoreFault`. */
export async function lookAtExports(
  { config, data }: { readonly config: string | undefined; readonly data: string },
  env: World['env'],
): Promise<LookedExports> {
  const configuration = await lookAtConfiguration(config ?? join(data, 'toolgate.jsonc'), env);
  if (configuration.kind === 'problems') return { kind: 'problems', lines: problemLines(configuration.problems) };
  const configured = configuration.kind === 'settings' ? configuration.settings.audit.exports : new Map();
  const clock = { now: () => Date.now() };
  const store = await openSqliteStore({ folder: data, sync: 'interval', clock, onFault() {}, mode: 'read' });
  try {
    return { kind: 'exports', exports: await lookedExports(store, configured) };
  } finally {
    await store.close();
  }
}

/** How far these have come, and those that are not configured any more. */
export async function lookedExports(log: Log, configured: AuditSettings['exports']): Promise<readonly LookedExport[]> {
  const places = await log.exports.all();
  const names = [...new Set([...configured.keys(), ...places.keys()])];
  if (names.length === 0) return [];
  const [last] = await log.before(Number.MAX_SAFE_INTEGER, 1);
  const problems = await problemsIn(log, new Set(configured.keys()));
  const looked: LookedExport[] = [];
  for (const name of names) {
    const plan = configured.get(name);
    const place = places.get(name) ?? (plan?.from === 'now' ? last?.n : undefined) ?? 0;
    const [next] = await log.after(place, 1);
    const behind = next === undefined || last === undefined ? 0 : last.n - next.n + 1;
    const problem = problems.get(name);
    // What was delivered beyond the record of a failure shows that it is over.
    const isOver = problem === undefined || place >= problem.n;
    looked.push({ name, to: plan?.to, behind, oldest: next?.at, problem: isOver ? undefined : problem });
  }
  return looked;
}

interface RecordedProblem {
  readonly why: string;
  readonly since: number;
  /** The place of the record. */
  readonly n: number;
}

/** What the exports of these names fail with, where the last that was recorded of them is that they fail. */
async function problemsIn(log: LogReading, names: ReadonlySet<string>): Promise<ReadonlyMap<string, RecordedProblem>> {
  const problems = new Map<string, RecordedProblem>();
  const open = new Set(names);
  let before = Number.MAX_SAFE_INTEGER;
  for (let searched = 0; searched < SEARCHED && open.size > 0; searched += PAGE) {
    const page = await log.before(before, PAGE);
    for (const { kind, body, at, n } of page) {
      if (kind !== 'event' || !body.includes('"event":"export ')) continue;
      const { event, export: name, why } = JSON.parse(body) as Readonly<Record<string, unknown>>;
      if (typeof name !== 'string' || !open.has(name)) continue;
      if (event !== 'export failing' && event !== 'export works again') continue;
      open.delete(name);
      if (event === 'export failing') problems.set(name, { why: String(why), since: at, n });
    }
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < PAGE) break;
    before = oldest.n;
  }
  return problems;
}
