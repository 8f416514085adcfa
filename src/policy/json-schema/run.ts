import type { Json, JsonArray, JsonObject } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { CompiledSearch } from '../regex.ts';
import { TRUE, UNKNOWN } from '../truth.ts';
import { Stop } from './stop.ts';

/** What one check has used, where it is, and what it has seen so far. */
export interface Run {
  /** Units of work left; about 30 ns each. */
  steps: number;
  /** Instructions of patterns times characters left. */
  searches: number;
  /** Schemas within schemas that may still be entered. */
  levels: number;
  readonly path: (string | number)[];
  /** While above zero a failure is an answer and nothing to tell. */
  quiet: number;
  miss: Miss | undefined;
  readonly isNoting: boolean;
  /** Which members were looked at by schemas that pass; what a failing branch noted is cut off again. */
  readonly notes: Note[];
  readonly texts: Map<Json, string>;
}

/** What is wanted, and where: `/amount` must `be a number`. */
export interface Miss {
  readonly path: readonly (string | number)[];
  readonly wants: string;
}

interface Note {
  readonly owner: JsonArray | JsonObject;
  readonly key: string | number;
  /** A schema that says something spoke for it; `additionalProperties: true` does not. */
  readonly isNamed: boolean;
}

const SEARCHES = 20_000_000;
/** Bounded so that the deepest run stays far from the end of the stack. */
const LEVELS = 500;

export function newRun(steps: number, noting: 'notes' | 'no notes'): Run {
  return {
    steps,
    searches: SEARCHES,
    levels: LEVELS,
    path: [],
    quiet: 0,
    miss: undefined,
    isNoting: noting === 'notes',
    notes: [],
    texts: new Map(),
  };
}

export function spend(run: Run, steps: number): void {
  run.steps -= steps;
  if (run.steps < 0) throw new Stop('its schema asks for too much work; simplify the schema');
}

/** Records what is wanted and gives `false`, the answer of a failing check. */
export function miss(run: Run, wants: string): false {
  if (run.quiet === 0) run.miss = { path: run.path.slice(), wants };
  return false;
}

/** Remembers, for those who ask later, that a schema has spoken for a member. */
export function note(run: Run, noted: Note): void {
  if (run.isNoting) run.notes.push(noted);
}

/** Forgets what was noted since: a branch that fails has seen nothing. */
export function forget(run: Run, since: number): void {
  run.notes.length = since;
}

/** The canonical text of an array or object, written once in a run. */
export function textOf(run: Run, value: JsonArray | JsonObject): string {
  const known = run.texts.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value);
  spend(run, text.length >> 3);
  run.texts.set(value, text);
  return text;
}

export function isFound(run: Run, { search, size }: CompiledSearch, text: string): boolean {
  spend(run, 1);
  run.searches -= text.length * Math.max(size, 1);
  if (run.searches < 0) throw new Stop('it is too long for the pattern of its schema');
  const found = search(text);
  if (found === UNKNOWN) throw new Stop('it is too long for the pattern of its schema');
  return found === TRUE;
}
