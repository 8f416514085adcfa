import { VERBS } from './verbs.ts';

/** A word, as the verb that it is a form of. */
export interface Verb {
  /** As it is in the list of verbs. */
  readonly base: string;
  readonly form: 'base' | 's' | 'ing' | 'ed';
}

/** The verb that a word is a form of: `deletes`, `deleting`, `deleted`, `copies`, `running`. */
export function verbOf(word: string): Verb | undefined {
  return plainVerbOf(word) ?? prefixedVerbOf(word);
}

/** `resend`, `unapprove`, `bulkdelete`. */
function prefixedVerbOf(word: string): Verb | undefined {
  if (word.length < 6) return undefined;
  if (word.startsWith('un')) {
    const undone = plainVerbOf(word.slice(2));
    return undone !== undefined && VERBS.get(undone.base) === 'write' ? { base: 'undo', form: undone.form } : undefined;
  }
  // `re-queue` is `requeue` where that is a verb of its own.
  const whole = word.includes('-') ? plainVerbOf(word.replaceAll('-', '')) : undefined;
  if (whole !== undefined) return whole;
  const prefix = ['re-', 're', 'pre-', 'pre', 'co-', 'bulk', 'batch', 'multi', 'mass', 'force', 'auto'].find((one) =>
    word.startsWith(one),
  );
  const rest = prefix === undefined ? undefined : plainVerbOf(word.slice(prefix.length));
  return rest !== undefined && rest.base.length > 3 ? rest : undefined;
}

function plainVerbOf(word: string): Verb | undefined {
  if (VERBS.has(word)) return { base: word, form: 'base' };
  for (const [ending, form] of [
    ['s', 's'],
    ['ing', 'ing'],
    ['ed', 'ed'],
  ] as const) {
    if (!word.endsWith(ending) || word.length < ending.length + 2) continue;
    const base = stemsOf(word, ending).find((stem) => VERBS.has(stem));
    if (base !== undefined) return { base, form };
  }
  const odd = IRREGULAR.get(word);
  return odd === undefined ? undefined : { base: odd, form: 'ed' };
}

function stemsOf(word: string, ending: 's' | 'ing' | 'ed'): readonly string[] {
  const stem = word.slice(0, -ending.length);
  if (ending === 's')
    return word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : [stem, word.endsWith('es') ? word.slice(0, -2) : stem];
  const last = stem.at(-1);
  const single = last !== undefined && last === stem.at(-2) ? stem.slice(0, -1) : stem;
  return [`${stem}e`, stem, single, ...(stem.endsWith('i') ? [`${stem.slice(0, -1)}y`] : [])];
}

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['sent', 'send'],
  ['made', 'make'],
  ['ran', 'run'],
  ['paid', 'pay'],
  ['bought', 'buy'],
  ['sold', 'sell'],
  ['wrote', 'write'],
  ['written', 'write'],
]);
