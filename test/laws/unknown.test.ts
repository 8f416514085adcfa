import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { documents, moment, toolCall } from './arbitrary.ts';
import { conditions } from './arbitrary-condition.ts';
import { leaf } from './arbitrary-leaf.ts';
import { strict, strictObject } from './arbitrary-value.ts';
import { withRules } from './change.ts';
import { decideAt } from './engine.ts';
import { type Aim, aimOf } from './naive-entry.ts';
import { list } from './naive-list.ts';
import { ifEnforced } from './naive-shadow.ts';
import type { Side } from './naive-value.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';
import { expectNoLooser } from './strictness.ts';

const HOLE = { path: 'args.hole', op: 'exists', value: true };
const TRUE = strict({ path: 'args.probe', op: 'exists', value: true });
const FALSE = strict({ path: 'args.probe', op: 'exists', value: false });

/** None of these can be judged while `args.probe` is a text. */
const unjudgeable = fc.constantFrom(
  { path: 'args.probe', op: 'lt', value: 5 },
  { path: 'args.probe', op: 'gte', value: 0 },
  { path: 'args.probe.deeper', op: 'eq', value: 1 },
  { path: 'args.probe.deeper', op: 'exists', value: false },
  { path: 'args.probe[*]', op: 'neq', value: 'x' },
  { path: 'args.probe["x"][0]', op: 'in', value: ['x'] },
  { path: 'args.probes[*]', op: 'regex', value: 'x' },
  { path: 'args.probes', op: 'regex', value: '.' },
  { path: 'args.probes', op: 'not_regex', value: '.' },
  { path: 'args.probes', op: 'starts_with', value: 'x' },
  { path: 'args.probes', op: 'url_host_in', value: ['example.com'] },
  { path: 'args.probes', op: 'path_within', value: ['/srv'] },
  { path: 'args.probes[0]', op: 'ip_in', value: ['10.0.0.0/8'] },
  { path: 'args.probes[0]', op: 'email_domain_in', value: ['example.com'] },
  { path: 'args.probes[0]', op: 'length_gt', value: 3 },
  { path: 'args.probes[0]', op: 'not_contains', value: 'x' },
);

/** The condition with its holes filled, in turn. */
function filled(condition: Json, fillings: () => Json): Json {
  if (isArray(condition)) return condition.map((part) => filled(part, fillings));
  if (!isObject(condition)) return condition;
  if (condition['path'] === HOLE.path) return fillings();
  const copy: { [key: string]: Json } = {};
  for (const [key, part] of Object.entries(condition))
    copy[key] = ['all', 'any', 'not', 'conditions'].includes(key) ? filled(part, fillings) : part;
  return strict(copy);
}

type Clause = Exclude<Side, 'when'>;

function withEntry(document: JsonObject, aim: Aim, place: 'entry' | 'all_tools', side: Clause, entry: Json) {
  return withRules(document, aim, place, (rules) => ({ ...rules, [side]: [...list(rules, side), entry] }));
}

const clause = fc.constantFrom<Clause[]>('require', 'deny_if', 'approve_if');
const holed = clause.chain((side) => {
  const leaves = fc.oneof({ weight: 1, arbitrary: fc.constant(HOLE) }, { weight: 1, arbitrary: leaf(side) });
  return fc.record({
    side: fc.constant(side),
    conditions: fc.array(conditions(side, leaves), { minLength: 1, maxLength: 2 }),
  });
});

describe(`what cannot be judged (${TRIALS})`, () => {
  test('law 5: a condition that cannot be judged is never looser than the same condition true, or false', {
    timeout: PATIENCE,
  }, () => {
    const answers = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
    hold(
      fc.property(
        documents,
        moment,
        holed,
        unjudgeable,
        answers,
        fc.boolean(),
        (raw, at, entry, odd, truths, toEntry) => {
          const call = toolCall(at.call.name, strictObject({ ...at.call.args, probe: 'text', probes: [1] }));
          const place = toEntry ? 'entry' : 'all_tools';
          const aim = aimOf(call, at.target);
          const fill = (fillings: () => Json) => {
            const entryFilled = filled(strict({ conditions: entry.conditions }), fillings);
            const policy = withEntry(raw.policy, aim, place, entry.side, entryFilled);
            return decideAt({ ...raw, policy }, { ...at, call });
          };
          let turn = 0;
          const judged = fill(() => (truths[turn++ % truths.length] ? TRUE : FALSE));
          expectNoLooser(
            judged,
            fill(() => strict(odd)),
          );
        },
      ),
    );
  });

  test('law 5: alone in its entry it refuses, negated or not', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, unjudgeable, clause, fc.nat(3), (raw, at, odd, side, nots) => {
        let condition: object = odd;
        for (let i = 0; i < nots; i++) condition = { not: condition };
        const call = toolCall(at.call.name, strictObject({ ...at.call.args, probe: 'text', probes: [1] }));
        const entry = strict({ conditions: [condition] });
        const enforced = strictObject(ifEnforced(raw.policy));
        const policy = withEntry(enforced, aimOf(call, at.target), 'all_tools', side, entry);
        const { effect } = decideAt({ ...raw, policy }, { ...at, call });
        if (side === 'approve_if') expect(effect).not.toBe('allow');
        else expect(effect).toBe('deny');
      }),
    );
  });

  const huge = 'a'.repeat(1_000_001);
  test.each([
    { op: 'regex', value: 'b' },
    { op: 'regex', value: '^a' },
    { op: 'contains', value: 'b' },
    { op: 'contains', value: 'a' },
  ])('law 5: a text beyond the limit of size refuses by $op $value', ({ op, value }) => {
    const at = fc.sample(moment, { numRuns: 1, seed: 1 })[0];
    if (at === undefined) throw new Error('no sample');
    for (const side of ['require', 'deny_if'] as const) {
      const policy = strictObject({
        version: '1',
        default: 'deny',
        tools: { t: { [side]: [{ conditions: [{ path: 'args.a', op, value }] }] } },
      });
      const decision = decideAt(
        { policy, baseline: undefined },
        { ...at, call: toolCall('t', strictObject({ a: huge })) },
      );
      expect(decision.rule.pointer).toBe(`/tools/t/${side}/0`);
    }
  });
});
