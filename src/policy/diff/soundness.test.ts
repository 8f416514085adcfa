import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Moment, moment, toolCall } from '../../../test/laws/arbitrary.ts';
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
import { compilePolicy } from '../compile.ts';
import type { Decision } from '../decision.ts';
import type { Policy } from '../policy.ts';
import { sidesOf, standingRefusal } from '../standing.ts';
import { type Verdict, verdictOf } from './change.ts';
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
    const path = typeof one['path'] === 'string' ? one['path'] : '';
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

/** Conditions on one argument that say nearly the same, and values that tell them apart. */
const COMPARED: readonly { readonly sides: fc.Arbitrary<object[]>; readonly found: readonly unknown[] }[] = [
  {
    sides: alike(['eq', 'neq'], fc.constantFrom(1, 2, '1', null)),
    found: [undefined, null, 1, 2, 3, '1', '2', true, [1]],
  },
  {
    sides: alike(['in', 'not_in'], fc.subarray([1, 2, '2', null], { minLength: 1 })),
    found: [undefined, null, 1, 2, 3, '1', '2', [1]],
  },
  {
    sides: alike(['regex', 'not_regex', 'contains', 'not_contains'], fc.constant('b')),
    found: [undefined, null, 'abc', 'ac', 1, ['b']],
  },
  {
    sides: alike(
      ['ip_in'],
      fc.subarray(['10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '10.64.0.0/10', '::/0'], { minLength: 1 }),
    ),
    found: [undefined, '10.1.1.1', '10.65.0.1', '10.200.0.1', '11.0.0.1', '::1', '::ffff:10.1.1.1', 'x'],
  },
  {
    sides: alike(
      ['path_within'],
      fc.subarray(['/', '/srv', '/srv/', '/srv/a//', 'C:\\', 'C:\\srv\\', 'C:\\srv'], { minLength: 1 }),
    ),
    found: [undefined, '/', '/srv', '/srv/', '/srv/a', '/srvx', 'C:\\', 'C:\\srv\\x', 'C:\\srvx', 'srv'],
  },
  {
    sides: alike(
      ['url_host_in'],
      fc.subarray(['example.com', 'Example.COM.', '*.example.com.', 'localhost.'], { minLength: 1 }),
    ),
    found: [
      undefined,
      'https://example.com/',
      'https://example.com./',
      'https://a.example.com/',
      'http://127.0.0.1/',
      'x',
    ],
  },
];

function alike(ops: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<object[]> {
  const path = fc.constantFrom('args.a', 'args.a', 'args.a[*]');
  const plain: fc.Arbitrary<object> = fc.record({ path, op: fc.constantFrom(...ops), value });
  const signed = fc.oneof(
    plain,
    plain.map((one) => ({ not: one })),
  );
  const some = fc.array(signed, { minLength: 1, maxLength: 2 });
  return fc.oneof(
    some,
    some.map((any) => [{ any }]),
  );
}

const patternText = fc
  .array(fc.constantFrom('a', 'b', 'ab', '*', '*'), { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.join(''));
const tools = fc.dictionary(patternText, fc.constantFrom({}, { action: 'deny' }, { action: 'hide' }), { maxKeys: 3 });
const hide = fc.array(patternText, { maxLength: 2 });
/** Much is the same in both, as in life. */
const alikePair = fc.tuple(tools, hide, fc.tuple(tools, hide), fc.tuple(tools, hide)).map(
  ([sharedTools, sharedHide, ...own]) =>
    own.map(([ownTools, ownHide]) =>
      strictObject({
        version: '1',
        default: 'deny',
        tools: { ...sharedTools, ...ownTools },
        hide: [...new Set([...sharedHide, ...ownHide])],
      }),
    ) as [JsonObject, JsonObject],
);
const NAMES = namesUpTo(5).slice(1);

function namesUpTo(length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = namesUpTo(length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((name) => ['a', 'b', 'c'].map((letter) => name + letter))])];
}

/** 0 for what is allowed, 2 for what is refused, 3 for what is hidden. */
function stateOf(policy: Policy, name: string): number {
  const standing = standingRefusal(sidesOf({ policy, baseline: undefined }, { kind: 'tool', name, class: 'unknown' }));
  if (standing === undefined) return 0;
  return standing.stage === 'hide' ? 3 : 2;
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

  test('of one comparison and the same in other words', { timeout: PATIENCE }, () => {
    hold(
      fc.property(
        fc.constantFrom('require', 'deny_if', 'approve_if'),
        fc.constantFrom(...COMPARED).chain(({ sides, found }) => fc.tuple(sides, sides, fc.constantFrom(...found))),
        moment,
        (key, [one, other, found], at) => {
          const [before, after] = [one, other].map((condition) =>
            strictObject({ version: '1', default: 'deny', tools: { x: { [key]: [{ conditions: condition }] } } }),
          );
          const call = toolCall('x', strictObject(found === undefined ? {} : { a: found }));
          expectSound(before!, after!, { ...at, call });
        },
      ),
    );
  });

  test('of names, whatever both hide and wherever patterns overlap', { timeout: PATIENCE }, () => {
    hold(
      fc.property(alikePair, ([before, after]) => {
        const loaded = [before, after].map((policy) => compilePolicy(policy, 'policy'));
        // Two patterns may tie.
        if (loaded.some(({ kind }) => kind !== 'policy')) return;
        const [old, young] = [version(before), version(after)];
        const { differences, coverage } = diffPolicies({ before: old, after: young, tools: undefined, at: 0 });
        expect(coverage).toBe('all');
        const told = differences.filter(({ kind }) => kind === 'tool');
        const verdictOn = (name: string): Verdict | undefined => {
          const [one = 0, other = 0] = [old, young].map(({ policy }) => stateOf(policy, name));
          return one === other ? undefined : one > other ? 'looser' : 'tighter';
        };
        const verdicts = [...new Set(NAMES.map(verdictOn))].filter((one) => one !== undefined);
        expect(told.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(verdicts));
        for (const { name, verdict } of told) if (verdict !== 'reason only') expect(verdictOn(name)).toBe(verdict);
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
