/** A name as one word that can be told from every other: whatever is not plain ASCII is written as an escape. */
export function shownName(name: string): string {
  return name.replace(/[^ -~]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A word of a command that can be copied into a shell; undefined for one that cannot be shown as it is. */
export function shellWord(word: string): string | undefined {
  if (/^[\w./:@%+,][\w./:@%+,-]*$/.test(word)) return word;
  return /^[ -~]+$/.test(word) && !word.startsWith('-') ? `'${word.replaceAll("'", "'\\''")}'` : undefined;
}
