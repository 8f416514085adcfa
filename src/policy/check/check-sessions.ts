import { below } from '../problem.ts';
import { type Clause, leavesOf } from './clause.ts';
import type { Warning } from './warning.ts';

/** Warns of conditions that count the calls of a session, which an agent can throw away. */
export function checkSessions(clauses: readonly Clause[]): readonly Warning[] {
  return clauses.flatMap(({ tree }) =>
    leavesOf(tree).flatMap(({ place: { path }, pointer }) => {
      if (path.root !== 'calls' || path.of !== 'session') return [];
      const named = `grant.calls[${JSON.stringify(path.tool)}]`;
      const message = `an agent begins a new session at will, and the count with it; write ${named}`;
      return [{ pointer: below(pointer, 'path'), code: 'session-under-security' as const, message }];
    }),
  );
}
