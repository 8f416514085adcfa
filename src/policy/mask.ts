import { RE2JS } from 're2js';
import { compileSearch } from './regex.ts';
import type { Letters } from './typed/text.ts';

/** What one inspection may still spend: instructions times characters. Shared by all masks and texts of one value. */
interface Purse {
  steps: number;
}

/** What one inspection may spend: a second or two of the slowest engine, and far less of what it mostly does. */
export const MAX_STEPS = 200_000_000;

/**
 * How far one search looks. A search is linear in the text, but it may look far beyond the match that it finds, and the next
 * one again, which would be quadratic.
 */
const REACH = 4_096;

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
      const maskWithin = (reach: number, given: string): string | undefined => {
        return maskMatches({ program, size, replace, purse, reach }, given);
      };
      try {
        if (!holds(program, size, text, purse)) return text;
        const near = maskWithin(REACH, text);
        if (near === undefined || text.length <= REACH || !holds(program, size, near, purse)) return near ?? replace;
        return maskWithin(near.length, near) ?? replace;
      } catch {
        return replace;
      }
    },
  };
}

/** The engine's fast way; a purse too small for it says yes. */
function holds(program: RE2JS, size: number, text: string, purse: Purse): boolean {
  if (text === '') return false;
  return !mayPay(purse, size * text.length) || program.test(text);
}

interface Sweep {
  readonly program: RE2JS;
  readonly size: number;
  readonly replace: string;
  readonly purse: Purse;
  readonly reach: number;
}

/** One match after the other, each looked for as far as `reach`; undefined when the purse is empty. */
function maskMatches({ program, size, replace, purse, reach }: Sweep, text: string): string | undefined {
  let kept = '';
  let done = 0;
  let from = 0;
  let ahead = reach;
  while (from < text.length) {
    if (isSecondHalf(text.charCodeAt(from))) from++;
    const to = Math.min(text.length, from + ahead);
    if (!mayPay(purse, size * (to - from))) return undefined;
    const matcher = program.matcher(text.slice(0, to));
    if (!matcher.find(from)) {
      if (to === text.length) break;
      // What begins in the second half of what was seen may end beyond it.
      from = Math.max(from + 1, to - (reach >> 1));
      ahead = reach;
      continue;
    }
    const start = matcher.start();
    const end = matcher.end();
    // A match that touches the end of what was seen may be longer.
    if (end === to && to < text.length) {
      ahead *= 2;
      continue;
    }
    ahead = reach;
    from = end > from ? end : from + 1;
    // A match of nothing masks nothing.
    if (start === end) continue;
    kept += text.slice(done, start) + replace;
    done = end;
  }
  return kept + text.slice(done);
}

function mayPay(purse: Purse, steps: number): boolean {
  purse.steps -= steps;
  return purse.steps >= 0;
}

/** Of a surrogate pair, within which no match begins. */
function isSecondHalf(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
