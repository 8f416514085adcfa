import type { RiskClass } from '../../policy/decision.ts';
import { type Act, rankOf } from './act.ts';
import { ARTICLES, isAdverb, MARKS, PREPOSITIONS, QUALIFIERS } from './grammar.ts';
import { type Verb, verbOf } from './lemma.ts';
import { isKind, singular } from './objects.ts';
import { senseOf } from './pairs.ts';
import type { Sentence } from './tokens.ts';
import { NOUN_TOO } from './verbs.ts';

/** What the verb at a place of a sentence does to what stands behind it. */
export function actAt(
  tokens: readonly string[],
  at: number,
  verb: Verb,
  sentence: Sentence,
  near: ReadonlySet<string>,
): Act | undefined {
  const object = objectOf(tokens, at);
  const around = nearAt(tokens, at, near);
  const sense = worseSense(senseOf(verb.base, object, around), verb.base, tokens, at, object.length, around);
  if (sense === undefined) return undefined;
  const isLoose = NOUN_TOO.has(verb.base) && object.length === 0 && !ARTICLES.has(tokens[at + 1] ?? '');
  return {
    class: sense,
    verb: verb.base,
    object,
    weight: isLoose ? 'faint' : 'firm',
    evidence: { from: 'description', quote: quoted(sentence.text), says: saying(verb.base, object, sense) },
  };
}

/** `Place a stock or ETF order`: of joined objects the worse counts. */
function worseSense(
  sense: RiskClass | undefined,
  verb: string,
  tokens: readonly string[],
  at: number,
  length: number,
  near: ReadonlySet<string>,
): RiskClass | undefined {
  if (sense === undefined || sense === 'read' || length === 0) return sense;
  const join = tokens.findIndex((token, place) => place > at && (token === 'or' || token === 'and'));
  if (join < 0 || join > at + 6 || verbOf(tokens[join + 1] ?? '')?.form === verbOf(tokens[at] ?? '')?.form)
    return sense;
  const other = senseOf(verb, objectOf(tokens, join), near);
  return other !== undefined && rankOf(other) > rankOf(sense) ? other : sense;
}

const CONTAINERS: ReadonlySet<string> = new Set(
  'list set batch series collection number group copy couple range piece type kind instance subset sequence bunch pair content body text page contents markdown html'.split(
    ' ',
  ),
);

/** What stands behind a verb up to the next preposition; `a batch of payments` are payments. */
export function objectOf(tokens: readonly string[], at: number): readonly string[] {
  const words: string[] = [];
  for (let place = at + 1; place < tokens.length && place < at + 12; place += 1) {
    const token = tokens[place] ?? '';
    if (token === 'of' && words.length > 0 && CONTAINERS.has(words.at(-1) ?? '')) {
      words.length = 0;
      continue;
    }
    if (PREPOSITIONS.has(token)) {
      if (words.length > 0) break;
      // `Search for flights`.
      if (place === at + 1) continue;
      break;
    }
    if (MARKS.test(token) || token === 'and' || token === 'or' || token === 'then') {
      if (words.length > 0 || MARKS.test(token)) break;
      continue;
    }
    if (QUALIFIERS.has(token) || isAdverb(token)) continue;
    if (words.length > 0 && (token === 'set' || verbOf(token)?.form === 'ed')) break;
    words.push(singular(token.replace(/['’]s?$/, '')));
  }
  return words;
}

function isRemoval(tokens: readonly string[], at: number): boolean {
  const from = tokens.indexOf('from', at + 1);
  return from > 0 && from < at + 8 && tokens.slice(from + 1, from + 6).some((word) => isKind(word, 'list'));
}

function nearAt(tokens: readonly string[], at: number, near: ReadonlySet<string>): ReadonlySet<string> {
  const marks = [
    ...(isRemoval(tokens, at) ? ['~removal'] : []),
    ...(isFromUrl(tokens, at) ? ['~fromurl'] : []),
    ...(isInto(tokens, at) ? ['~into'] : []),
    ...(isToDisk(tokens, at) ? ['~todisk'] : []),
  ];
  return marks.length === 0 ? near : new Set([...near, ...marks]);
}

/** `from a URL`, `of any webpage`: the caller says which. */
function isFromUrl(tokens: readonly string[], at: number): boolean {
  for (let place = at + 1; place < tokens.length && place < at + 10; place += 1) {
    const token = tokens[place] ?? '';
    if (token !== 'from' && token !== 'of' && token !== 'at') continue;
    const behind = tokens
      .slice(place + 1, place + 5)
      .filter((word) => !ARTICLES.has(word) && !QUALIFIERS.has(word) && word !== 'web');
    if (ADDRESSES.has(singular(behind[0] ?? ''))) return true;
  }
  return false;
}

/** `Turn a list into a table`. */
function isInto(tokens: readonly string[], at: number): boolean {
  const into = tokens.indexOf('into', at + 1);
  return into > 0 && into < at + 14;
}

/** `Download a paper to disk`: what is kept is written. */
function isToDisk(tokens: readonly string[], at: number): boolean {
  const behind = tokens.slice(at + 1, at + 16);
  return behind.some(
    (token, place) =>
      token === 'locally' ||
      (DISKS.has(token) &&
        behind.slice(Math.max(0, place - 3), place).some((word) => word === 'to' || word === 'into')),
  );
}

const DISKS: ReadonlySet<string> = new Set('disk disc file filesystem folder directory path'.split(' '));

const ADDRESSES: ReadonlySet<string> = new Set(['url', 'webpage', 'website', 'page/url', 'uri', 'hyperlink']);

export function quoted(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}

export function saying(verb: string, object: readonly string[], sense: string): string {
  const what = object.length === 0 ? '' : ` of "${object.join(' ')}"`;
  return `"${verb}"${what}: ${sense}`;
}
