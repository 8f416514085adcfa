/** Characters of a word that are looked up; what follows is compared with the record itself. */
const LOOKED_UP = 20;

const ASCII = /^[\0-\x7f]*$/;
const NUL = /\0/g;
/** Letters of scripts that put no blanks between words: each of them is one. */
const ALONE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const WORDS =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]+/gv;
/** One of these between two words makes them one thing: an address, a path, a name. */
const JOINTS = '@._/:+#=&%~\\-';
/** Stands in no word of a text. */
const PAIR = '\uE001';
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

/**
 * The words of a text in one case, with blanks between them, each as far as it is looked up, and then those pairs of them that are joined:
 * an address is seldom, where all of its words are common. Nothing beyond ASCII stands in other places than words.
 */
export function wordsIn(text: string): string {
  if (ASCII.test(text)) return asciiWords(text.includes('\0') ? text.replace(NUL, ' ') : text);
  const words = lookedUpIn(text).map(({ word }) => word);
  return words.join(' ');
}

/** The same for nearly all texts there are, in one go: every record passes here once. */
function asciiWords(text: string): string {
  let [words, pairs, copied] = ['', '', 0];
  let [begin, before, end] = [-1, -1, -1];
  for (let at = 0; at <= text.length; at += 1) {
    if (isOfAsciiWord(text.charCodeAt(at))) {
      if (begin < 0) begin = at;
      continue;
    }
    if (begin < 0) continue;
    if (at - begin > LOOKED_UP) {
      words += text.slice(copied, begin + LOOKED_UP);
      copied = at;
    }
    if (before >= 0 && isJoined(text, end, begin))
      pairs += ` ${pairOf(text.slice(before, end), text.slice(begin, at))}`;
    before = begin;
    end = at;
    begin = -1;
  }
  return words + text.slice(copied) + pairs;
}

/** Whether nothing but a joint is between the end of a word and the beginning of the next. */
function isJoined(text: string, end: number, begin: number): boolean {
  return begin - end === 1 && JOINTS.includes(text[end] ?? ' ');
}

/** A digit or a small letter. */
function isOfAsciiWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

/** What must be among the words of a record that holds this part of a text in one case; `anywhere`: a word may have begun before it. */
export function soughtIn(part: string, begins: 'at a word' | 'anywhere' = 'at a word'): readonly SoughtWord[] {
  const known = lookedUpIn(part).filter(({ begin }) => begins === 'at a word' || begin > 0);
  const pairs = known.filter(({ word }) => word.includes(PAIR));
  const isOfPair = ({ begin, end }: LookedUp): boolean => pairs.some((pair) => begin >= pair.begin && end <= pair.end);
  // What a pair says of its words need not be asked again.
  const needed = [...pairs, ...known.filter((one) => !one.word.includes(PAIR) && !isOfPair(one))];
  return needed.map(({ word, last, end }) => {
    const isOpen = end === part.length && !ALONE.test(last);
    return { word, isBeginning: isOpen && [...last].length < LOOKED_UP };
  });
}

interface LookedUp {
  readonly word: string;
  /** The word as it stands there, of a pair the second. */
  readonly last: string;
  readonly begin: number;
  readonly end: number;
}

function lookedUpIn(text: string): readonly LookedUp[] {
  const words = [...text.matchAll(WORDS)].map(({ 0: last, index }) => ({
    word: lookedUp(last),
    last,
    begin: index,
    end: index + last.length,
  }));
  const pairs = words.flatMap(({ last, begin, end }, at) => {
    const before = words[at - 1];
    if (before === undefined || !isJoined(text, before.end, begin)) return [];
    return [{ word: pairOf(before.last, last), last, begin: before.begin, end }];
  });
  return [...words, ...pairs];
}

function pairOf(word: string, next: string): string {
  return `${lookedUp(word)}${PAIR}${lookedUp(next)}`;
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
