import { MatcherInput, RE2JS } from 're2js';
import { compileSearch } from './regex.ts';
import type { Letters } from './typed/text.ts';

/** What one inspection may still spend: instructions times characters. Shared by all masks and texts of one value. */
export interface Purse {
  steps: number;
}

/** What one inspection may spend, which is at most about a second of the slowest engine. */
export const MAX_STEPS = 100_000_000;
/** What the engine does for each search before it looks at the text. */
const STEPS_OF_A_SEARCH = 512;

/** Replaces every match in texts. */
export interface TextMask {
  /** As compiled; equal texts are equal masks. */
  readonly pattern: string;
  readonly replace: string;
  /** Instructions of the compiled program. */
  readonly size: number;
  /** Whether it matches where there is nothing. */
  readonly matchesNothing: boolean;
  /** The text with all matches replaced; nothing but the replacement where the purse does not reach to judge it. */
  mask(text: string, purse: Purse): string;
}

/** Compiles an expression in RE2 syntax with what stands in place of its matches, literally; a text says why it cannot be. */
export function compileMask(pattern: string, letters: Letters, replace: string): TextMask | string {
  const search = compileSearch(pattern, letters);
  if (typeof search === 'string') return search;
  const program = RE2JS.compile(pattern, letters === 'any case' ? RE2JS.CASE_INSENSITIVE : 0);
  const size = Math.max(1, program.programSize());
  return {
    pattern: `${letters} ${pattern}`,
    replace,
    size,
    matchesNothing: program.test(''),
    mask(text, purse) {
      if (text === '') return text;
      purse.steps -= text.length * size;
      if (purse.steps < 0) return replace;
      try {
        return program.test(text) ? replaceMatches(program, text, replace, purse, size) : text;
      } catch {
        return replace;
      }
    },
  };
}

/** One match after the other. A match of nothing masks nothing. Throws when the purse is empty. */
function replaceMatches(program: RE2JS, text: string, replace: string, purse: Purse, size: number): string {
  const matcher = program.matcher(MatcherInput.utf16(metered(text, purse, size)));
  let kept = '';
  let done = 0;
  while (matcher.find()) {
    spend(purse, STEPS_OF_A_SEARCH);
    const start = matcher.start();
    const end = matcher.end();
    if (start === end) continue;
    kept += text.slice(done, start) + replace;
    done = end;
  }
  return kept + text.slice(done);
}

/**
 * A text that counts how often it is looked at. One search is linear in the text, but it may look far beyond the match
 * that it finds, and the next one again; the purse bounds all of them together.
 */
function metered(text: string, purse: Purse, size: number): object {
  return {
    length: text.length,
    charCodeAt(index: number): number {
      spend(purse, size);
      return text.charCodeAt(index);
    },
    indexOf(part: string, from: number): number {
      const found = text.indexOf(part, from);
      spend(purse, 1 + (((found === -1 ? text.length : found) - from) >> 4));
      return found;
    },
  };
}

function spend(purse: Purse, steps: number): void {
  purse.steps -= steps;
  if (purse.steps < 0) throw new Error('the purse is empty');
}
