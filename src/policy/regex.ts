import { RE2JS } from 're2js';
import { TRUE, type Truth, truth, UNKNOWN } from './truth.ts';

/** Whether a text holds a match. Unknown for a text beyond a limit of size. */
export type Search = (text: string) => Truth;

/** Longer strings are not judged by any operator. UTF-16 units. */
export const MAX_TEXT = 1_000_000;

const MAX_PATTERN = 1_000;
const MAX_PROGRAM = 2_000;
/**
 * Instructions times characters of one search. Matching is linear in the text, but the slowest engine pays for each
 * instruction at each character (about 10 ns): this holds a hostile text against a clumsy pattern to a fraction of a second.
 */
const MAX_STEPS = 20_000_000;

export interface CompiledSearch {
  readonly search: Search;
  /** Instructions of the compiled program; none where no engine is needed. */
  readonly size: number;
}

/** Compiles a pattern in RE2 syntax; a text says why it cannot be. */
export function compileSearch(pattern: string, letters: 'as written' | 'any case'): CompiledSearch | string {
  if (pattern.length > MAX_PATTERN) return `longer than ${MAX_PATTERN} characters`;
  const plain = letters === 'as written' ? plainSearch(pattern) : undefined;
  if (plain !== undefined) return { search: plain, size: 0 };
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, letters === 'any case' ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not an RE2 pattern';
  }
  const size = compiled.programSize();
  if (size > MAX_PROGRAM) return 'too large once its repetitions are written out; use smaller ones';
  const longest = Math.min(MAX_TEXT, Math.floor(MAX_STEPS / size));
  const search: Search = (text) => {
    if (text.length > longest) return UNKNOWN;
    try {
      return truth(compiled.test(text));
    } catch {
      return UNKNOWN;
    }
  };
  return { search, size };
}

/** Patterns that only spell out a text, perhaps anchored, need no engine. */
function plainSearch(pattern: string): Search | undefined {
  const parts = /^(\^?)((?:[A-Za-z0-9_ \-/:@,;=<>#%&~'"!]|\\[.\-/+*?()[\]{}|^$\\])*)(\$?)$/.exec(pattern);
  if (parts === null) return undefined;
  const [, start, body = '', end] = parts;
  const literal = body.replace(/\\(.)/g, '$1');
  if (start === '^' && end === '$') return (text) => truth(text === literal);
  if (start === '^') return (text) => truth(text.startsWith(literal));
  if (end === '$') return (text) => truth(text.endsWith(literal));
  return literal === '' ? () => TRUE : (text) => truth(text.includes(literal));
}
