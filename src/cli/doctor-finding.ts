/** `problem`: something does not work, or is open to others; `warning`: it could be safer; `note`: to be known; `ok`: as it should be. */
export type Level = 'problem' | 'warning' | 'note' | 'ok';

export interface Finding {
  readonly level: Level;
  readonly sentence: string;
  /** What to do about it. */
  readonly remedy: string | undefined;
}

export function finding(level: Level, sentence: string, remedy?: string): Finding {
  return { level, sentence, remedy };
}

/** Names in a sentence; not all of them when there are many. */
export function named(names: readonly string[]): string {
  const more = names.length - MOST;
  return more > 1 ? `${names.slice(0, MOST).join(', ')} and ${more} more` : names.join(', ');
}

const MOST = 4;
