/** What one change does to calls; `unordered` lets some pass that were refused and refuses others, or may. */
export type Direction = 'looser' | 'tighter' | 'unordered' | 'reason';

/** One change of meaning, with the places in both documents that make it. */
export interface Change {
  readonly direction: Direction;
  /** One line. */
  readonly words: string;
  /** JSON Pointers; undefined where a document has nothing of it. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export type Verdict = 'looser' | 'tighter' | 'changed' | 'reason only';

/** What several changes come to; undefined for none. */
export function verdictOf(directions: Iterable<Direction>): Verdict | undefined {
  const all = new Set(directions);
  if (all.has('unordered') || (all.has('looser') && all.has('tighter'))) return 'changed';
  if (all.has('looser')) return 'looser';
  if (all.has('tighter')) return 'tighter';
  return all.has('reason') ? 'reason only' : undefined;
}
