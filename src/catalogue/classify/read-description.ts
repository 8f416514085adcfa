import type { RiskClass } from '../../policy/decision.ts';
import { type Act, rankOf } from './act.ts';
import { inEnglish, isForeign } from './languages.ts';
import { type Verb, verbOf } from './lemma.ts';
import { isKind, singular } from './objects.ts';
import { senseOf } from './pairs.ts';
import { joined } from './phrases.ts';
import { PREPOSITIONS, QUALIFIERS, readName, saying } from './read-name.ts';
import { type Sentence, sentencesOf } from './tokens.ts';
import { NOUN_TOO, VERBS } from './verbs.ts';

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

const LEADS: ReadonlySet<string> = new Set(
  `this tool command function endpoint api method action operation will can could is are used to use it allows allow lets let enables enable you your users
  user helps help agent agents model client claude llm ai please always must should may be designed intended meant able ability capable of for provides provide way utility
  helper that which lets makes possible when need want needs wants if mcp server calls call easily quickly simply safely efficiently securely
  deprecated experimental beta new note notes important warning caution mandatory required preferred recommended primary wrapper convenience
  interface support supports supported supporting attempts attempt tries try operations actions we i us optionally then also first
  facilitate facilitates responsible step1 one would like`.split(/\s+/),
);
const OPEN: ReadonlySet<string> = new Set(['manage', 'administer', 'handle', 'maintain', 'perform', 'do', 'work']);
const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);
const TOOLS: ReadonlySet<string> = new Set(
  'tool way function utility command endpoint api method action operation helper wrapper interface'.split(' '),
);
const INTRODUCES: ReadonlySet<string> = new Set(
  'given if when in on with based using after before once from by as while during whenever upon per without where via through unlike'.split(
    ' ',
  ),
);
const NOT: ReadonlySet<string> = new Set(
  `not never without no cannot dont don't doesn't doesnt won't wont can't cant isn't instead than before after avoid avoids avoiding prevent prevents
  preventing rather unable neither nor previously already unless until if when whether would requires require don’t doesn’t won’t can’t`.split(
    /\s+/,
  ),
);
const JOINS: ReadonlySet<string> = new Set(
  ', and or / & then plus also optionally ( ; as well and/or immediately permanently : — – - with'.split(' '),
);
const MARKS = /^[^\p{L}\p{N}]$/u;

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
    isNounPhrase: main.length === 0,
    isCommand: isCommand(sentence.tokens),
    words: sentence.tokens,
  };
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
  return !isThing && (ARTICLES.has(second) || DETERMINERS.has(second));
}

function englishSentence(sentence: Sentence): Sentence {
  const [first = ''] = sentence.tokens;
  if ((verbOf(first) !== undefined || LEADS.has(first)) && !SAME_ELSEWHERE.has(first)) return sentence;
  return isForeign(sentence.tokens) ? { text: sentence.text, tokens: inEnglish(sentence.tokens) } : sentence;
}

/** Forms that are English words too: `liste`, `place`. */
const SAME_ELSEWHERE: ReadonlySet<string> = new Set(['legt', 'move', 'retire', 'cancela', 'consulta']);

