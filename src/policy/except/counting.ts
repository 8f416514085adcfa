import { isArray, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { counterName } from '../claim-counter.ts';
import type { Policies } from '../policy.ts';
import { quoted } from '../problem.ts';
import { readWindow, toldWindow } from '../window.ts';
import { changedAt, withMember } from './except-rule.ts';
import type { Wishes } from './proposal.ts';

type Wish = NonNullable<Wishes['limit']>;

const LONGEST = 200;

/** Says what is wrong with a wish for a limit; undefined where nothing is. */
export function whyNoLimit({ max, window }: Wish): string | undefined {
  if (!Number.isInteger(max) || max < 1) return 'the most calls of the limit must be a whole number from 1';
  const read = readWindow(window);
  return typeof read === 'string' ? read : undefined;
}

/** The document with a limit that counts the calls that meet the conditions, and beyond which a person is asked. */
export function withLimit(
  document: Json,
  rules: readonly string[],
  { max, window }: Wish,
  counter: string,
  conditions: readonly Json[],
): Json | undefined {
  const limit: JsonObject = objectOf([
    ['counter', counter],
    ['window', window],
    ['max', max],
    ['when', conditions],
    ['on_exceed', 'require_approval'],
    [
      'reason',
      `Only ${max} such ${max === 1 ? 'call passes' : 'calls pass'} without asking (${toldWindow(String(window))}).`,
    ],
  ]);
  return changedAt(document, rules, (found) =>
    withMember(found, 'limits', [...(isArray(found['limits']) ? found['limits'] : []), limit]),
  );
}

/** A name for the calls of a tool that no other counter of the server has; `others` are keys of `Policy.counters`. */
export function freeCounter(tool: string, { policy, baseline }: Policies, others: ReadonlySet<string>): string {
  const name = `${tool.slice(0, LONGEST).toWellFormed()}_always`;
  for (let number = 1; ; number++) {
    const counter = number === 1 ? name : `${name}_${number}`;
    const key = counterName(counter, 'enforce');
    if (!policy.counters.has(key) && baseline?.counters.has(key) !== true && !others.has(key)) return counter;
  }
}

export function limitWords({ max, window }: Wish): string {
  return `${max} ${max === 1 ? 'call' : 'calls'} in ${quoted(String(window))}`;
}
