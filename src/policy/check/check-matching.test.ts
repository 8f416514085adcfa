import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { told, warned } from '../../../test/kit/warned.ts';
import { hold } from '../../../test/laws/runs.ts';
import type { Json } from '../../wire/json.ts';
import { compilePolicy } from '../compile.ts';
import { type Clause, clausesOf } from './clause.ts';
import { foresee } from './foresee.ts';
import { HOLDS } from './possible.ts';
import { subjectOf } from './rule-set.ts';
import { warningsOf } from './warnings.ts';

const inRequire = (...conditions: string[]): readonly string[] => rulesWith('require', conditions);
const inDenyIf = (...conditions: string[]): readonly string[] => rulesWith('deny_if', conditions);

function rulesWith(key: string, conditions: readonly string[]): readonly string[] {
  return told(`tools: {pay: {${key}: [{conditions: [${conditions.join(', ')}]}]}}`).filter((line) =>
    /(?:never|always)-matches$/.test(line),
  );
}

const one = (op: string, value: unknown, path = 'args.n'): string => JSON.stringify({ path, op, value });
const any = (...conditions: string[]): string => `{any: [${conditions.join(', ')}]}`;
const not = (condition: string): string => `{not: ${condition}}`;
const NEVER_REQUIRED = ['/tools/pay/require/0 never-matches'];
const NEVER_DENIED = ['/tools/pay/deny_if/0 never-matches'];
const ALWAYS_DENIED = ['/tools/pay/deny_if/0 always-matches'];

