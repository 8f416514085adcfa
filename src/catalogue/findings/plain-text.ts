/** Characters of a quote. */
const LONGEST = 160;
/** What shows as nothing, is obeyed, or turns text; blanks that are no plain blank. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** A stranger's text on one line, with everything that would not be seen written as an escape; cut where it is long. */
export function plainText(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text.toWellFormed();
  return cut.replace(/\s*[\n\r\t]\s*/g, ' ').replace(UNSEEN, codeOf);
}

/** A name on one line; everything that is not plain ASCII is written as an escape, since letters can pass for others. */
export function plainName(name: string): string {
  return plainText(name).replace(/[^\x20-\x7e…]/gu, codeOf);
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A piece of a text with a little of what stands around it. */
export function quoteAround(text: string, from: number, to: number): string {
  const start = Math.max(0, from - 20);
  const end = Math.min(text.length, Math.max(to, from + 1) + 60);
  return plainText(`${start > 0 ? '…' : ''}${text.slice(start, end).trim()}${end < text.length ? '…' : ''}`);
}
