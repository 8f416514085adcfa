import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Moment, moment } from '../../../test/laws/arbitrary.ts';
import { conditions } from '../../../test/laws/arbitrary-condition.ts';
import { document } from '../../../test/laws/arbitrary-document.ts';
import { limit } from '../../../test/laws/arbitrary-limit.ts';
import { strict, strictObject } from '../../../test/laws/arbitrary-value.ts';
import { withRules } from '../../../test/laws/change.ts';
import { compiled, decideBoth } from '../../../test/laws/engine.ts';
import { aimOf } from '../../../test/laws/naive-entry.ts';
import { list } from '../../../test/laws/naive-list.ts';
import type { Side } from '../../../test/laws/naive-value.ts';
import { hold, PATIENCE, TRIALS } from '../../../test/laws/runs.ts';
import { shuffled } from '../../../test/laws/shuffle.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import type { Decision } from '../decision.ts';
import { verdictOf } from './change.ts';
import { compareViews } from './compare-views.ts';
import { diffPolicies } from './diff-policies.ts';
import { readerOf, type Version } from './reader.ts';
import { viewsOf } from './view.ts';

function version(policy: JsonObject): Version {
  return { policy: compiled({ policy, baseline: undefined }).policy, document: policy };
}

function compare(before: JsonObject, after: JsonObject, { call, target }: Moment) {
  const named = { kind: call.kind, name: call.name, class: target.class };
  return compareViews(viewsOf(readerOf(version(before)), named), viewsOf(readerOf(version(after)), named));
}

const RANK = { allow: 0, require_approval: 1, deny: 2 } as const;

function rank({ effect, hidden }: Decision): number {
  return RANK[effect] + Number(hidden);
}

/** Whether the second lets through, shows, or leaves uncounted what the first does not. */
function isLooser(before: Decision, after: Decision): boolean {
  if (rank(after) !== rank(before)) return rank(after) < rank(before);
  if (after.effect === 'deny') return false;
  return !before.reservations.every((one) =>
    after.reservations.some(
      (other) =>
        other.key === one.key &&
        other.max <= one.max &&
        other.add === one.add &&
        (other.onExceed === 'deny' || one.onExceed !== 'deny'),
    ),
  );
}

/** Holds what is said of a pair of documents against what is decided of a call. */
function expectSound(before: JsonObject, after: JsonObject, at: Moment): void {
  const verdict = verdictOf(compare(before, after, at).map(({ direction }) => direction));
  const documents = [before, after].map((policy) => ({ policy, baseline: undefined }));
  const [old, young] = decideBoth(documents[0]!, documents[1]!, at);
  const isQuiet = verdict === undefined || verdict === 'reason only';
  if (isQuiet || verdict === 'tighter') expect(isLooser(old, young), `${verdict}, but looser`).toBe(false);
  if (isQuiet || verdict === 'looser') expect(isLooser(young, old), `${verdict}, but tighter`).toBe(false);
}

/** Numbers nearby, members of lists less or more, other words: what an author changes in a condition or a limit. */
function nudged(value: Json, seed: number): Json {
  const random = { state: seed };
  const next = (): number => {
    random.state = (Math.imul(random.state, 1_664_525) + 1_013_904_223) >>> 0;
    return random.state / 2 ** 32;
  };
  const walk = (one: Json, key: string, op: string): Json => {
    if (typeof one === 'number' && (key === 'value' || key === 'max')) {
      const more = one + (next() < 0.5 ? 1 : -1);
      return next() < 0.4 && more >= 0 && !/hour/.test(op) ? more : one;
    }
    if (isArray(one)) {
      const isList = key === 'value' && /_in$|^in$|_within$/.test(op);
      const kept = one.filter(() => !isList || next() < 0.7).map((element) => walk(element, '', op));
      const isFree = ['require', 'deny_if', 'approve_if', 'limits'].includes(key);
      if (isFree && next() < 0.15) return kept.slice(1);
      if (key === 'conditions' && kept.length > 1 && next() < 0.3) return kept.slice(1);
      return kept.length === 0 ? one : kept;
    }
    if (!isObject(one)) {
      if (key === 'validate' && next() < 0.3) return 'schema';
      return key === 'on_exceed' && next() < 0.2 ? 'deny' : one;
    }
    const path = String(one['path'] ?? '');
    return strictObject(
      Object.fromEntries(
        Object.entries(one).map(([name, inner]) => [
          name,
          walk(inner, name, name === 'value' ? `${String(one['op'])}${/time\.hour/.test(path) ? ' hour' : ''}` : op),
        ]),
      ),
    );
  };
  return walk(value, '', '');
}

const seed = fc.integer({ min: 1, max: 2 ** 31 });

describe(`what is said of two documents holds for every call (${TRIALS})`, () => {
  test('of any two', { timeout: PATIENCE }, () => {
    hold(fc.property(document, document, moment, expectSound));
  });

  test('of a document and the same with other bounds, lists and fewer rules', { timeout: PATIENCE }, () => {
    hold(
      fc.property(document, seed, moment, fc.boolean(), (before, salt, at, isBackwards) => {
        const after = strictObject(nudged(before, salt));
        if (isBackwards) expectSound(after, before, at);
        else expectSound(before, after, at);
      }),
    );
  });

  test('of a document and the same with one more rule, which is never looser', { timeout: PATIENCE }, () => {
    const side = fc.constantFrom<Side[]>('require', 'deny_if', 'approve_if');
    const added = fc.oneof(
      side.chain((key) =>
        fc
          .array(conditions(key), { minLength: 1, maxLength: 2 })
          .map((parts) => ({ key: key as string, rule: { conditions: parts } as object })),
      ),
      limit.map((rule) => ({ key: 'limits', rule })),
    );
    hold(
      fc.property(document, added, moment, (before, { key, rule }, at) => {
        const after = withRules(before, aimOf(at.call, at.target), 'entry', (rules) =>
          strictObject({ ...rules, [key]: [...list(rules, key as Side), strict(rule)] }),
        );
        expectSound(before, after, at);
        const verdict = verdictOf(compare(before, after, at).map(({ direction }) => direction));
        expect(['tighter', 'reason only', undefined]).toContain(verdict);
      }),
    );
  });

  test('shuffled keys, entries, conditions and lists are no change', { timeout: PATIENCE }, () => {
    hold(
      fc.property(document, seed, (before, salt) => {
        const after = shuffled(before, salt, 'rules and their parts');
        const diff = diffPolicies({ before: version(before), after: version(after), tools: undefined, at: 0 });
        expect(diff.differences).toEqual([]);
      }),
    );
  });

  test('every example is answered as it says, and none contradicts the verdict', { timeout: PATIENCE }, () => {
    fc.assert(
      fc.property(document, seed, (before, salt) => {
        const after = strictObject(nudged(before, salt));
        const diff = diffPolicies({
          before: version(before),
          after: version(after),
          tools: undefined,
          at: Date.UTC(2026, 5, 1, 12),
        });
        for (const { verdict, changes, witnesses } of diff.differences) {
          expect(verdictOf(changes.map(({ direction }) => direction))).toBe(verdict);
          for (const witness of witnesses) {
            expect(rank(witness.after) > rank(witness.before)).toBe(witness.direction === 'tighter');
            expect([witness.direction, 'changed']).toContain(verdict);
          }
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
