/** Marks that make one letter of another: accents. Kana and Hangul are put together again. */
const MARKS = /[\u0300-\u036f]/gu;

/** Small letters without accents, so that `Löscht`, `loscht` and `LÖSCHT` are one word. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '').normalize('NFC').toLowerCase().replaceAll('ß', 'ss');
}

const WORD = /[\p{L}\p{N}]+/gu;

/**
 * The words of a tool's name: `deleteS3Object`, `delete-s3-object`, `aws.s3.DeleteObject`. A capital begins a word, and the last of
 * several does where a small letter follows (`HTTPRequest`).
 */
export function splitName(name: string): readonly string[] {
  return (name.match(WORD) ?? []).flatMap(splitCase).map(folded);
}

function splitCase(part: string): readonly string[] {
  const words: string[] = [];
  let start = 0;
  for (let at = 1; at < part.length; at += 1) {
    if (!startsWord(part, at)) continue;
    words.push(part.slice(start, at));
    start = at;
  }
  return [...words, part.slice(start)];
}

function startsWord(part: string, at: number): boolean {
  const here = part.charAt(at);
  if (!isCapital(here)) return false;
  if (!isCapital(part.charAt(at - 1))) return true;
  const next = part.charAt(at + 1);
  // `URLs` is one word: a lonely small `s` only makes many of it.
  const isPlural = next === 's' && (at + 2 === part.length || isCapital(part.charAt(at + 2)));
  return next !== '' && !isCapital(next) && !isDigit(next) && !isPlural;
}

function isCapital(character: string): boolean {
  return character !== character.toLowerCase();
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
