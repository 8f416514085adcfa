import type { Act } from './act.ts';
import { furtherActs, participles, warnings } from './effects.ts';
import { ARTICLES, DETERMINERS, LEADS, MARKS, PREPOSITIONS, QUALIFIERS } from './grammar.ts';
import { inEnglish, isForeign } from './languages.ts';
import { verbOf } from './lemma.ts';
import { listedActions } from './listed-actions.ts';
import { mainActs } from './main-acts.ts';
import { isKind } from './objects.ts';
import { type Sentence, sentencesOf } from './tokens.ts';

/** What a description says, by how plainly it says it. */
export interface Told {
  /** What the first sentence says that the tool does. */
  readonly main: readonly Act[];
  /** What else is said of this very tool: further effects, warnings. */
  readonly effects: readonly Act[];
  /** The first sentence is no sentence: `Current weather for a city`. */
  readonly isNounPhrase: boolean;
  /** The first sentence begins with a word that nobody knows and its object: `Frobnicate the server`. */
  readonly isCommand: boolean;
  /** The words of the first sentence. */
  readonly words: readonly string[];
}

export function readDescription(description: string, near: ReadonlySet<string>): Told {
  const sentences = sentencesOf(description).map(englishSentence);
  const first = sentences.findIndex((sentence) => !isHeading(sentence, sentences.length));
  const sentence = sentences[first];
  if (sentence === undefined) return { main: [], effects: [], isNounPhrase: false, isCommand: false, words: [] };
  const main = mainActs(sentence, near);
  const effects = [
    ...participles(sentence, near),
    ...sentences.flatMap((one, at) => (at === first ? [] : furtherActs(one, near))),
    ...sentences.flatMap(warnings),
    ...listedActions(description, near),
  ];
  return {
    main,
    effects,
    // Of another language too little is known for what has no known verb to be taken for a thing.
    isNounPhrase: main.length === 0 && !isTranslated(sentence) && !isStrange(sentence.tokens),
    isCommand: isCommand(sentence.tokens),
    words: sentence.tokens,
  };
}

/** `Kaydı siler`: a text in letters of another language, and no English word in it that holds a sentence together. */
function isStrange(tokens: readonly string[]): boolean {
  return (
    tokens.some((token) => /[^ -~]/.test(token) && /\p{L}/u.test(token)) &&
    !tokens.some((token) => PREPOSITIONS.has(token) || ARTICLES.has(token))
  );
}

/** A noun has no article behind it; what has one is a verb. */
function isCommand(tokens: readonly string[]): boolean {
  const [first = '', second = ''] = tokens;
  const isThing =
    ARTICLES.has(first) ||
    QUALIFIERS.has(first) ||
    PREPOSITIONS.has(first) ||
    LEADS.has(first) ||
    verbOf(first) !== undefined;
  // `Wave at people`, `Drip tokens to a wallet`: what is done to somebody; a thing has `of`, `for` or `in` behind it.
  const towards = tokens.findIndex((token) => PREPOSITIONS.has(token) || MARKS.test(token));
  // `References to an address`.
  const isMany = towards === 1 && first.endsWith('s');
  const isTowards =
    !isMany &&
    towards > 0 &&
    towards < 4 &&
    TOWARDS.has(tokens[towards] ?? '') &&
    !isKind(tokens[towards - 1] ?? '', 'facts');
  return !isThing && (ARTICLES.has(second) || DETERMINERS.has(second) || isTowards);
}

const TOWARDS: ReadonlySet<string> = new Set(['to', 'at', 'into', 'onto', 'via']);

/** One whose words were put into English. */
interface Read extends Sentence {
  readonly isTranslated?: true;
}

function isTranslated(sentence: Read): boolean {
  return sentence.isTranslated === true;
}

function englishSentence(sentence: Sentence): Read {
  const [first = ''] = sentence.tokens;
  if ((verbOf(first) !== undefined || LEADS.has(first)) && !SAME_ELSEWHERE.has(first)) return sentence;
  return isForeign(sentence.tokens)
    ? { text: sentence.text, tokens: inEnglish(sentence.tokens), isTranslated: true }
    : sentence;
}

/** Forms that are English words too: `liste`, `place`. */
const SAME_ELSEWHERE: ReadonlySet<string> = new Set(['legt', 'move', 'retire', 'cancela', 'consulta']);

/** `Notion |`, `[Beta]`, `Orders:`: one or two words before the sentence. */
function isHeading({ tokens }: Sentence, all: number): boolean {
  const words = tokens.filter((token) => !MARKS.test(token));
  if (all === 1 || words.length > 2) return false;
  return words.length === 0 || (!words.some((word) => verbOf(word) !== undefined) && words.length <= 2);
}
