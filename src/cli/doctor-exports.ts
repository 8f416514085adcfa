import { quoted } from '../policy/problem.ts';
import { type Finding, finding } from './doctor-finding.ts';
import type { LookedStore } from './doctor-surroundings.ts';
import type { LookedExport } from './looked-export.ts';

/** What is to be said of those who get the log. */
export function exportFindings(store: LookedStore): readonly Finding[] {
  if (store.kind !== 'open') return [];
  return store.exports.filter(({ to }) => to !== undefined).map(exportFinding);
}

function exportFinding({ name, behind, oldest, problem }: LookedExport): Finding {
  const waiting = `${behind} records wait for it${oldest === undefined ? '' : `, the oldest of ${timeText(oldest)}`}`;
  if (problem !== undefined) {
    return finding(
      'warning',
      `The export ${quoted(name)} has been failing since ${timeText(problem.since)} (${problem.why}): ${waiting}.`,
      'see to its receiver; it is tried again until it works',
    );
  }
  if (behind === 0) return finding('ok', `The export ${quoted(name)} has everything.`);
  return finding('note', `The export ${quoted(name)}: ${waiting}.`, 'toolgate serve hands them over while it runs');
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
