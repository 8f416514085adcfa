import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { documents, moment, toolCall } from './arbitrary.ts';
import { TOOLS } from './arbitrary-document.ts';
import { args, strictObject } from './arbitrary-value.ts';
import { decideAt } from './engine.ts';
import { isInstance } from './naive-entry.ts';
import { list, member } from './naive-list.ts';
import { ifEnforced } from './naive-shadow.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

/** The document with nothing in shadow, and other rules under a name of `tools`, or in `all_tools`. */
function withRules(document: JsonObject, at: string | undefined, change: (rules: JsonObject) => object): JsonObject {
  const enforced = ifEnforced(document);
  const tools = member(enforced, 'tools');
  if (at === undefined) return strictObject({ ...enforced, all_tools: change(member(enforced, 'all_tools')) });
  return strictObject({ ...enforced, tools: { ...tools, [at]: change(member(tools, at)) } });
}

const matching: fc.Arbitrary<Json> = fc
  .constantFrom(
    [],
    [{ path: 'args.probe', op: 'eq', value: 'found' }],
    [{ path: 'tool.name', op: 'neq', value: 'no such tool' }],
    [
      {
        any: [
          { path: 'args.missing', op: 'exists', value: true },
          { path: 'args.probe', op: 'contains', value: 'oun' },
        ],
      },
    ],
    [{ not: { path: 'args.missing', op: 'eq', value: 1 } }],
  )
  .map((conditions) => strictObject({ conditions }));

describe(`what is refused (${TRIALS})`, () => {
  test('law 1: nothing matches and default deny ⇒ deny', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, args, fc.constantFrom('zzz', 'Get_a', 'get', ''), (raw, at, given, name) => {
        const { classes: _, ...rest } = ifEnforced(raw.policy);
        const tools = Object.entries(member(rest, 'tools')).filter(([key]) => !isInstance(name, key));
        const policy = strictObject({ ...rest, default: 'deny', tools: Object.fromEntries(tools) });
        const decision = decideAt({ ...raw, policy }, { ...at, call: toolCall(name, given) });
        expect(decision.effect).toBe('deny');
        expect(decision.reservations).toEqual([]);
        expect(['(default deny)', '(hidden)']).toContain(decision.rule.pointer);
      }),
    );
  });

  test('law 2: a matching deny_if ⇒ deny, wherever it stands', { timeout: PATIENCE }, () => {
    const place = fc.constantFrom<('policy' | 'baseline')[]>('policy', 'baseline');
    hold(
      fc.property(
        documents,
        moment,
        place,
        fc.boolean(),
        fc.constantFrom(...TOOLS),
        matching,
        (raw, at, which, inEntry, name, entry) => {
          const given = strictObject({ ...at.call.args, probe: 'found' });
          const document = raw[which] ?? strictObject({ version: '1', default: 'allow' });
          const refusing = withRules(document, inEntry ? name : undefined, (rules) => ({
            ...rules,
            deny_if: [...list(rules, 'deny_if'), entry],
          }));
          const decision = decideAt({ ...raw, [which]: refusing }, { ...at, call: toolCall(name, given) });
          expect(decision.effect).toBe('deny');
          expect(decision.reservations).toEqual([]);
        },
      ),
    );
  });

  test('law 2: action deny ⇒ deny, wherever it stands', { timeout: PATIENCE }, () => {
    const place = fc.constantFrom<('policy' | 'baseline')[]>('policy', 'baseline');
    hold(
      fc.property(
        documents,
        moment,
        place,
        fc.boolean(),
        fc.constantFrom(...TOOLS),
        (raw, at, which, inEntry, name) => {
          const document = raw[which] ?? strictObject({ version: '1', default: 'allow' });
          const refusing = withRules(document, inEntry ? name : undefined, (rules) => ({ ...rules, action: 'deny' }));
          const decision = decideAt({ ...raw, [which]: refusing }, { ...at, call: toolCall(name, at.call.args) });
          expect(decision.effect).toBe('deny');
          expect(decision.reservations).toEqual([]);
        },
      ),
    );
  });
});
