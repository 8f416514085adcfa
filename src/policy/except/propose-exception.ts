import { isDate } from '../fact-domain.ts';
import { momentInUtc } from '../moment.ts';
import { nearDay } from '../near-day.ts';
import { admitsWords, notesFor } from './admits.ts';
import { boundsFor } from './bounded.ts';
import { whyNoLimit } from './counting.ts';
import { type AllExcepted, exceptAll } from './except-all.ts';
import type { Ask, Choice, DocumentChange, Proposal, Question } from './proposal.ts';

const DAY = 86_400_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

/**
 * Proposes the narrowest change of the documents by which calls like this one, of this grant, pass without asking for a while.
 * Total, deterministic, reads nothing but its argument. What it proposes was compiled, and the call judged by it: it passes.
 */
export function proposeException(question: Question): Proposal {
  const { ask, wishes = {} } = question;
  const until = wishes.until ?? dayAfter(ask.at, USUAL_DAYS);
  const wrong = whyNotUntil(until, ask.at) ?? (wishes.limit && whyNoLimit(wishes.limit));
  if (wrong !== undefined) return { kind: 'none', reason: wrong };
  const excepted = exceptAll(question, { ask, bounds: wishes.bounds ?? new Map(), until });
  return typeof excepted === 'string' ? { kind: 'none', reason: excepted } : proposalOf(question, excepted, until);
}

function dayAfter(at: number, days: number): string {
  return String(momentInUtc(at + days * DAY, 'date'));
}

function whyNotUntil(until: string, at: number): string | undefined {
  if (!isDate(until) || nearDay(until, 0) !== until) {
    return 'the last day must be one of the calendar, written YYYY-MM-DD';
  }
  if (until < dayAfter(at, 0)) return `the last day ${until} is over; choose a later one`;
  if (until <= dayAfter(at, MOST_DAYS)) return undefined;
  return `the last day may be at most ${MOST_DAYS} days from now, ${dayAfter(at, MOST_DAYS)}`;
}

function proposalOf(question: Question, excepted: AllExcepted, until: string): Proposal {
  const which = [...new Set(excepted.rules.map(({ document }) => document))];
  const [first, ...more] = which.flatMap((document) => changeOf(question, document, excepted));
  if (first === undefined) return { kind: 'none', reason: 'no document would be changed' };
  const changes = [first, ...more] as const;
  return {
    kind: 'proposal',
    changes,
    admits: admitsWords(question, until),
    until,
    choices: choicesOf(question.ask),
    notes: notesFor(question, changes, excepted.decision),
  };
}

function changeOf(
  { documents }: Question,
  document: 'policy' | 'baseline',
  excepted: AllExcepted,
): readonly DocumentChange[] {
  const version = documents[document];
  const after = excepted.documents[document];
  if (version === undefined || after === undefined) return [];
  const rules = excepted.rules.flatMap((rule) => (rule.document === document ? [rule.pointer] : []));
  return [{ document, before: version.document, after, digest: version.digest, rules }];
}

function choicesOf({ call }: Ask): readonly Choice[] {
  return Object.entries(call.args).map(([argument, value]) => ({
    argument,
    value,
    bounds: boundsFor(argument, value),
  }));
}
