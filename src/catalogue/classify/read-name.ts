import type { Act } from './act.ts';
import { verbOf } from './lemma.ts';
import { isKind, singular } from './objects.ts';
import { senseOf } from './pairs.ts';
import { joined } from './phrases.ts';
import { splitName } from './split-words.ts';
import { NOUN_TOO, VERBS } from './verbs.ts';

/** What ends the object of a verb. */
export const PREPOSITIONS: ReadonlySet<string> = new Set(
  'by for from in to with of on at as via into onto per using over under between within against across after before during without about through where when if that which who since until upon inside near around'.split(
    ' ',
  ),
);

/** Words that say how, how many or which, not what. */
export const QUALIFIERS: ReadonlySet<string> = new Set(
  `id ids v1 v2 v3 v4 beta batch bulk all async sync now multiple many new single one tool safe unsafe advanced basic simple raw full my the a an
  any current existing specific given your its this these those every each more selected several some only both such another other certain their
  particular specified provided entire whole complete custom default remote local global of named`.split(/\s+/),
);

const ALSO: ReadonlySet<string> = new Set(['and', 'or', 'then', 'n']);

/** What a name says, as far as its words are known. */
export function readName(name: string, near: ReadonlySet<string>): readonly Act[] {
  const words = joined(splitName(name));
  const first = firstVerb(words);
  if (first === undefined) return [];
  const acts = [actAt(words, first, name, near)];
  // Looking for deletions deletes nothing: behind a verb that reads stand things, behind another one more verbs may.
  for (let at = first + 1; at < words.length - 1; at += 1) {
    if (!ALSO.has(words[at] ?? '')) continue;
    const verb = verbOf(words[at + 1] ?? '');
    if (verb?.form === 'base') acts.push(actAt(words, at + 1, name, near));
  }
  return acts.filter((act) => act !== undefined);
}

/** Where the verb stands: in front, as in `delete_page`; behind, as in `pages_delete`; or behind the name of a product. */
function firstVerb(words: readonly string[]): number | undefined {
  const isVerb = (at: number): boolean => verbOf(words[at] ?? '')?.form === 'base';
  const isPlain = (at: number): boolean => isVerb(at) && !NOUN_TOO.has(words[at] ?? '');
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    // Behind a preposition stand things.
    if (at > 0 && PREPOSITIONS.has(words[at - 1] ?? '') && !isPlain(at)) continue;
    if (isPlain(at)) return at;
    if (!isVerb(at)) continue;
    if (isVerbHere(words, at)) return at;
    // `transfer_list`: the plain verb that follows is what is done.
    if (word === '') return undefined;
  }
  const ing = words.findIndex((word) => verbOf(word)?.form === 'ing' && VERBS.get(verbOf(word)?.base ?? '') !== 'read');
  return ing < 0 ? undefined : ing;
}

/** Of a word that is a noun too: a verb where a thing follows that it can act on, or where nothing else in the name is one. */
function isVerbHere(words: readonly string[], at: number): boolean {
  const next = words.slice(at + 1).find((word) => !QUALIFIERS.has(word));
  const later = words.slice(at + 1).some((word) => verbOf(word)?.form === 'base' && !NOUN_TOO.has(word));
  if (later) return at === 0 && words.some((word) => ALSO.has(word));
  if (next === undefined) {
    // Last: `pods_run`, but not `order_book`; another noun-verb before it was taken already.
    return (
      !isKind(words[at] ?? '', 'facts') ||
      words.length === 1 ||
      ['search', 'list', 'status', 'health', 'stats'].includes(words[at] ?? '')
    );
  }
  if (PREPOSITIONS.has(next)) return true;
  const last = words.at(-1) ?? '';
  if (isKind(last, 'facts') && !isObjectOf(words[at] ?? '', last)) return false;
  return at === 0 || !words.slice(at + 1).some((word) => verbOf(word)?.form === 'base');
}

/** `export_report`, `search_docs`, `query_logs`, `update_status`: these act on what describes. */
function isObjectOf(verb: string, fact: string): boolean {
  const sense = VERBS.get(verb);
  return (
    sense === 'read' ||
    [
      'update',
      'change',
      'set',
      'reset',
      'import',
      'sync',
      'patch',
      'log',
      'store',
      'clear',
      'purge',
      'post',
      'run',
      'drop',
      'report',
      'refresh',
      'comment',
      'label',
      'tag',
      'push',
      'upload',
      'share',
      'release',
      'reload',
      'delete',
      'approve',
    ].includes(verb) ||
    (verb === 'order' && fact === 'food')
  );
}

function actAt(words: readonly string[], at: number, name: string, near: ReadonlySet<string>): Act | undefined {
  const verb = verbOf(words[at] ?? '');
  if (verb === undefined) return undefined;
  const object = objectAfter(words, at) ?? objectBefore(words, at);
  const listed = words.slice(at + 1);
  const from = listed.indexOf('from');
  const around =
    from >= 0 && listed.slice(from + 1).some((word) => isKind(word, 'list')) ? new Set([...near, '~removal']) : near;
  const sense = senseOf(verb.base, object, around);
  if (sense === undefined) return undefined;
  return {
    class: sense,
    verb: verb.base,
    object,
    weight: NOUN_TOO.has(verb.base) && object.length === 0 ? 'faint' : 'firm',
    evidence: { from: 'name', quote: name.slice(0, 120), says: saying(verb.base, object, sense) },
  };
}

function objectAfter(words: readonly string[], at: number): readonly string[] | undefined {
  const rest = words.slice(at + 1);
  const end = rest.findIndex((word, place) => place > 0 && (PREPOSITIONS.has(word) || ALSO.has(word)));
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

export function saying(verb: string, object: readonly string[], sense: string): string {
  const what = object.length === 0 ? '' : ` of "${object.join(' ')}"`;
  return `"${verb}"${what}: ${sense}`;
}
