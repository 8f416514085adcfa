import type { RiskClass } from '../../policy/decision.ts';
import type { Act } from './act.ts';
import { saying } from './clause.ts';
import { PREPOSITIONS, QUALIFIERS } from './grammar.ts';
import { inEnglish } from './languages.ts';
import { type Verb, verbOf } from './lemma.ts';
import { isKind, singular } from './objects.ts';
import { senseOf } from './pairs.ts';
import { joined } from './phrases.ts';
import { splitName } from './split-words.ts';
import { NOUN_TOO, THING_FIRST } from './verbs.ts';

/** `undo_delete` deletes nothing either. */
const TAKES_BACK: ReadonlySet<string> = new Set('undo redo revert restore recover undelete disable'.split(' '));

/** `enable_delete_protection` deletes nothing. */
const PROTECTS: ReadonlySet<string> = new Set([
  'protection',
  'policy',
  'rule',
  'setting',
  'settings',
  'marker',
  'lock',
]);

const ALSO: ReadonlySet<string> = new Set(['and', 'or', 'then', 'n']);

/** What runs or costs something, in the name of a text about it: `migrate_guide`, `deploy_status`. */
function isAbout(verb: string, sense: RiskClass, last: string): boolean {
  return (
    (sense === 'execute' || sense === 'financial') && (TEACHES.has(last) || (NOUN_TOO.has(verb) && ABOUT.has(last)))
  );
}

const TEACHES: ReadonlySet<string> = new Set(
  'guide guides guidelines docs documentation tutorial instructions examples help'.split(' '),
);

const ABOUT: ReadonlySet<string> = new Set(
  'cost status history eligibility estimate quote requirements info details logs'.split(' '),
);

/** What a name says, as far as its words are known. */
export function readName(name: string, near: ReadonlySet<string>): readonly Act[] {
  const english = joined(splitName(name));
  const words = firstVerb(english) === undefined ? joined(inEnglish(english)) : english;
  const first = firstVerb(words);
  if (first === undefined) return [];
  const acts = [actAt(words, first, name, near)];
  // Looking for deletions deletes nothing: behind a verb that reads stand things, behind another one more verbs may.
  for (let at = first + 1; at < words.length - 1; at += 1) {
    if (!ALSO.has(words[at] ?? '')) continue;
    const verb = verbOf(words[at + 1] ?? '');
    if (verb?.form === 'base') acts.push(actAt(words, at + 1, name, near));
  }
  // `confirm_delete_user`, `batch_delete`: what is confirmed is done.
  const next = words[first + 1] ?? '';
  if (
    acts[0] !== undefined &&
    acts[0].class !== 'read' &&
    !TAKES_BACK.has(acts[0].verb) &&
    verbOf(next)?.form === 'base' &&
    !NOUN_TOO.has(next) &&
    !PROTECTS.has(words.at(-1) ?? '')
  ) {
    acts.push(actAt(words, first + 1, name, near));
  }
  return acts.filter((act) => act !== undefined);
}

/** Where the verb stands: in front, as in `delete_page`; behind, as in `pages_delete`; or behind the name of a product. */
function firstVerb(words: readonly string[]): number | undefined {
  let fallback: number | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (verbOf(word)?.form !== 'base') continue;
    // Behind a preposition stand things.
    if (at > 0 && PREPOSITIONS.has(words[at - 1] ?? '')) continue;
    if (!NOUN_TOO.has(word) || isVerbHere(words, at)) return at;
    if (!isKind(words.at(-1) ?? '', 'facts') && at > 0) fallback ??= at;
  }
  return fallback ?? nominal(words);
}

/** Of a word that is a noun too: a verb where a thing follows that it can act on, or where nothing else in the name is one. */
function isVerbHere(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  const rest = words.slice(at + 1).filter((one) => !QUALIFIERS.has(one));
  const [next] = rest;
  if (next === undefined) return !isKind(word, 'facts') || words.length === 1 || ASKS.has(word);
  // `list_create`: the verb stands behind.
  const isBefore = (one: string): boolean => verbOf(one)?.form === 'base' && !PREPOSITIONS.has(one);
  if (rest.length === 1 && isBefore(next) && !NOUN_TOO.has(next)) return false;
  if (ASKS.has(word) || PREPOSITIONS.has(next)) return true;
  if (!THING_FIRST.has(word)) return true;
  const isFollowed = rest.some(
    (one, place) =>
      isBefore(one) && (!NOUN_TOO.has(one) || ASKS.has(one) || (DOES.has(one) && place < rest.length - 1)),
  );
  // `run_query` runs, `order_list` lists.
  const isQuery = word === 'run' && rest.length === 1 && (next === 'query' || !ASKS.has(next));
  return isQuery || (!isFollowed && !isKind(words.at(-1) ?? '', 'facts'));
}

