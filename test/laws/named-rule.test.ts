import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleRef } from '../../src/policy/decision.ts';
import { isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { documents, type Moment, moment } from './arbitrary.ts';
import { compiled, decideAt, factsOf } from './engine.ts';
import { type Documents, judge } from './naive.ts';
import { judgeEntry } from './naive-condition.ts';
import { type Aim, aimOf, isDevious, requestKey, speakerOf } from './naive-entry.ts';
import { isValid } from './naive-hear.ts';
import { doesCount, isImpossible, measureOf } from './naive-limit.ts';
import { escaped } from './naive-list.ts';
import { isHidden } from './naive-reachable.ts';
import { type Scene, sceneOf } from './naive-scene.ts';
import { lookUp } from './pointer.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

/** The effect that the rule has on this call when asked by itself; `undefined` where there is no such rule. */
function effectOf(rule: RuleRef, document: JsonObject, aim: Aim, scene: Scene): string | undefined {
  const { pointer } = rule;
  const isSpokenFor = speakerOf(document, aim) !== undefined || requestKey(document, aim) !== undefined;
  if (pointer === '(arguments)') return aim.kind === 'resource' && isDevious(aim.name) ? 'deny' : undefined;
  if (pointer === '(default deny)') return document['default'] === 'deny' && !isSpokenFor ? 'deny' : undefined;
  if (pointer === '(hidden)') return isHidden(document, aim) ? 'deny' : undefined;
  if (pointer === '/default') return isSpokenFor ? undefined : String(document['default']);
  if (pointer === '/mode') return document['mode'] === 'shadow' ? 'allow' : undefined;
  if (!isOfCall(pointer, document, aim)) return undefined;
  const found = lookUp(document, pointer);
  return found === undefined ? undefined : effectAt(pointer, found, document, scene);
}

/** Whether the pointer leads into rules that speak for the call. */
function isOfCall(pointer: string, document: JsonObject, aim: Aim): boolean {
  if (aim.kind === 'tool' && pointer.startsWith('/all_tools/')) return true;
  const request = requestKey(document, aim);
  if (request !== undefined) return pointer === `/requests/${request}`;
  const speaker = speakerOf(document, aim);
  return speaker !== undefined && `${pointer}/`.startsWith(`/${speaker.table}/${escaped(speaker.key)}/`);
}

function effectAt(pointer: string, found: Json, document: JsonObject, scene: Scene): string | undefined {
  const steps = pointer.split('/');
  const rules = lookUp(document, pointer.startsWith('/all_tools') ? '/all_tools' : steps.slice(0, 3).join('/'));
  const part = steps.slice(pointer.startsWith('/all_tools') ? 2 : 3)[0];
  switch (part) {
    case undefined:
      if (!isObject(found)) return String(found);
      return found['action'] === undefined || found['mode'] === 'shadow' ? 'allow' : undefined;
    case 'action':
      return String(found);
    case 'deny_if':
      return judgeEntry(found, scene, 'deny_if') === 'false' ? undefined : 'deny';
    case 'require':
      return judgeEntry(found, scene, 'require') === 'true' ? undefined : 'deny';
    case 'approve_if':
      return judgeEntry(found, scene, 'approve_if') === 'false' ? undefined : 'require_approval';
    case 'validate':
      return isObject(rules) && !isValid(rules, scene) ? 'deny' : undefined;
    default: {
      const limit = { pointer, raw: found as JsonObject, counter: '' };
      const isRefused = isImpossible(limit) || measureOf(limit, scene) === 'refused';
      return doesCount(limit, scene) && isRefused ? 'deny' : undefined;
    }
  }
}

function effectIn(rule: RuleRef, raw: Documents, at: Moment): string | undefined {
  const document = raw[rule.document];
  const scene = sceneOf(at.subject, at.call, at.target, factsOf(compiled(raw), at));
  return document && effectOf(rule, document, aimOf(at.call, at.target), scene);
}

function idOf(value: Json | undefined): Json | undefined {
  return isObject(value) ? value['id'] : undefined;
}

describe(`every answer explains itself (${TRIALS})`, () => {
  test('law 7: the rule that is named exists and has that effect, in shadow too', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { shadow, ...enforced } = decideAt(raw, at);
        for (const { rule, effect } of shadow ? [enforced, shadow] : [enforced]) {
          expect(effectIn(rule, raw, at), JSON.stringify(rule)).toBe(effect);
          if (rule.pointer.startsWith('/')) expect(rule.id).toBe(idOf(lookUp(raw[rule.document], rule.pointer)));
        }
        const verdict = judge(raw, at.subject, at.call, at.target, factsOf(compiled(raw), at));
        expect(verdict.rules).toContainEqual(enforced.rule);
      }),
    );
  });

  test('law 7: every reservation names the limit it comes from', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { reservations, shadow } = decideAt(raw, at);
        for (const { rule, max, window, scope, counter, onExceed } of [
          ...reservations,
          ...(shadow?.reservations ?? []),
        ]) {
          const limit = lookUp(raw[rule.document], rule.pointer) as JsonObject;
          expect(limit['max']).toBe(max);
          expect(String(limit['window'])).toBe(window);
          expect(limit['scope'] ?? 'grant').toBe(scope);
          expect(limit['on_exceed'] ?? 'deny').toBe(onExceed);
          if (!rule.pointer.endsWith('/rate_limit')) expect(limit['counter']).toBe(counter);
        }
      }),
    );
  });

  test('law 7: an author who gave words hears them', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { shadow, ...enforced } = decideAt(raw, at);
        for (const { rule, reason, effect } of shadow ? [enforced, shadow] : [enforced]) {
          const found = lookUp(raw[rule.document], rule.pointer);
          if (effect === 'allow' || !isObject(found)) continue;
          for (const words of [found['on_deny'], found['reason']])
            if (typeof words === 'string') expect(reason).toContain(words);
        }
      }),
    );
  });
});
