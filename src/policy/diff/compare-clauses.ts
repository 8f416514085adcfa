import type { Change } from './change.ts';
import { type Form, groupOf, leavesOf } from './form.ts';
import { isFormAtMost } from './form-order.ts';
import { changeWords, formWords } from './form-words.ts';
import { type Paired, pairRules } from './pair-rules.ts';
import type { ClauseView } from './reader.ts';

export type ClauseKey = 'deny_if' | 'require' | 'approve_if';

/** The clauses under one key in both documents, and what else bites there at least as hard. */
export interface ClausesBothTimes {
  readonly before: readonly ClauseView[];
  readonly after: readonly ClauseView[];
  readonly harderBefore: readonly ClauseView[];
  readonly harderAfter: readonly ClauseView[];
}

/** What became of clauses. How they are split into entries, ordered, named and worded has no say. */
export function compareClauses(key: ClauseKey, both: ClausesBothTimes): readonly Change[] {
  const isAtMost = (a: Form, b: Form): boolean => (key === 'require' ? isFormAtMost(b, a) : isFormAtMost(a, b));
  const union = (clauses: readonly ClauseView[]): Form =>
    groupOf(
      key === 'require' ? 'all' : 'any',
      clauses.map(({ form }) => form),
    );
  const whole = {
    before: union([...both.before, ...both.harderBefore]),
    after: union([...both.after, ...both.harderAfter]),
  };
  if (union(both.before).text === union(both.after).text) return [];
  const pairs = pairRules<ClauseView>({
    before: both.before,
    after: both.after,
    isSame: (a, b) => a.form.text === b.form.text,
    isAtMost: (a, b) => isAtMost(a.form, b.form),
    isCovered: ({ form }, by) => isAtMost(form, whole[by]),
    isKin: (a, b) => (a.id !== undefined && a.id === b.id) || placesOf(a.form) === placesOf(b.form),
  });
  return pairs.map((pair) => changeOf(key, pair));
}

function placesOf(form: Form): string {
  const places = new Set(leavesOf(form).map(({ place }) => JSON.stringify(place.path)));
  return [...places].sort().join();
}

function changeOf(key: ClauseKey, { direction, before, after }: Paired<ClauseView>): Change {
  return { direction, words: wordsOf(key, before, after), before: before?.pointer, after: after?.pointer };
}

function wordsOf(key: ClauseKey, before: ClauseView | undefined, after: ClauseView | undefined): string {
  if (before !== undefined && after !== undefined) return `${key}: ${changeWords(before.form, after.form)}`;
  if (after !== undefined) return `${key}: new: ${formWords(after.form)}`;
  return `${key}: no longer: ${before === undefined ? '' : formWords(before.form)}`;
}
