import type { StoredLink } from '../audit-ports.ts';
import { type AuditFilter, NAMED } from './audit-filter.ts';
import { nameTest } from './name-pattern.ts';
import { marksOf, type RecordMarks } from './record-marks.ts';
import { foundBy, holds, inOneCase } from './record-words.ts';

type Test<T> = (of: T) => boolean;

/** Makes the test whether a record is looked for. Outcomes never are: they belong to their calls. */
export function matcher(filter: AuditFilter): Test<StoredLink> {
  const { since = -Infinity, until = Infinity } = filter;
  const marks = markTests(filter);
  const parts = partsOf(filter.text);
  return (record) =>
    record.kind !== 'outcome' &&
    record.at >= since &&
    record.at < until &&
    hasMarks(record, marks) &&
    hasParts(record, parts);
}

/** The parts of a text that are looked for, in one case. */
export function partsOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/u).flatMap((part) => (part === '' ? [] : [inOneCase(part)]));
}

function markTests(filter: AuditFilter): readonly Test<RecordMarks>[] {
  const tests: Test<RecordMarks>[] = [];
  const { which, effect, wouldHave, rule, approval } = filter;
  if (which === 'decisions') tests.push(({ isDecision }) => isDecision);
  for (const field of NAMED) {
    const wanted = filter[field];
    if (wanted === undefined) continue;
    const isMeant = nameTest(wanted);
    tests.push(({ [field]: name }) => name !== undefined && isMeant(name));
  }
  if (effect !== undefined) tests.push((marks) => marks.effect === effect);
  if (wouldHave !== undefined) tests.push((marks) => marks.wouldHave === wouldHave);
  if (rule !== undefined) tests.push(({ rules }) => rules.includes(rule));
  if (approval !== undefined) tests.push((marks) => marks.approval === approval);
  return tests;
}

function hasMarks(record: StoredLink, tests: readonly Test<RecordMarks>[]): boolean {
  if (tests.length === 0) return true;
  const marks = marksOf(record);
  return tests.every((test) => test(marks));
}

function hasParts(record: StoredLink, parts: readonly string[]): boolean {
  if (parts.length === 0) return true;
  const text = foundBy(record);
  return parts.every((part) => holds(text, part));
}
