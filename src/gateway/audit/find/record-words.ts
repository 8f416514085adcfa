/** Characters of a word that are looked up; what follows is compared with the record itself. */
const LOOKED_UP = 20;

const ASCII = /^[\0-\x7f]*$/;
const ASCII_LONG = /([a-z0-9]{20})[a-z0-9]+/g;
const NUL = /\0/g;
/** Letters of scripts that put no blanks between words: each of them is one. */
const ALONE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const WORDS =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]+/gv;
const ESCAPES = /\\(?:u([0-9a-fA-F]{4})|(.))/g;

/** A word to be looked up. */
export interface SoughtWord {
  readonly word: string;
  /** A word that begins so will do. */
  readonly isBeginning: boolean;
}

/** The text of a record by which it is found: its JSON without escapes, in which letters have one case. */
export function foundBy({ body, limits }: { readonly body: string; readonly limits: string }): string {
  return inOneCase(withoutEscapes(limits === '[]' ? body : `${body}\n${limits}`));
}

/** The same for what somebody looks for. */
export function inOneCase(text: string): string {
  const lower = text.toLowerCase();
  // Which of the two it becomes depends on the letter behind it, which need not be there yet.
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

/** The words of a text in one case, with blanks between them, each as far as it is looked up. Nothing but ASCII in other places than words. */
export function wordsIn(text: string): string {
  if (ASCII.test(text)) return text.replace(NUL, ' ').replace(ASCII_LONG, '$1');
  return (text.match(WORDS) ?? []).map(lookedUp).join(' ');
}

/** What must be among the words of a record that holds this part of a text in one case. */
export function soughtIn(part: string): readonly SoughtWord[] {
  const found = [...part.matchAll(WORDS)];
  return found.map(({ 0: word, index }) => {
    const isOpen = index + word.length === part.length && !ALONE.test(word);
    const known = lookedUp(word);
    return { word: known, isBeginning: isOpen && [...known].length < LOOKED_UP };
  });
}

/** Whether a text holds this part of one at the beginning of a word; both in one case. */
export function holds(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (beginsAt(text, at)) return true;
  }
  return false;
}

/** Whether a word, or no word at all, begins there. */
function beginsAt(text: string, at: number): boolean {
  const first = characterAt(text, at);
  if (!WORD.test(first) || ALONE.test(first)) return true;
  const before = characterBefore(text, at);
  return !WORD.test(before) || ALONE.test(before);
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function characterBefore(text: string, at: number): string {
  if (at === 0) return '';
  const isPair = at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff;
  return characterAt(text, isPair ? at - 2 : at - 1);
}

function lookedUp(word: string): string {
  return word.length <= LOOKED_UP ? word : [...word].slice(0, LOOKED_UP).join('');
}

function withoutEscapes(json: string): string {
  if (!json.includes('\\')) return json;
  return json.replace(ESCAPES, (_, code: string | undefined, one: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return 'bfnrt'.includes(one) ? ' ' : one;
  });
}