describe('conditions that contradict each other', () => {
  test.each([
    ['bounds that do not meet', [one('gt', 10), one('lt', 5)]],
    ['bounds that touch and leave nothing', [one('gt', 10), one('lte', 10)]],
    ['no whole number between', [one('gt', 1), one('lt', 2), one('type', 'integer')]],
    ['two values at once', [one('eq', 'dev'), one('eq', 'prod')]],
    ['lists with nothing in common', [one('in', ['a', 'b']), one('in', ['c'])]],
    ['a value and its exclusion', [one('in', ['a', 'b']), one('not_in', ['b', 'a', 'c'])]],
    ['an empty list', [one('in', [])]],
    ['a number that is a text', [one('type', 'string'), one('lt', 5)]],
    ['the very number as a text', [one('eq', '5'), one('lte', 5)]],
    ['two beginnings', [one('starts_with', 'dev-'), one('starts_with', 'prod-')]],
    ['a value that does not begin so', [one('starts_with', 'dev-'), one('in', ['prod-1', 'test-1'])]],
    ['a value that the regex does not match', [one('regex', '^[a-z]+$'), one('eq', 'A1')]],
    ['a text longer than its whole length', [one('length_lt', 3), one('starts_with', 'prod-')]],
    ['there, and not there', [one('exists', false), one('eq', 1)]],
    ['days that do not meet', [one('gt', '2026-12-24', 'time.date'), one('lt', '2026-12-24', 'time.date')]],
    ['no day between', [one('gt', '2026-12-24', 'time.date'), one('lt', '2026-12-25', 'time.date')]],
    ['a day beyond the last', [one('eq', '2026-12-26', 'time.date'), one('lte', '2026-12-25', 'time.date')]],
    ['all arguments, and fewer', [one('eq', { a: 1, b: 2 }, 'args'), one('length_lte', 1, 'args')]],
    ['no arguments that are no object', [one('type', 'string', 'args')]],
    ['a contradiction spread over groups', [any(one('eq', 1), one('eq', 2)), not(any(one('eq', 1), one('eq', 2)))]],
  ])('%s', (_, conditions) => {
    expect(inRequire(...conditions)).toEqual(NEVER_REQUIRED);
    expect(inDenyIf(...conditions)).toEqual(NEVER_DENIED);
  });

  test.each([
    ['bounds that meet', [one('gt', 5), one('lt', 10)]],
    ['one day between', [one('gt', '2026-12-24', 'time.date'), one('lt', '2026-12-26', 'time.date')]],
    ['the last day of a year', [one('gte', '2026-12-31', 'time.date'), one('lt', '2027-01-01', 'time.date')]],
    ['all arguments, and as many', [one('eq', { a: 1, b: 2 }, 'args'), one('length_lte', 2, 'args')]],
    ['no arguments at all', [one('length_lt', 1, 'args')]],
    ['bounds that leave one number', [one('gte', 10), one('lte', 10)]],
    ['a broken number between', [one('gt', 1), one('lt', 2)]],
    ['a value out of the other list', [one('in', ['a', 'b']), one('in', ['b', 'c'])]],
    ['a beginning within the other', [one('starts_with', 'prod-'), one('starts_with', 'prod-eu-')]],
    [
      'beginnings that differ in case',
      [one('starts_with', 'dev'), '{path: args.n, op: starts_with, value: DEV, ignore_case: true}'],
    ],
    ['two patterns that a text may match both', [one('regex', '^a'), one('regex', 'b$')]],
    ['values of two arguments', [one('eq', 1), one('eq', 2, 'args.m')]],
    ['elements of one array', [one('contains', 'a'), one('contains', 'b')]],
    ['a length that fits', [one('length_lt', 9), one('starts_with', 'prod-')]],
  ])('but not: %s', (_, conditions) => {
    expect(inRequire(...conditions)).toEqual([]);
    expect(inDenyIf(...conditions)).toEqual([]);
  });

  test('all elements must satisfy what is required, but two may satisfy what refuses', () => {
    const both = [one('eq', 'a', 'args.list[*]'), one('eq', 'b', 'args.list[*]')];
    expect(inRequire(...both)).toEqual(NEVER_REQUIRED);
    expect(inDenyIf(...both)).toEqual([]);
  });

  test('one alternative that says nothing is told where it stands', () => {
    expect(
      inRequire(any('{all: [{path: args.n, op: gt, value: 5}, {path: args.n, op: lt, value: 5}]}', one('eq', 7))),
    ).toEqual(['/tools/pay/require/0/conditions/0/any/0 never-matches']);
  });

  test('what is known of the gateway itself counts', () => {
    expect(inRequire(one('lt', 0, 'time.hour'))).toEqual(NEVER_REQUIRED);
    expect(inRequire(one('gt', 23, 'time.hour'))).toEqual(NEVER_REQUIRED);
    expect(inRequire(one('gte', 22, 'time.hour'))).toEqual([]);
    expect(inRequire(one('eq', 'refund', 'tool.name'))).toEqual(NEVER_REQUIRED);
    expect(inDenyIf('{path: "grant.calls[\\"pay\\"]", op: lt, value: 0, within: 1h}')).toEqual(NEVER_DENIED);
    expect(inDenyIf('{path: "grant.calls[\\"pay\\"]", op: lt, value: 1, within: 1h}')).toEqual([]);
  });

  test('a limit that counts nothing', () => {
    const limit = (when: string): string =>
      `tools: {pay: {limits: [{counter: c, window: day, max: 3, when: [${when}]}]}}`;
    expect(told(limit(`${one('gt', 9)}, ${one('lt', 9)}`))).toEqual(['/tools/pay/limits/0 never-matches']);
    expect(told(limit(one('gt', 9)))).toEqual([]);
  });

  test('the message names the conditions, what follows, and a way out', () => {
    const [warning] = warned(`tools: {pay: {require: [{conditions: [${one('gt', 10)}, ${one('lt', 5)}]}]}}`);
    expect(warning?.message).toBe(
      'no value of "args.n" satisfies gt 10 and lt 5, so every call is refused; change one of them, or write alternatives as {"any": […]}',
    );
  });
});

