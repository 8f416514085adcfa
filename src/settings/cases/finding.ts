import type { Problem } from '../../policy/problem.ts';
import type { DocumentCase, Want, WantedRuling } from './case.ts';
import type { Answer, Said } from './say-to.ts';

/** One thing that was looked at: as it was wanted, and as it is. */
export interface Finding {
  /** `effect`, `rule`, `would rule` … */
  readonly about: string;
  /** Undefined where the case does not say. */
  readonly want: string | undefined;
  readonly got: string;
  readonly isAsWanted: boolean;
}

/** Holds an answer against what was wanted; effect, rule and reason are there in any case. */
export function findingsOf(want: Want, answer: Answer): readonly Finding[] {
  return [
    ...rulingFindings('', want, answer),
    ...about('hidden', want.hidden, answer.hidden),
    ...about('listed', want.listed, answer.isListed),
    ...about('limits', want.limits, limitsOf(answer)),
    ...about('retry_after', want.retryAfter, answer.retryAfter),
    ...wouldFindings(want.would, answer.would),
  ];
}

function wouldFindings(want: Want['would'], would: Said | undefined): readonly Finding[] {
  if (want === undefined) return [];
  return want === 'none' ? about('would', '(none)', would?.effect) : rulingFindings('would ', want, would);
}

/** Holds the problems of a document against those that were wanted. */
export function problemFindings({ problems }: DocumentCase, told: readonly Problem[]): readonly Finding[] {
  const got = told.length === 0 ? 'the document loads' : told.map(problemText).join('; ');
  return problems.map((wanted, index) => ({
    about: `problems[${index}]`,
    want: problemText(wanted),
    got,
    isAsWanted: told.some((one) => isAt(wanted.pointer, one.pointer) && one.message.includes(wanted.message)),
  }));
}

function rulingFindings(prefix: string, want: WantedRuling, said: Said | undefined): readonly Finding[] {
  if (said === undefined) {
    return [{ about: `${prefix}effect`, want: want.effect, got: 'nothing stands in shadow for it', isAsWanted: false }];
  }
  return [
    ...about(`${prefix}effect`, want.effect, said.effect),
    ...about(`${prefix}rule`, want.rule, said.rule, 'told'),
    ...about(`${prefix}id`, want.id, said.id),
    ...about(`${prefix}document`, want.document, said.document),
    {
      about: `${prefix}reason`,
      want: want.reason,
      got: said.reason,
      isAsWanted: want.reason === undefined || said.reason.includes(want.reason),
    },
  ];
}

type Shown = string | number | boolean | undefined | readonly unknown[];

function about(what: string, want: Shown, got: Shown, otherwise?: 'told'): readonly Finding[] {
  if (want === undefined && otherwise === undefined) return [];
  const shown = { want: want === undefined ? undefined : textOf(want), got: textOf(got) };
  return [{ about: what, ...shown, isAsWanted: shown.want === undefined || shown.want === shown.got }];
}

function textOf(value: Shown): string {
  if (value === undefined) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function limitsOf({ reservations }: Answer): readonly unknown[] {
  return reservations.map(({ counter, window, max, scope }) => [counter, window, max, scope]);
}

function problemText({ pointer, message }: Problem): string {
  return pointer === '' ? message : `${pointer} ${message}`;
}

function isAt(wanted: string, pointer: string): boolean {
  return wanted.endsWith('*') ? pointer.startsWith(wanted.slice(0, -1)) : wanted === pointer;
}
