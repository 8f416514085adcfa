import { objectOf } from './clause.ts';
import { ARTICLES, isAdverb, isNegated, LEADS, MARKS, NOT, PREPOSITIONS, QUALIFIERS } from './grammar.ts';
import { type Verb, verbOf } from './lemma.ts';
import { isKind } from './objects.ts';
import { NOUN_TOO, VERBS } from './verbs.ts';

/** Verbs that leave open what is done; what is done may be listed behind a colon. */
export const LEAVES_OPEN: ReadonlySet<string> = new Set([
  'manage',
  'administer',
  'handle',
  'maintain',
  'perform',
  'do',
  'work',
]);

/** `Open positions of a wallet`. */
const STANDS_OPEN: ReadonlySet<string> = new Set(
  'positions orders issues incidents tickets tasks deals invoices bugs trades cases requests slots roles jobs opportunities alerts pullrequest prs'.split(
    ' ',
  ),
);
const OF_WHAT: ReadonlySet<string> = new Set(['of', 'for', 'in', 'by', 'across', 'and', ',', 'per', 'assigned']);

const POINTS: ReadonlySet<string> = new Set(['this', 'it', 'when', 'first', 'after', 'before', 'to']);
const TOOLS: ReadonlySet<string> = new Set(
  'tool way function utility command endpoint api method action operation helper wrapper interface'.split(' '),
);

const INTRODUCES: ReadonlySet<string> = new Set(
  'given if when in on with based using after before once from by as while during whenever upon per without where via through unlike'.split(
    ' ',
  ),
);

export interface Found {
  readonly at: number;
  readonly verb: Verb;
  /** `Systems with memory enough to host a machine`: what a thing is for. */
  readonly isPurpose?: true;
}

/** Where a sentence whose subject is the tool says what it does: behind `This tool will`, `Use this to`, `Given a page,`. */
export function mainVerb(tokens: readonly string[]): Found | undefined {
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
      !LEAVES_OPEN.has(verbOf(token)?.base ?? '') &&
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
      // `START HERE for logs: list …`; what comes without a colon tells who should.
      const mark = tokens.slice(at, at + 6).indexOf(':');
      if (mark < 0) return undefined;
      at += mark + 1;
      continue;
    }
    if (token === 'open' && STANDS_OPEN.has(tokens[at + 1] ?? '') && OF_WHAT.has(tokens[at + 2] ?? 'of'))
      return undefined;
    const verb = verbOf(token);
    // `Call this to list …`, and not `Call a function`.
    if (verb?.base === 'call' && POINTS.has(tokens[at + 1] ?? '')) {
      at += 1;
      isAfterLead = true;
      continue;
    }
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
    if (verb === undefined || verb.form === 'ed')
      return isAfterLead ? laterVerb(tokens, at + 1) : purpose(tokens, at + 1);
    if (verb.form === 'ing' && NOUN_TOO.has(verb.base) && !hasObject(tokens, at)) return undefined;
    if (NOUN_TOO.has(verb.base) && !hasObject(tokens, at) && tokens.length > at + 1)
      return isAfterLead ? laterVerb(tokens, at + 1) : purpose(tokens, at + 1);
    return { at, verb };
  }
  return undefined;
}

function purpose(tokens: readonly string[], from: number): Found | undefined {
  const found = laterVerb(tokens, from);
  return found !== undefined && tokens[found.at - 1] === 'to' ? { ...found, isPurpose: true } : found;
}

/** Of a sentence that does not begin with a verb: `that deletes`, `to delete`. */
function laterVerb(tokens: readonly string[], from: number): Found | undefined {
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

/** A word that may be a noun is a verb where something follows that it acts on. */
export function hasObject(tokens: readonly string[], at: number): boolean {
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
  // `Start rendering the timeline`.
  if (tokens.slice(at + 1, at + 4).some((token, place, all) => ARTICLES.has(token) && !all.slice(0, place).some(ends)))
    return true;
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

function ends(token: string): boolean {
  return PREPOSITIONS.has(token) || MARKS.test(token) || token === 'and' || token === 'or';
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