describe('conditions that always hold', () => {
  test('the classical mistake with several exclusions', () => {
    expect(inDenyIf(any(one('neq', 'GET'), one('neq', 'HEAD')))).toEqual(ALWAYS_DENIED);
    expect(inDenyIf(not('{all: [{path: args.n, op: eq, value: GET}, {path: args.n, op: eq, value: HEAD}]}'))).toEqual(
      ALWAYS_DENIED,
    );
    expect(inDenyIf(one('not_in', ['GET', 'HEAD']))).toEqual([]);
    expect(inDenyIf(one('neq', 'GET'), one('neq', 'HEAD'))).toEqual([]);
  });

  test('bounds that leave nothing out', () => {
    expect(inDenyIf(any(one('gt', 5), one('lte', 7)))).toEqual(ALWAYS_DENIED);
    expect(inDenyIf(any(one('gt', 7), one('lt', 5)))).toEqual([]);
    expect(inRequire(one('gte', 0, 'time.hour'))).toEqual(['/tools/pay/require/0 always-matches']);
    expect(inRequire(one('gte', 8, 'time.hour'))).toEqual([]);
  });

  test('a requirement of nothing', () => {
    expect(told('tools: {pay: {require: [{conditions: []}]}}')).toEqual(['/tools/pay/require/0 always-matches']);
    expect(told('tools: {pay: {deny_if: [{conditions: []}]}}')).toEqual(['/default nothing-allowed']);
    expect(told('tools: {pay: {approve_if: [{conditions: []}]}}')).toEqual([]);
  });

  test('asking whether a value is there is no mistake', () => {
    expect(inRequire(one('exists', true))).toEqual([]);
    expect(inDenyIf(one('exists', true))).toEqual([]);
  });
});

describe('the samples stand for every value', () => {
  const values: readonly Json[] = JSON.parse(
    '[null, true, false, "", "a", "ab", "abc", "b", "ba", "1", "true", "2.0", 0, 1, 1.5, 2, 3, -1, [], ["a"], ["a", 1], {}, {"a": 1}]',
  );
  const leaf = fc.oneof(
    fc.record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: fc.constantFrom(0, 1, 1.5, 2) }),
    fc.record({ op: fc.constantFrom('eq', 'neq', 'contains', 'not_contains'), value: fc.constantFrom(...values) }),
    fc.record({ op: fc.constantFrom('in', 'not_in'), value: fc.subarray([...values], { maxLength: 4 }) }),
    fc.record({ op: fc.constantFrom('starts_with', 'ends_with'), value: fc.constantFrom('', 'a', 'ab', 'b') }),
    fc.record({
      op: fc.constantFrom('length_lt', 'length_lte', 'length_gt', 'length_gte'),
      value: fc.constantFrom(0, 1, 2),
    }),
    fc.record({ op: fc.constant('exists'), value: fc.boolean() }),
    fc.record({ op: fc.constant('type'), value: fc.constantFrom('string', 'integer', 'number', 'array', 'null') }),
    fc.record({ op: fc.constantFrom('regex', 'not_regex'), value: fc.constantFrom('^a', 'b$', '.') }),
  );
  const { condition } = fc.letrec<{ condition: object; leaf: object }>((tie) => ({
    leaf: leaf.map((one) => ({ path: 'args.n', ...one })),
    condition: fc.oneof(
      { maxDepth: 2 },
      tie('leaf'),
      fc.record({ not: tie('condition') }),
      fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    ),
  }));

  test('what is said never to hold, or always, does so for every value that is tried', () => {
    const seen = { never: 0, always: 0 };
    hold(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('require', 'deny_if'),
        (conditions, purpose) => {
          const document: Json = JSON.parse(
            JSON.stringify({ version: '1', default: 'deny', tools: { t: { [purpose]: [{ conditions }] } } }),
          );
          const compiled = compilePolicy(document, 'policy');
          if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
          const [clause] = clausesOf(subjectOf(document, compiled.policy, undefined));
          const place = `/tools/t/${purpose}/0`;
          const warnings = warningsOf(document, compiled.policy, undefined).filter(({ pointer }) => pointer === place);
          const answers = [undefined, ...values].map((value) => ({ value, answers: answersFor(clause, value) }));
          if (warnings.some(({ code }) => code === 'never-matches')) {
            seen.never++;
            expect(answers.filter((one) => (one.answers & HOLDS) !== 0)).toEqual([]);
          }
          if (warnings.some(({ code }) => code === 'always-matches')) {
            seen.always++;
            const bad = answers.filter((one) => (purpose === 'require' ? one.answers !== HOLDS : one.answers === 4));
            expect(bad.filter(({ value }) => value !== undefined && value !== null)).toEqual([]);
          }
        },
      ),
    );
    expect(seen.never).toBeGreaterThan(50);
    expect(seen.always).toBeGreaterThan(10);
  });

  function answersFor(clause: Clause | undefined, value: Json | undefined): number {
    return clause === undefined ? 0 : foresee(clause.tree, { kind: 'value', value });
  }
});
