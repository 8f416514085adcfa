import { didYouMean } from '../../policy/nearest.ts';
import { below, quoted } from '../../policy/problem.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import { arrayAt, type Conversion, checkKeys, objectAt, refuse, textAt } from './conversion.ts';
import { type InterceptCondition, readCondition } from './read-condition.ts';
import { type InterceptCounter, readCounter, readRate } from './read-counter.ts';

const ACTIONS = ['evaluate', 'deny', 'require_approval'] as const;
const KEYS = ['name', 'action', 'rate_limit', 'conditions', 'on_deny', 'state'];

/** One rule of Intercept, its `rate_limit` written out. */
export interface InterceptRule {
  readonly pointer: string;
  readonly name: string;
  readonly action: (typeof ACTIONS)[number];
  readonly conditions: readonly InterceptCondition[];
  readonly counter: InterceptCounter | undefined;
  readonly onDeny: string | undefined;
}

/** Reads a rule of the tool, or of all of them, whose counters bear `scope`; undefined when there was a problem. */
export function readRule(
  conversion: Conversion,
  value: Json,
  pointer: string,
  scope: string,
): InterceptRule | undefined {
  const before = conversion.problems.length;
  const example = '{name: "hourly limit", rate_limit: 10/hour}';
  const rule = objectAt(conversion, value, pointer, example);
  if (rule === undefined) {
    return value === null ? refuse(conversion, pointer, `holds nothing; write one such as ${example}`) : undefined;
  }
  checkRuleKeys(conversion, rule, pointer);
  const name = textAt(conversion, rule, pointer, 'name');
  if (name === undefined && !isSaid(rule['name'])) refuse(conversion, pointer, '"name" is missing; a rule has a name');
  const action = readAction(conversion, rule, pointer);
  const conditions = arrayAt(conversion, rule, pointer, 'conditions').flatMap((one, index) => {
    const condition = readCondition(conversion, one, below(below(pointer, 'conditions'), index));
    return condition === undefined ? [] : [condition];
  });
  const counter = readCounter(conversion, rule, pointer);
  const onDeny = textAt(conversion, rule, pointer, 'on_deny');
  const rate = textAt(conversion, rule, pointer, 'rate_limit');
  if (action !== undefined) checkParts(conversion, rule, pointer, action, conditions.length);
  if (conversion.problems.length > before || name === undefined || action === undefined) return undefined;
  const read = { pointer, name, action, conditions, counter, onDeny };
  return rate === undefined ? read : writtenOut(conversion, read, rate, scope);
}

/** As Intercept writes the shorthand out. */
function writtenOut(
  conversion: Conversion,
  rule: InterceptRule,
  text: string,
  scope: string,
): InterceptRule | undefined {
  const pointer = below(rule.pointer, 'rate_limit');
  const rate = readRate(conversion, text, pointer);
  if (rate === undefined) return undefined;
  const { count, window } = rate;
  const name = `_rate_${window}`;
  return {
    ...rule,
    conditions: [{ pointer, path: `state.${scope}.${name}`, op: 'lte', value: count }],
    counter: { pointer, name, window, increment: 1, from: undefined, hasUnused: false },
    onDeny: rule.onDeny ?? `Rate limit of ${count} per ${window} reached. Try again later.`,
  };
}

function checkRuleKeys(conversion: Conversion, rule: JsonObject, pointer: string): void {
  const place = below(pointer, 'approval_timeout');
  if (isSaid(rule['approval_timeout'])) {
    const remedy = 'leave it out, and write "approvals": {"timeout": "30m"} into the new policy';
    refuse(conversion, place, `here questions of one policy have one timeout; ${remedy}`);
  }
  checkKeys(conversion, rule, pointer, [...KEYS, 'approval_timeout']);
}

function readAction(conversion: Conversion, rule: JsonObject, pointer: string): InterceptRule['action'] | undefined {
  const text = textAt(conversion, rule, pointer, 'action');
  if (text === undefined) return isSaid(rule['action']) ? undefined : 'evaluate';
  const action = ACTIONS.find((word) => word === text);
  if (action !== undefined) return action;
  const guess = didYouMean(text, ACTIONS) || `; it is one of ${ACTIONS.join(', ')}`;
  return refuse(conversion, below(pointer, 'action'), `unknown action ${quoted(text)}${guess}`);
}

function checkParts(
  conversion: Conversion,
  rule: JsonObject,
  pointer: string,
  action: InterceptRule['action'],
  conditions: number,
): void {
  const has = { conditions: conditions > 0, state: isSaid(rule['state']), rate: isSaid(rule['rate_limit']) };
  const rateAt = below(pointer, 'rate_limit');
  const stateAt = below(pointer, 'state');
  if (has.rate && (has.conditions || has.state)) {
    refuse(conversion, rateAt, 'stands with neither "conditions" nor "state"; make it a rule of its own');
  }
  if (action === 'evaluate') {
    const isEmpty =
      !isSaid(rule['conditions']) || (Array.isArray(rule['conditions']) && rule['conditions'].length === 0);
    if (isEmpty && !has.rate) refuse(conversion, pointer, 'has no conditions; write one, or "action": "deny"');
    return;
  }
  if (has.rate) refuse(conversion, rateAt, `does not go with "action": "${action}"; make it a rule of its own`);
  if (has.state)
    refuse(conversion, stateAt, `does not go with "action": "${action}", which counts nothing; leave it out`);
  if (action === 'deny' && has.conditions) {
    const remedy = 'leave them out; what must hold for a call to pass stands in a rule without "action"';
    refuse(conversion, below(pointer, 'conditions'), `a rule that denies has no conditions; ${remedy}`);
  }
}

/** Whether a key says anything: null and an empty text say nothing to Intercept. */
function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
