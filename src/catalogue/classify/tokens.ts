import { folded } from './split-words.ts';

/** Words, and the marks between them. Identifiers (`create_order`) and addresses stay whole, and are no verbs. */
const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}_'’-]*|[,;:.!?()|&/+[\]—–-。！？；，、]/gu;
const ENDS: ReadonlySet<string> = new Set(['.', '!', '?', ';', '。', '！', '？', '；', '|']);
const SHORT: ReadonlySet<string> = new Set(['e', 'g', 'eg', 'i', 'ie', 'etc', 'vs', 'no', 'approx', 'incl']);

/** How much of a description is read; what matters stands in front, and a hostile text is long. */
const LONGEST = 4_000;
const MOST_SENTENCES = 40;

export interface Sentence {
  /** As it stands there. */
  readonly text: string;
  /** In small letters. */
  readonly tokens: readonly string[];
}

/** The sentences of a text. A line that is empty, or an item of a list, ends one too. */
export function sentencesOf(text: string): readonly Sentence[] {
  const cut = text.slice(0, LONGEST);
  const sentences: Sentence[] = [];
  let tokens: string[] = [];
  let start = 0;
  let end = 0;
  const close = (): void => {
    if (tokens.length > 0) sentences.push({ text: cut.slice(start, end).trim(), tokens });
    tokens = [];
  };
  for (const match of cut.matchAll(TOKEN)) {
    if (sentences.length >= MOST_SENTENCES) break;
    const between = cut.slice(end, match.index);
    if (/\n\s*(?:\n|[-*•#\d])/.test(between.slice(0, 200))) close();
    if (tokens.length === 0) start = match.index;
    const token = folded(match[0]);
    end = match.index + match[0].length;
    if (!ENDS.has(token)) {
      tokens.push(token);
      continue;
    }
    const isInside = token === '.' && !isSpace(cut.charAt(end)) && cut.charAt(end) !== '';
    if (isInside || (token === '.' && SHORT.has(tokens.at(-1) ?? ''))) continue;
    close();
  }
  close();
  return sentences;
}

function isSpace(character: string): boolean {
  return character === '' || /[\s"'”’)\]]/.test(character);
}
