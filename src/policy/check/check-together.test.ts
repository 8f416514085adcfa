import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { told, warned } from '../../../test/kit/warned.ts';
import { hold } from '../../../test/laws/runs.ts';
import { type Json, objectOf } from '../../wire/json.ts';
import { compilePolicy } from '../compile.ts';
import { decide } from '../decide.ts';
import type { Subject } from '../decision.ts';
import { warningsOf } from './warnings.ts';

const one = (op: string, value: unknown, path = 'args.n'): string =>
  `{conditions: [${JSON.stringify({ path, op, value })}]}`;
const never = (rules: string): readonly string[] =>
  told(`tools: {pay: {${rules}}}`).filter((line) => line.endsWith('never-matches'));

describe('entries that let nothing pass together', () => {
  test('two requirements that no value meets', () => {
    expect(never(`require: [${one('lt', 5)}, ${one('gt', 7)}]`)).toEqual(['/tools/pay/require/1 never-matches']);
    expect(never(`require: [${one('lt', 7)}, ${one('exists', true, 'args.m')}, ${one('gt', 5)}]`)).toEqual([]);
    expect(never(`require: [${one('lt', 5)}, ${one('gt', 7, 'args.m')}]`)).toEqual([]);
    expect(never(`require: [${one('regex', '^a')}, ${one('regex', 'b$')}]`)).toEqual([]);
    const each = 'args.list[*]';
    expect(never(`require: [${one('eq', 'a', each)}, ${one('eq', 'b', each)}]`)).toEqual([
      '/tools/pay/require/1 never-matches',
    ]);
  });

  test('a requirement of the very value that is refused', () => {
    expect(never(`require: [${one('eq', 5)}], deny_if: [${one('eq', 5)}]`)).toEqual([
      '/tools/pay/deny_if/0 never-matches',
    ]);
    expect(never(`require: [${one('in', [5, 6])}], deny_if: [${one('eq', 5)}]`)).toEqual([]);
    expect(never(`require: [${one('in', [5, 6])}], deny_if: [${one('eq', 5)}, ${one('eq', 6)}]`)).toEqual([
      '/tools/pay/deny_if/1 never-matches',
    ]);
    expect(never(`require: [${one('exists', true)}], deny_if: [${one('gt', 5)}]`)).toEqual([]);
    const both = '{conditions: [{path: args.n, op: eq, value: 5}, {path: args.m, op: eq, value: 5}]}';
    expect(never(`require: [${one('eq', 5)}], deny_if: [${both}]`)).toEqual([]);
  });

  test('what one entry alone refuses is told once, and rules of other tools are none of its business', () => {
    expect(never(`require: [${one('in', [])}, ${one('gt', 7)}]`)).toEqual(['/tools/pay/require/0 never-matches']);
    const two = `tools: {pay: {require: [${one('lt', 5)}]}, refund: {require: [${one('gt', 7)}]}}`;
    expect(told(two)).toEqual([]);
  });

  test('the message names both', () => {
    const [warning] = warned(`tools: {pay: {require: [${one('lt', 5)}, ${one('gt', 7)}]}}`);
    expect(warning?.message).toBe(
      'no value of "args.n" passes require gt 7 and require lt 5 (/tools/pay/require/0), so every call is refused; change one of them, or write alternatives as {"any": […]} in one entry',
    );
  });
});

const SUBJECT: Subject = {
  grant: { name: 'g', owner: 'o', labels: {} },
  server: 's',
  session: 's1',
  client: { name: undefined, version: undefined },
};

test('law: where it is said that every call is refused, every call is refused', () => {
  const values: readonly Json[] = JSON.parse(
    '[null, true, "", "a", "ab", "b", "1", 0, 1, 1.5, 2, 3, -1, [], ["a"], ["a", 1], [1, 2], {}]',
  );
  const entry = fc
    .oneof(
      fc.record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: fc.constantFrom(0, 1, 1.5, 2) }),
      fc.record({ op: fc.constantFrom('eq', 'neq', 'contains'), value: fc.constantFrom(...values) }),
      fc.record({ op: fc.constantFrom('in', 'not_in'), value: fc.subarray([...values], { maxLength: 3 }) }),
      fc.record({ op: fc.constant('exists'), value: fc.boolean() }),
      fc.record({ op: fc.constant('type'), value: fc.constantFrom('string', 'integer', 'array') }),
      fc.record({ op: fc.constant('regex'), value: fc.constantFrom('^a', 'b$') }),
    )
    .chain((leaf) => fc.constantFrom({ path: 'args.n', ...leaf }, { not: { path: 'args.n', ...leaf } }))
    .chain((leaf) => fc.constantFrom(leaf, { any: [leaf, { path: 'args.n', op: 'eq', value: 3 }] }))
    .map((leaf) => ({ conditions: [leaf] }));
  let seen = 0;
  hold(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 3 }),
      fc.array(entry, { maxLength: 2 }),
      fc.boolean(),
      (require, deny, isEach) => {
        const text = JSON.stringify({ version: '1', default: 'deny', tools: { t: { require, deny_if: deny } } });
        const document: Json = JSON.parse(isEach ? text.replaceAll('args.n', 'args.n[*]') : text);
        const compiled = compilePolicy(document, 'policy');
        if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
        const { policy } = compiled;
        const warnings = warningsOf(document, policy, undefined);
        if (!warnings.some(({ message }) => message.includes('so every call is refused'))) return;
        seen++;
        for (const value of [undefined, ...values]) {
          const args = objectOf(value === undefined ? [] : [['n', value]]);
          const call = { kind: 'tool', method: 'tools/call', name: 't', args, params: objectOf([]) } as const;
          const target = { class: 'unknown', definition: undefined } as const;
          const { effect } = decide({ policy, baseline: undefined }, SUBJECT, call, target, {
            at: 0,
            calls: new Map(),
          });
          expect(effect).toBe('deny');
        }
      },
    ),
  );
  expect(seen).toBeGreaterThan(50);
});
