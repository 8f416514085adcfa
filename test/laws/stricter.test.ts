import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachable } from '../../src/policy/reachable.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { documents, moment } from './arbitrary.ts';
import { conditions } from './arbitrary-condition.ts';
import { document, PATTERNS, TOOLS } from './arbitrary-document.ts';
import { limit } from './arbitrary-limit.ts';
import { strict, strictObject } from './arbitrary-value.ts';
import { withRules } from './change.ts';
import { compiled, decideBoth } from './engine.ts';
import { aimOf, speakerOf } from './naive-entry.ts';
import { list, member } from './naive-list.ts';
import type { Side } from './naive-value.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';
import { expectNoLooser } from './strictness.ts';

/** Something that makes one set of rules stricter. */
type Addition =
  | { readonly kind: 'rule'; readonly list: Side | 'limits'; readonly rule: object; readonly where: 'first' | 'last' }
  | { readonly kind: 'validate'; readonly how: 'schema' | 'strict' }
  | { readonly kind: 'action'; readonly action: 'deny' | 'hide' };

const where = fc.constantFrom<('first' | 'last')[]>('first', 'last');

function entries(side: Side): fc.Arbitrary<Addition> {
  const rule = fc.record({
    conditions: fc.array(conditions(side), { maxLength: 2 }),
    id: fc.constantFrom('added', undefined),
  });
  return fc.record({ kind: fc.constant('rule'), list: fc.constant(side), rule, where });
}

const addedLimit = fc.record({
  counter: fc.constant('added'),
  window: fc.constant('hour'),
  max: fc.constantFrom(0, 1, 5),
});

const addition: fc.Arbitrary<Addition> = fc.oneof(
  entries('deny_if'),
  entries('require'),
  entries('approve_if'),
  fc.record({ kind: fc.constant('validate'), how: fc.constantFrom('schema', 'strict') }),
  fc.record({
    kind: fc.constant('rule'),
    list: fc.constant('limits'),
    rule: fc.oneof(limit, addedLimit),
    where,
  }),
  fc.record({ kind: fc.constant('action'), action: fc.constantFrom('deny', 'hide') }),
);

function added(rules: JsonObject, change: Addition): JsonObject {
  // A hidden tool that is merely denied would show again.
  if (change.kind === 'action')
    return rules['action'] === 'hide' ? rules : strictObject({ ...rules, action: change.action });
  if (change.kind === 'validate')
    return strictObject({ ...rules, validate: rules['validate'] === 'strict' ? 'strict' : change.how });
  const present = list(rules, change.list);
  const rule = strict(change.rule);
  return strictObject({ ...rules, [change.list]: change.where === 'first' ? [rule, ...present] : [...present, rule] });
}

const which = fc.constantFrom<('policy' | 'baseline')[]>('policy', 'baseline');
const plain = strictObject({ version: '1', default: 'allow' });

describe(`more rules are never looser (${TRIALS})`, () => {
  test('law 4: a deny, a question, a require, a check or a limit added to an entry or to all_tools', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, which, addition, fc.boolean(), (raw, at, side, change, toEntry) => {
        const before = raw[side] ?? plain;
        const aim = aimOf(at.call, at.target);
        const isValidatable = aim.kind === 'tool' || change.kind !== 'validate';
        const place = toEntry && isValidatable ? 'entry' : 'all_tools';
        const after = withRules(before, aim, place, (rules) => added(rules, change));
        const stricter = { ...raw, [side]: after };
        expectNoLooser(...decideBoth(raw, stricter, at));
        const { kind, name } = at.call;
        if (reachable(compiled(raw), kind, name, aim.class) === 'left out')
          expect(reachable(compiled(stricter), kind, name, aim.class)).toBe('left out');
      }),
    );
  });

  test('law 4: a name added to hide', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, which, fc.constantFrom(...TOOLS, ...PATTERNS), (raw, at, side, pattern) => {
        const before = raw[side] ?? plain;
        const after = strictObject({ ...before, hide: [...list(before, 'hide'), pattern] });
        expectNoLooser(...decideBoth(raw, { ...raw, [side]: after }, at));
      }),
    );
  });

  test('law 4: a tool denied by its exact name', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, which, (raw, at, side) => {
        const before = raw[side] ?? plain;
        const aim = aimOf(at.call, at.target);
        fc.pre(aim.kind === 'tool' && speakerOf(before, aim)?.rules['action'] !== 'hide');
        const tools = member(before, 'tools');
        const after = strictObject({
          ...before,
          tools: { ...tools, [at.call.name]: { ...member(tools, at.call.name), action: 'deny' } },
        });
        expectNoLooser(...decideBoth(raw, { ...raw, [side]: after }, at));
      }),
    );
  });

  test('law 4: a baseline where there was none', { timeout: PATIENCE }, () => {
    hold(
      fc.property(document, document, moment, (policy, baseline, at) => {
        expectNoLooser(...decideBoth({ policy, baseline: undefined }, { policy, baseline }, at));
      }),
    );
  });
});
