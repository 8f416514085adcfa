import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision, RuleRef } from '../../src/policy/decision.ts';
import { isObject, type Json } from '../../src/wire/json.ts';
import { documents, type Moment, moment } from './arbitrary.ts';
import { decideAt } from './engine.ts';
import { type Documents, judge } from './naive.ts';
import { judgeEntry } from './naive-condition.ts';
import { isInHide, member, speaker } from './naive-entry.ts';
import { sceneOf } from './naive-scene.ts';
import { lookUp } from './pointer.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

/** The effect that the rule has on this call when asked by itself; `undefined` where there is no such rule. */
function effectOf(rule: RuleRef, raw: Documents, at: Moment): string | undefined {
  const document = raw[rule.document];
  if (document === undefined) return undefined;
  const scene = sceneOf(at.subject, at.call, at.target, at.facts);
  const isSpokenFor = at.call.kind === 'tool' && speaker(document, at.call.name) !== undefined;
  if (rule.pointer === '(default deny)') return document['default'] === 'deny' && !isSpokenFor ? 'deny' : undefined;
  if (rule.pointer === '(hidden)') return isHidden(raw, rule, at.call.name) ? 'deny' : undefined;
  if (rule.pointer === '/default') return isSpokenFor ? undefined : String(document['default']);
  const found = lookUp(document, rule.pointer);
  if (found === undefined) return undefined;
  const steps = rule.pointer.split('/');
  switch (steps.at(-2)) {
    case 'deny_if':
      return judgeEntry(found, scene, 'deny_if') === 'false' ? undefined : 'deny';
    case 'require':
      return judgeEntry(found, scene, 'require') === 'true' ? undefined : 'deny';
    case 'limits':
      return member({ found }, 'found')['max'] === 0 ? 'deny' : undefined;
    case 'tools':
      return member({ found }, 'found')['action'] === undefined ? 'allow' : undefined;
  }
  if (steps.at(-1) === 'rate_limit') return member({ found }, 'found')['max'] === 0 ? 'deny' : undefined;
  return steps.at(-1) === 'action' ? String(found) : undefined;
}

function isHidden(raw: Documents, { document }: RuleRef, name: string): boolean {
  const asked = raw[document];
  if (asked === undefined) return false;
  const rules = [member(asked, 'all_tools'), member(asked['tools'], speaker(asked, name) ?? '')];
  return isInHide(asked, name) || rules.some((one) => one['action'] === 'hide');
}

function idOf(value: Json | undefined): Json | undefined {
  return isObject(value) ? value['id'] : undefined;
}

describe(`every answer explains itself (${TRIALS})`, () => {
  test('law 7: the rule that is named exists and has that effect', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const decision: Decision = decideAt(raw, at);
        expect(effectOf(decision.rule, raw, at), JSON.stringify(decision.rule)).toBe(decision.effect);
        if (decision.rule.pointer.startsWith('/'))
          expect(decision.rule.id).toBe(idOf(lookUp(raw[decision.rule.document], decision.rule.pointer)));
        expect(judge(raw, at.subject, at.call, at.target, at.facts).rules).toContainEqual(decision.rule);
      }),
    );
  });

  test('law 7: every reservation names the limit it comes from', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        for (const { rule, max, window, scope, counter } of decideAt(raw, at).reservations) {
          const limit = member({ found: lookUp(raw[rule.document], rule.pointer) ?? null }, 'found');
          expect(limit['max']).toBe(max);
          expect(String(limit['window'])).toBe(window);
          expect(limit['scope'] ?? 'grant').toBe(scope);
          if (!rule.pointer.endsWith('/rate_limit')) expect(limit['counter']).toBe(counter);
        }
      }),
    );
  });

  test('law 7: an author who gave words hears them', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { rule, reason } = decideAt(raw, at);
        const found = member({ found: lookUp(raw[rule.document], rule.pointer) ?? null }, 'found');
        for (const words of [found['on_deny'], found['reason']])
          if (typeof words === 'string') expect(reason).toContain(words);
      }),
    );
  });
});
