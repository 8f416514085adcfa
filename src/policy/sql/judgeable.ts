/** Characters of a text that is still parsed; a list of ten thousand numbers fits. */
export const MAX_SQL = 50_000;
/** Operator characters in a row; the scanner of PostgreSQL takes quadratic time over them. */
const MAX_RUN = 200;
const OPERATOR_CHARACTERS = '~!@#^&|`?+-*/%<>=';

/**
 * Whether a text means the same to the parser here and to any server. A NUL ends it early for some; half a surrogate pair is
 * changed on the way; `\'` ends a string or not by a setting of the server (`standard_conforming_strings`); and what is a
 * comment to PostgreSQL is executed by others when it begins with `/*!`.
 */
export function isJudgeable(text: string): boolean {
  if (text.length > MAX_SQL || !text.isWellFormed()) return false;
  if (text.includes('\0') || text.includes("\\'") || /\/\*M?!/i.test(text)) return false;
  return longestRun(text) <= MAX_RUN;
}

function longestRun(text: string): number {
  let longest = 0;
  let run = 0;
  for (const character of text) {
    run = OPERATOR_CHARACTERS.includes(character) ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