/** `debug_set_breakpoint`: verbs, where something follows that they act on. */
const DOES: ReadonlySet<string> = new Set('set change update start stop send reset open close test'.split(' '));

const ASKS: ReadonlySet<string> = new Set(
  'list search find query count check view display match sample status health stats watch'.split(' '),
);

/** `file_deletion`, `node_management`. */
function nominal(words: readonly string[]): number | undefined {
  const at = words.length - 1;
  return NOMINALS.has(words[at] ?? '') ? at : undefined;
}

export const NOMINALS: ReadonlyMap<string, string> = new Map([
  ['deletion', 'delete'],
  ['removal', 'remove'],
  ['cancellation', 'cancel'],
  ['termination', 'terminate'],
  ['creation', 'create'],
  ['execution', 'execute'],
  ['automation', 'automate'],
  ['control', 'control'],
  ['controller', 'control'],
  ['management', 'manage'],
  ['administration', 'manage'],
  ['manager', 'manage'],
  ['trading', 'trade'],
  ['executor', 'execute'],
  ['interpreter', 'execute'],
  ['repl', 'execute'],
  ['terminal', 'execute'],
  ['cli', 'execute'],
  ['launcher', 'launch'],
  ['scraper', 'scrape'],
  ['scraping', 'scrape'],
  ['crawler', 'crawl'],
  ['scanner', 'scan'],
  ['fuzzer', 'fuzz'],
  ['cleaner', 'clean'],
  ['remover', 'remove'],
  ['installer', 'install'],
  ['deployer', 'deploy'],
  ['uploader', 'upload'],
  ['sender', 'send'],
  ['writer', 'write'],
  ['editor', 'edit'],
  ['runner', 'run'],
]);

/** What a verb that stands all alone is most likely about. */
const ALONE: ReadonlyMap<string, readonly string[]> = new Map([
  ['fetch', ['url']],
  ['transfer', ['funds']],
]);

function actAt(words: readonly string[], at: number, name: string, near: ReadonlySet<string>): Act | undefined {
  const word = words[at] ?? '';
  const verb: Verb | undefined = verbOf(word) ?? nominalOf(word);
  if (verb === undefined) return undefined;
  const after = objectAfter(words, at);
  const object = after ?? objectBefore(words, at);
  const listed = words.slice(at + 1);
  const from = listed.indexOf('from');
  const around =
    from >= 0 && listed.slice(from + 1).some((word) => isKind(word, 'list')) ? new Set([...near, '~removal']) : near;
  const alone = words.length === 1 ? (ALONE.get(verb.base) ?? object) : object;
  const sense = senseOf(verb.base, alone, around);
  if (sense === undefined) return undefined;
  // Alone a word that may be a noun says little, but what ends something is called so for a reason: `session_kill`.
  const isAlone =
    after === undefined &&
    (THING_FIRST.has(verb.base) || verb.base === 'fetch' || (NOUN_TOO.has(verb.base) && sense !== 'destructive'));
  const about = isAbout(verb.base, sense, words.at(-1) ?? '');
  return {
    class: about ? 'read' : sense,
    verb: verb.base,
    object,
    weight: isAlone || about ? 'faint' : 'firm',
    evidence: { from: 'name', quote: name.slice(0, 120), says: saying(verb.base, object, sense) },
  };
}

function nominalOf(word: string): Verb | undefined {
  const base = NOMINALS.get(word);
  return base === undefined ? undefined : { base, form: 'base' };
}

function objectAfter(words: readonly string[], at: number): readonly string[] | undefined {
  const rest = words.slice(at + 1);
  const end = rest.findIndex((word, place) => ALSO.has(word) || (place > 0 && PREPOSITIONS.has(word)));
  const object = (end < 0 ? rest : rest.slice(0, end)).filter(
    (word) => !QUALIFIERS.has(word) && !PREPOSITIONS.has(word),
  );
  return object.length === 0 ? undefined : object.map(singular);
}

function objectBefore(words: readonly string[], at: number): readonly string[] {
  return words
    .slice(0, at)
    .filter((word) => !QUALIFIERS.has(word))
    .map(singular);
}