/** `Actions: list, create, delete`, `action='delete'`. */
function listedActions(description: string, near: ReadonlySet<string>): readonly Act[] {
  const cut = description.slice(0, 4_000);
  const lists = [
    ...cut.matchAll(
      /\b(?:actions?|operations?|commands?|subcommands?|modes?) ?(?:[:=(]|include:?|are:?) ?([^.;\n]{1,300})/gi,
    ),
  ].slice(0, 20);
  const words = lists.flatMap(([whole = '', list = '']) => {
    const isOne = /^\w+ ?=/.test(whole);
    const items = list.split(isOne ? /[^\w'"`-]/ : /,|\||\/| or | and /).slice(0, isOne ? 1 : 40);
    return items
      .map((item) => item.replace(/[^\w -]/g, '').trim())
      .filter((item) => item !== '' && item.split(' ').length <= 2);
  });
  return words.flatMap((word) =>
    readName(word, near)
      .slice(0, 1)
      .map((act) => ({
        ...act,
        evidence: { from: 'description', quote: word, says: `one of its actions: ${act.class}` } as const,
      })),
  );
}

/** `Notion |`, `[Beta]`, `Orders:`: one or two words before the sentence. */
function isHeading({ tokens }: Sentence, all: number): boolean {
  const words = tokens.filter((token) => !MARKS.test(token));
  if (all === 1 || words.length > 2) return false;
  return words.length === 0 || (!words.some((word) => verbOf(word) !== undefined) && words.length <= 2);
}

/** The main verb of a sentence whose subject is the tool, and those joined to it. */
function mainActs(sentence: Sentence, near: ReadonlySet<string>): readonly Act[] {
  const tokens = joined(withoutBrackets(sentence.tokens));
  const found = mainVerb(tokens);
  if (found === undefined) return [];
  const acts: (Act | undefined)[] = [actAt(tokens, found.at, found.verb, sentence, near)];
  // `Execute a statement (INSERT, DELETE …)`: what follows are words of the language.
  if (acts[0]?.class === 'execute' && acts[0].object.some((word) => isKind(word, 'code')))
    return acts.filter((act) => act !== undefined);
  let accepted = found.at;
  for (let at = found.at + 1; at < tokens.length && at < found.at + 60; at += 1) {
    if (!JOINS.has(tokens[at - 1] ?? '')) continue;
    const verb = verbOf(tokens[at] ?? '');
    if (verb === undefined || verb.form !== found.verb.form || isNegated(tokens, at)) continue;
    if (!isJoined(tokens, at, verb, accepted)) continue;
    accepted = at;
    acts.push(actAt(tokens, at, verb, sentence, near));
  }
  return acts.filter((act) => act !== undefined);
}

/** Joined to the verb before it (`Create or delete`), with an object of its own (`and delete it`), or the last of a list of verbs. */
function isJoined(tokens: readonly string[], at: number, verb: Verb, accepted: number): boolean {
  const next = tokens[at + 1];
  if (next === ')' && tokens[at - 1] === '(') return false;
  if (next !== undefined && (ARTICLES.has(next) || DETERMINERS.has(next))) return true;
  const isAdjacent = tokens.slice(accepted + 1, at).every((token) => JOINS.has(token) || isAdverb(token));
  if (isAdjacent)
    return (
      !NOUN_TOO.has(verb.base) || next === undefined || MARKS.test(next) || JOINS.has(next) || hasObject(tokens, at)
    );
  return (
    !NOUN_TOO.has(verb.base) && (next === undefined || MARKS.test(next) || (JOINS.has(next) && tokens[at - 1] === ','))
  );
}

const DETERMINERS: ReadonlySet<string> = new Set(
  'it them its their any all this that these those each every your existing one multiple'.split(' '),
);

/** A text in brackets at the beginning is a remark. */
function withoutBrackets(tokens: readonly string[]): readonly string[] {
  const open = tokens[0];
  if (open !== '[' && open !== '(') return tokens;
  const end = tokens.indexOf(open === '[' ? ']' : ')');
  return end < 0 || end > 12 ? tokens.slice(1) : withoutBrackets(tokens.slice(end + 1));
}

function mainVerb(tokens: readonly string[]): { readonly at: number; readonly verb: Verb } | undefined {
  let at = 0;
  let isAfterLead = false;
  for (let steps = 0; steps < 40 && at < tokens.length; steps += 1) {
    const token = tokens[at] ?? '';
    if (ARTICLES.has(token)) {
      const tool = tokens.slice(at, at + 6).findIndex((word) => TOOLS.has(word));
      if (tool < 0) return isAfterLead ? laterVerb(tokens, at) : undefined;
      at += tool + 1;
      isAfterLead = true;
      continue;
    }
    if (
      NOT.has(token) &&
      token !== 'if' &&
      token !== 'when' &&
      token !== 'before' &&
      token !== 'after' &&
      token !== 'without' &&
      token !== 'requires' &&
      token !== 'require' &&
      token !== 'instead'
    ) {
      if (token === 'not' || token === 'never' || token === 'cannot' || token.endsWith("n't"))
        return laterVerb(tokens, at + 2);
    }
    const colon = tokens.slice(at, at + 6).indexOf(':');
    if (
      colon > 0 &&
      tokens.length - at - colon > 2 &&
      !OPEN.has(verbOf(token)?.base ?? '') &&
      verbOf(tokens[at + colon + 1] ?? '') !== undefined
    ) {
      at += colon + 1;
      continue;
    }
    if (INTRODUCES.has(token) && !(token === 'when' && tokens[at + 1] === 'you')) {
      const comma = tokens.indexOf(',', at);
      if (comma < 0) return laterVerb(tokens, at + 1);
      at = comma + 1;
      isAfterLead = true;
      continue;
    }
    if (token === 'start' && tokens[at + 1] === 'here') {
      at += 2;
      continue;
    }
    const verb = verbOf(token);
    if (LEADS.has(token) || MARKS.test(token)) {
      // `Use X to click`, `Call the API`: without an object they lead on.
      at += 1;
      isAfterLead = true;
      continue;
    }
    if (isAdverb(token)) {
      at += 1;
      continue;
    }
    if (verb === undefined || verb.form === 'ed') return laterVerb(tokens, at + 1);
    if (verb.form === 'ing' && NOUN_TOO.has(verb.base) && !hasObject(tokens, at)) return undefined;
    if (NOUN_TOO.has(verb.base) && !hasObject(tokens, at) && tokens.length > at + 1) return laterVerb(tokens, at + 1);
    return { at, verb };
  }
  return undefined;
}

/** Of a sentence that does not begin with a verb: `that deletes`, `to delete`. */
function laterVerb(tokens: readonly string[], from: number): { readonly at: number; readonly verb: Verb } | undefined {
  for (let at = Math.max(from, 1); at < tokens.length && at < from + 25; at += 1) {
    const before = tokens[at - 1] ?? '';
    if (before !== 'to' && before !== 'that' && before !== 'which' && before !== 'will') continue;
    if ((before === 'that' || before === 'which') && verbOf(tokens[at] ?? '')?.form !== 's') continue;
    const verb = verbOf(tokens[at] ?? '');
    if (verb === undefined || verb.form === 'ed' || verb.form === 'ing' || isNegated(tokens, at)) continue;
    if (before === 'to' && verb.form !== 'base') continue;
    if (NOUN_TOO.has(verb.base) && !hasObject(tokens, at)) continue;
    // `is`, `has`: says what a thing is, not what is done.
    if (verb.base === 'is' || verb.base === 'has' || verb.base === 'are' || verb.base === 'use') continue;
    return { at, verb };
  }
  return undefined;
}

function isAdverb(token: string): boolean {
  return (
    token.endsWith('ly') &&
    token !== 'reply' &&
    token !== 'apply' &&
    token !== 'fly' &&
    token !== 'multiply' &&
    token !== 'early' &&
    token !== 'only'
  );
}

/** A word that may be a noun is a verb where something follows that it acts on. */
function hasObject(tokens: readonly string[], at: number): boolean {
  const next = tokens[at + 1];
  const verb = verbOf(tokens[at] ?? '');
  if (next === undefined || MARKS.test(next) || /^\d/.test(next)) return false;
  if (next === 'and' || next === 'or' || next === 'newest' || next === 'are' || next === 'is')
    return next === 'and' || next === 'or' ? isVerbJoined(tokens, at) : false;
  if (ARTICLES.has(next) || QUALIFIERS.has(next)) return true;
  if (PREPOSITIONS.has(next))
    return (
      ['search', 'wait', 'go', 'report', 'comment', 'check', 'log', 'reply', 'subscribe'].includes(verb?.base ?? '') &&
      verb?.form !== 'ed' &&
      next !== 'of'
    );
  const following = verbOf(next);
  if (following?.form === 'ed') return false;
  const object = objectOf(tokens, at);
  const last = object.at(-1) ?? '';
  // `Order history`, `Build status of a branch`.
  return (
    !isKind(last, 'facts') ||
    verb?.form === 's' ||
    VERBS.get(verb?.base ?? '') === 'read' ||
    ['update', 'change', 'set', 'reset', 'run', 'submit', 'post', 'import'].includes(verb?.base ?? '')
  );
}

/** `Run or cancel a job`: joined to another verb that has an object. */
function isVerbJoined(tokens: readonly string[], at: number): boolean {
  const verb = verbOf(tokens[at + 2] ?? '');
  return (
    verb !== undefined &&
    verb.form === verbOf(tokens[at] ?? '')?.form &&
    (!NOUN_TOO.has(verb.base) || hasObject(tokens, at + 2))
  );
}

function isNegated(tokens: readonly string[], at: number): boolean {
  for (let back = at - 1; back >= 0 && back >= at - 3; back -= 1) {
    const token = tokens[back] ?? '';
    if (token === ',' || token === ';') return false;
    if (NOT.has(token)) return true;
  }
  return false;
}

/** `..., overwriting it`, `by placing sell orders`: what happens on the way, where it is grave. */
function participles(sentence: Sentence, near: ReadonlySet<string>): readonly Act[] {
  const tokens = joined(sentence.tokens);
  const acts: Act[] = [];
  for (let at = 2; at < tokens.length && at < 80; at += 1) {
    const before = tokens[at - 1] ?? '';
    const verb = verbOf(tokens[at] ?? '');
    const isParticiple =
      verb?.form === 'ing' &&
      (before === ',' || before === 'by' || before === 'and' || before === '(' || isAdverb(before));
    const isOverwrite = verb?.base === 'overwrite' && verb.form === 'base' && (isAdverb(before) || before === 'or');
    if (verb === undefined || !(isParticiple || isOverwrite) || isNegated(tokens, at)) continue;
    const act = actAt(tokens, at, verb, sentence, near);
    // `unpublishes it, removing it from the site`: may be no more than what the main verb says.
    if (verb.base !== 'remove' && (act?.class === 'destructive' || act?.class === 'financial')) acts.push(act);
  }
  return acts;
}

const SUBJECTS: ReadonlySet<string> = new Set(
  'this it warning caution also permanently irreversibly automatically important note all existing any the your previous'.split(
    ' ',
  ),
);

/** A further sentence says something of this tool where the tool is its subject; the others tell of other tools, and of arguments. */
function furtherActs(sentence: Sentence, near: ReadonlySet<string>): readonly Act[] {
  const start = sentence.tokens.findIndex((token) => !MARKS.test(token));
  const first = sentence.tokens[start];
  if (first === undefined || !SUBJECTS.has(first)) return [];
  const tokens = joined(sentence.tokens.slice(start));
  const passive = passiveAct(tokens, sentence, near);
  if (passive !== undefined) return [passive];
  if (PASSIVE.has(first)) return [];
  if (isConditional(tokens)) return [];
  const found = mainVerb(tokens);
  if (found === undefined || found.verb.form === 'ing' || isNegated(tokens, found.at)) return [];
  const act = actAt(tokens, found.at, found.verb, sentence, near);
  const isGrave =
    act !== undefined && (act.class === 'destructive' || act.class === 'financial' || act.class === 'execute');
  return isGrave && act.weight === 'firm' ? [act] : [];
}

const PASSIVE: ReadonlySet<string> = new Set(['all', 'existing', 'any', 'the', 'your', 'previous']);

function isConditional(tokens: readonly string[]): boolean {
  return tokens.some((token) => token === 'if' || token === 'when' || token === 'unless' || token === 'only');
}

/** `All data will be deleted`, `Existing files are overwritten`. */
function passiveAct(tokens: readonly string[], sentence: Sentence, near: ReadonlySet<string>): Act | undefined {
  if (isConditional(tokens)) return undefined;
  for (let at = 1; at < tokens.length && at < 20; at += 1) {
    const verb = tokens[at] === 'lost' ? { base: 'delete', form: 'ed' as const } : verbOf(tokens[at] ?? '');
    if (verb?.form !== 'ed' || isNegated(tokens, at)) continue;
    const isPassive = tokens
      .slice(Math.max(0, at - 3), at)
      .some((token) => token === 'be' || token === 'are' || token === 'is' || token === 'gets');
    const sense = senseOf(verb.base, [], near);
    if (!isPassive || (sense !== 'destructive' && verb.base !== 'charge')) continue;
    const act = actAt(tokens, at, verb, sentence, near);
    return act === undefined
      ? undefined
      : { ...act, class: sense === 'destructive' ? sense : 'financial', weight: 'faint' };
  }
  return undefined;
}

/** `This cannot be undone`, `irreversible`. */
function warnings(sentence: Sentence): readonly Act[] {
  const { tokens } = sentence;
  const at = tokens.findIndex((token, place) => {
    if (token === 'irreversible' || token === 'irreversibly' || token === 'unrecoverable') return true;
    if (token === 'undone' || token === 'reversed' || token === 'recovered')
      return tokens.slice(Math.max(0, place - 3), place).some((word) => NOT.has(word));
    return token === 'destructive' && tokens[place - 1] !== 'non' && !isNegated(tokens, place);
  });
  if (
    at < 0 ||
    isConditional(tokens.slice(0, at)) ||
    (tokens[at] !== 'undone' && tokens[at] !== 'reversed' && tokens[at] !== 'recovered' && isNegated(tokens, at))
  )
    return [];
  return [
    {
      class: 'destructive',
      verb: '',
      object: [],
      weight: 'faint',
      evidence: { from: 'description', quote: quoted(sentence.text), says: 'warns that it cannot be taken back' },
    },
  ];
}

function actAt(
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
  const weight = NOUN_TOO.has(verb.base) && object.length === 0 ? 'faint' : 'firm';
  return {
    class: sense,
    verb: verb.base,
    object,
    weight,
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
  const marks = [...(isRemoval(tokens, at) ? ['~removal'] : []), ...(isFromUrl(tokens, at) ? ['~fromurl'] : [])];
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

const ADDRESSES: ReadonlySet<string> = new Set(['url', 'webpage', 'website', 'page/url', 'uri', 'hyperlink']);

function quoted(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}
