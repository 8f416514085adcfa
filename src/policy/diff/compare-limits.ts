import type { Calendar } from '../calendar.ts';
import { quoted } from '../problem.ts';
import { toldWindow } from '../window.ts';
import type { Change } from './change.ts';
import { ALWAYS, type Form } from './form.ts';
import { isFormAtMost } from './form-order.ts';
import { changeWords, formWords } from './form-words.ts';
import { type Paired, pairRules } from './pair-rules.ts';
import type { LimitView } from './reader.ts';

/** What became of limits. Those that count by another counter begin anew, and cannot be ordered. */
export function compareLimits(before: readonly LimitView[], after: readonly LimitView[]): readonly Change[] {
  const pairs = pairRules<LimitView>({
    before,
    after,
    isSame: isSameLimit,
    isAtMost,
    isCovered: (limit, by) => (by === 'after' ? after : before).some((other) => isAtMost(limit, other)),
    isKin: (a, b) => a.limit.counter === b.limit.counter || hasSameMeasure(a, b),
  });
  return pairs.map(changeOf);
}

export function isSameLimit(a: LimitView, b: LimitView): boolean {
  return countsAlike(a, b) && roomOf(a) === roomOf(b) && hasSameReach(a, b);
}

/** Whether one counter counts for both, the same of each call. */
function countsAlike(a: LimitView, b: LimitView): boolean {
  return a.limit.counter === b.limit.counter && hasSameTime(a, b) && a.amountText === b.amountText;
}

function hasSameTime(a: LimitView, b: LimitView): boolean {
  const [one, other] = [a.limit, b.limit];
  if (one.windowMs !== other.windowMs || one.scope !== other.scope) return false;
  return resetOf(one.calendar) === resetOf(other.calendar) && a.perText === b.perText;
}

function hasSameReach(a: LimitView, b: LimitView): boolean {
  return a.when.text === b.when.text && a.limit.onExceed === b.limit.onExceed;
}

/** Whether nothing but the counter's name tells them apart. */
function hasSameMeasure(a: LimitView, b: LimitView): boolean {
  return hasSameTime(a, b) && a.amountText === b.amountText && roomOf(a) === roomOf(b) && hasSameReach(a, b);
}

/** Whether all that the first stops is stopped by the second, and all that it counts counted. */
function isAtMost(a: LimitView, b: LimitView): boolean {
  if (!countsAlike(a, b) || roomOf(a) < roomOf(b)) return false;
  return (a.limit.onExceed !== 'deny' || b.limit.onExceed === 'deny') && isFormAtMost(a.when, b.when);
}

/** How much passes: calls are whole. */
function roomOf({ limit }: LimitView): number {
  return limit.amount === undefined ? Math.floor(limit.max) : limit.max;
}

function resetOf(calendar: Calendar | undefined): string {
  return calendar === undefined ? 'sliding' : `calendar ${calendar.unit} in ${calendar.zone}`;
}

function changeOf({ direction, before, after }: Paired<LimitView>): Change {
  return { direction, words: wordsOf(before, after), before: before?.pointer, after: after?.pointer };
}

function wordsOf(before: LimitView | undefined, after: LimitView | undefined): string {
  if (before === undefined) return `limit: new: ${after === undefined ? '' : limitWords(after)}`;
  if (after === undefined) return `limit: no longer: ${limitWords(before)}`;
  return `limit ${quoted(before.limit.counter)}: ${differences(before, after).join('; ')}`;
}

function limitWords({ limit, amount, per, when }: LimitView): string {
  return [
    `${quoted(limit.counter)} at most ${limit.max}`,
    amount === undefined ? '' : ` of ${amount}`,
    ` per ${spanOf(limit)} for each ${limit.scope}`,
    per === undefined ? '' : ` and each ${per}`,
    when.text === 'all()' ? '' : ` when ${formWords(when)}`,
    limit.onExceed === 'deny' ? '' : ', beyond it a person is asked',
  ].join('');
}

function spanOf({ window, calendar }: LimitView['limit']): string {
  const span = toldWindow(window);
  return calendar === undefined ? span : `calendar ${span} (${calendar.zone})`;
}

function differences(a: LimitView, b: LimitView): readonly string[] {
  const [one, other] = [a.limit, b.limit];
  const isSamePeriod = one.windowMs === other.windowMs && resetOf(one.calendar) === resetOf(other.calendar);
  const anew = one.counter !== other.counter || !hasSameTime(a, b);
  return [
    ...(one.counter === other.counter ? [] : [`the counter is ${quoted(other.counter)} now`]),
    ...(roomOf(a) === roomOf(b) ? [] : [change('max', String(one.max), String(other.max))]),
    ...(isSamePeriod ? [] : [change('per', spanOf(one), spanOf(other))]),
    ...changed('for each', one.scope, other.scope),
    ...(a.perText === b.perText ? [] : [change('counted', countedBy(a), countedBy(b))]),
    ...(a.amountText === b.amountText ? [] : [change('adds', a.amount ?? '1', b.amount ?? '1')]),
    ...(a.when.text === b.when.text ? [] : [whenWords(a.when, b.when)]),
    ...changed('beyond it', saidOf(a), saidOf(b)),
    ...(anew ? ['its history starts anew'] : []),
  ];
}

function countedBy({ per }: LimitView): string {
  return per === undefined ? 'all together' : `each ${per} apart`;
}

function whenWords(before: Form, after: Form): string {
  if (before.kind === 'leaf' && after.kind === 'leaf') return `when ${changeWords(before, after)}`;
  const told = (form: Form): string => (form.text === ALWAYS.text ? 'for every call' : `when ${formWords(form)}`);
  return `${told(before)} → ${told(after)}`;
}

function changed(what: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [change(what, before, after)];
}

function change(what: string, before: string, after: string): string {
  return `${what} ${before} → ${after}`;
}

function saidOf({ limit }: LimitView): string {
  return limit.onExceed === 'deny' ? 'refused' : 'a person is asked';
}
