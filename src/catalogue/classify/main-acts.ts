import type { Act } from './act.ts';
import { actAt } from './clause.ts';
import { ARTICLES, DETERMINERS, isAdverb, isNegated, JOINS, MARKS } from './grammar.ts';
import { type Verb, verbOf } from './lemma.ts';
import { hasObject, LEAVES_OPEN, mainVerb } from './main-verb.ts';
import { isKind } from './objects.ts';
import { joined } from './phrases.ts';
import type { Sentence } from './tokens.ts';
import { NOUN_TOO } from './verbs.ts';

/** The main verb of a sentence whose subject is the tool, and those joined to it. */
export function mainActs(sentence: Sentence, near: ReadonlySet<string>): readonly Act[] {
  const tokens = joined(withoutBrackets(sentence.tokens));
  const found = mainVerb(tokens);
  if (found === undefined) return [];
  const act = actAt(tokens, found.at, found.verb, sentence, near);
  if (found.isPurpose === true) return act === undefined ? [] : [{ ...act, weight: 'faint' }];
  const acts: (Act | undefined)[] = [act];
  // `Execute a statement (INSERT, DELETE …)`: what follows are words of the language.
  if (acts[0]?.class === 'execute' && acts[0].object.some((word) => isKind(word, 'code')))
    return acts.filter((act) => act !== undefined);
  // `Wait for the human to reply or to leave`: what others do.
  if (found.verb.base === 'wait' || found.verb.base === 'poll') return acts.filter((act) => act !== undefined);
  let accepted = found.at;
  for (let at = found.at + 1; at < tokens.length && at < found.at + 60; at += 1) {
    if (!JOINS.has(tokens[at - 1] ?? '')) continue;
    // `Add a rule: block traffic`: what the thing is for, and no act of this tool. `Manage rules: add, remove`: its acts.
    if (tokens[at - 1] === ':' && !LEAVES_OPEN.has(found.verb.base)) continue;
    const verb = verbOf(tokens[at] ?? '');
    if (verb === undefined || verb.form !== found.verb.form || isNegated(tokens, at)) continue;
    if (!isJoined(tokens, at, verb, accepted)) continue;
    accepted = at;
    acts.push(actAt(tokens, at, verb, sentence, near));
  }
  const said = acts.filter((act) => act !== undefined);
  // `Connects to the server and lists its queues`: what comes before is the way there.
  const [first] = said;
  return said.length > 1 && first !== undefined && FIRST.has(first.verb) ? said.slice(1) : said;
}

const FIRST: ReadonlySet<string> = new Set(['authenticate', 'connect', 'login']);

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

/** A text in brackets at the beginning is a remark. */
function withoutBrackets(tokens: readonly string[]): readonly string[] {
  const open = tokens[0];
  if (open !== '[' && open !== '(') return tokens;
  const end = tokens.indexOf(open === '[' ? ']' : ')');
  return end < 0 || end > 12 ? tokens.slice(1) : withoutBrackets(tokens.slice(end + 1));
}
