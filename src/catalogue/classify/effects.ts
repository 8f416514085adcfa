import type { Act } from './act.ts';
import { actAt, quoted } from './clause.ts';
import { isAdverb, isNegated, MARKS, NOT } from './grammar.ts';
import { verbOf } from './lemma.ts';
import { hasObject, mainVerb } from './main-verb.ts';
import { senseOf } from './pairs.ts';
import { joined } from './phrases.ts';
import type { Sentence } from './tokens.ts';
import { NOUN_TOO } from './verbs.ts';

/** `..., overwriting it`, `by placing sell orders`: what happens on the way, where it is grave. */
export function participles(sentence: Sentence, near: ReadonlySet<string>): readonly Act[] {
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
    // `Filtering, sorting, and ordering`: names of things.
    if (isParticiple && NOUN_TOO.has(verb.base) && !hasObject(tokens, at)) continue;
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

/** `Overwrites existing content.`: its subject is the tool. */
const DESTROYS: ReadonlySet<string> = new Set(
  'overwrites erases wipes destroys deletes truncates purges discards'.split(' '),
);

/** A further sentence says something of this tool where the tool is its subject; the others tell of other tools, and of arguments. */
export function furtherActs(sentence: Sentence, near: ReadonlySet<string>): readonly Act[] {
  const start = sentence.tokens.findIndex((token) => !MARKS.test(token));
  const first = sentence.tokens[start];
  if (first === undefined || !(SUBJECTS.has(first) || DESTROYS.has(first))) return [];
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
export function warnings(sentence: Sentence): readonly Act[] {
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
