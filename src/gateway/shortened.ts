const MAX_LENGTH = 300;

/** A server's own words as far as they are repeated in a line of the log or in an error: short, and on one line. */
export function shortened(text: string): string {
  const line = text
    .slice(0, MAX_LENGTH)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ');
  return text.length > MAX_LENGTH ? `${line} …` : line;
}
