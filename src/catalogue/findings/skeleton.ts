/** Letters that look like Latin ones, by script: what the eye takes them for. */
const CONFUSABLES: ReadonlyMap<string, string> = new Map([
  // Cyrillic
  ...pairs('аɑеосрхуіјѕһԁԛԝвмнткгӏқүѵ', 'aaeocpxyijshdqwbmhtkrlkyv'),
  ...pairs('АВЕКМНОРСТХУІЈЅҮԌԚԜѴЬ', 'ABEKMHOPCTXYIJSYGQWVb'),
  // Greek
  ...pairs('αοενυιρκτχγωςϲјβη', 'aoevuipktxywccjbn'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ', 'ABEZHIKMNOPTYXC'),
  // Latin letters of phonetic and other alphabets, and Armenian
  ...pairs('ɡıȷɩʟɴʀꜱᴏᴠᴡᴢօսոհցԼՕՏ', 'gijilnrsovwzounhgLOS'),
]);
const PLAIN = /^[\x20-\x7e\n\r\t]*$/;
/** Single characters that NFKC writes out as whole phrases: a text of them would become many times as long. */
const WHOLE_PHRASES = /[\ufdfa\ufdfb\u3300-\u3357]/g;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** What a name looks like: two names of one skeleton are hard to tell apart. Letters keep their case. */
export function skeletonOf(name: string): string {
  let seen = '';
  for (const character of name.normalize('NFKC').replace(HIDDEN, '')) seen += CONFUSABLES.get(character) ?? character;
  return seen
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/[I1|]/g, 'l')
    .replace(/0/g, 'O');
}

/** The same without case and without what separates words. */
export function looseSkeletonOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** A text as the eye reads it, for rules that look for words. */
export function foldedText(text: string): string {
  if (PLAIN.test(text)) return text;
  let seen = '';
  const plain = text.replace(WHOLE_PHRASES, ' ').normalize('NFKC');
  for (const character of plain.replace(HIDDEN, (one) => (/\s/.test(one) ? one : '')))
    seen += CONFUSABLES.get(character) ?? character;
  return seen;
}

function pairs(from: string, to: string): readonly (readonly [string, string])[] {
  const letters = [...to];
  return [...from].map((letter, index) => [letter, letters[index] ?? letter]);
}
