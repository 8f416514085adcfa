import type { KeptClass } from './kept-class.ts';

/** A tool's definition as it was seen. */
export interface KeptDefinition {
  /** Canonical JSON of the whole tool, as `definitionText` writes it. */
  readonly text: string;
  /** SHA-256 of the text, lower-case hex. */
  readonly digest: string;
  /** When it was first seen, or accepted; ms since the epoch. */
  readonly at: number;
  /** What it can do, as was found when it was first seen; undefined where an older gateway kept it, until the next one looks. */
  readonly class: KeptClass | undefined;
}

/** How records name a definition: as much of its digest as nobody can find another definition for. */
export function markOf({ digest }: Pick<KeptDefinition, 'digest'>): string {
  return digest.slice(0, MARK);
}

const MARK = 32;

interface PinnedDefinition extends KeptDefinition {
  /** `first use`: it stood in the first list that the server ever gave; `accepted`: a person accepted it. */
  readonly how: 'first use' | 'accepted';
}

/** What is kept of one tool: the definition that may be called, and another one that waits to be accepted. */
export interface ToolPin {
  readonly pinned: PinnedDefinition | undefined;
  readonly candidate: KeptDefinition | undefined;
}

/** What is kept of one server's tools, by name. */
export interface ServerPins {
  /** 0 for a server of which no list was ever seen; else it grows with every change of any server's pins. */
  readonly edition: number;
  readonly tools: ReadonlyMap<string, ToolPin>;
}

export const NEVER_USED: ServerPins = { edition: 0, tools: new Map() };
