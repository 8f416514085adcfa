import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strictObject } from '../../../test/laws/arbitrary-value.ts';
import { compiled } from '../../../test/laws/engine.ts';
import { hold, PATIENCE } from '../../../test/laws/runs.ts';
import { compilePolicy } from '../compile.ts';
import { sidesOf } from '../standing.ts';
import { diffPolicies } from './diff-policies.ts';
import type { Version } from './reader.ts';
import { subjectsOf } from './subjects.ts';

const DENY = { action: 'deny' };

function version(rules: object): Version {
  const document = strictObject({ version: '1', default: 'deny', ...rules });
  return { policy: compiled({ policy: document, baseline: undefined }).policy, document };
}

function told(before: object, after: object): readonly (readonly [string, string])[] {
  const { differences } = diffPolicies({ before: version(before), after: version(after), tools: undefined, at: 0 });
  return differences.filter(({ kind }) => kind === 'tool').map(({ label, verdict }) => [label, verdict]);
}

describe('a change is told although the plainest name is hidden', () => {
  test.each<[string, object, object, string[], string]>([
    ['what no entry speaks for', { default: 'deny' }, { default: 'allow' }, ['*_tool'], 'every other tool'],
    ['nearly every name', { default: 'deny' }, { default: 'allow' }, ['*e*', '*a*', '*x*'], 'every other tool'],
    ['the beginning of a pattern', { tools: { 'get_*': DENY } }, { tools: { 'get_*': {} } }, ['get_x*'], 'get_*'],
    ['the end of a pattern', { tools: { '*_file': DENY } }, { tools: { '*_file': {} } }, ['x_*', '_*'], '*_file'],
    ['of all names', { tools: { '*': DENY } }, { tools: { '*': {} } }, ['*_tool', 'x*', 'any*'], '*'],
  ])('%s', (_, before, after, hide, label) => {
    expect(told({ ...before, hide }, { ...after, hide })).toEqual([[label, 'looser']]);
    expect(told({ ...after, hide }, { ...before, hide })).toEqual([[label, 'tighter']]);
  });

  test('but not where all of its names are', () => {
    expect(told({ tools: { 'get_a*': DENY }, hide: ['get_*'] }, { tools: { 'get_a*': {} }, hide: ['get_*'] })).toEqual(
      [],
    );
  });
});

describe('where patterns meet', () => {
  test('the end of one may be the beginning of the other', () => {
    const tools = { 'read_*': DENY, 'read_*_secret': DENY };
    expect(told({ default: 'allow', tools }, { default: 'allow', tools: { ...tools, '*_secret': {} } })).toEqual([
      ['read_* and *_secret at once ("read_secret")', 'looser'],
    ]);
  });

  test('a pattern within another is told alone', () => {
    expect(told({ tools: { 'a_*': {} } }, { tools: { 'a_*': {}, 'a_x*': DENY } })).toEqual([['a_x*', 'tighter']]);
    expect(told({ tools: { 'a_*': {} } }, { tools: { 'a_*': {} }, hide: ['a_x*'] })).toEqual([['a_x*', 'tighter']]);
    expect(told({ tools: { 'a_*': {} }, hide: ['a_x*'] }, { tools: { 'a_*': {} } })).toEqual([['a_x*', 'looser']]);
  });
});

const text = fc
  .array(fc.constantFrom('a', 'b', 'ab', '*', '*'), { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.join(''));
const entries = fc.dictionary(text, fc.constantFrom({}, DENY, { action: 'require_approval' }), { maxKeys: 4 });
const rules = fc.record({ tools: entries, hide: fc.array(text, { maxLength: 2 }) });
const pairs = fc.tuple(rules, rules, entries, fc.array(text, { maxLength: 2 })).map(([one, other, tools, hide]) =>
  // Much is the same in both, as in life.
  [one, other].map((own) => ({ tools: { ...tools, ...own.tools }, hide: [...new Set([...hide, ...own.hide])] })),
);
const NAMES = namesUpTo(6);

function namesUpTo(length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = namesUpTo(length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((name) => ['a', 'b', 'c'].map((letter) => name + letter))])];
}

test('every way in which entries can speak for a name is looked at', { timeout: PATIENCE }, () => {
  let many = 0;
  hold(
    fc.property(pairs, ([one, other]) => {
      const documents = [one, other].map((own) => strictObject({ version: '1', default: 'deny', ...own }));
      // Two patterns may tie.
      if (documents.some((document) => compilePolicy(document, 'policy').kind !== 'policy')) return;
      const [before, after] = [version(one ?? {}).policy, version(other ?? {}).policy];
      many++;
      const regionOf = (name: string): string =>
        [before, after]
          .map((policy) => {
            const { entry, hidden } = sidesOf(
              { policy, baseline: undefined },
              { kind: 'tool', name, class: 'unknown' },
            ).policy;
            return hidden === undefined ? entry.allowed.rule.pointer : 'hidden';
          })
          .join(' → ');
      const { subjects, coverage } = subjectsOf(before, after, undefined);
      expect(coverage).toBe('all');
      const looked = new Set(subjects.filter(({ kind }) => kind === 'tool').map(({ name }) => regionOf(name)));
      const isMoved = (region: string): boolean => region !== 'hidden → hidden';
      for (const name of NAMES.slice(1)) if (isMoved(regionOf(name))) expect(looked).toContain(regionOf(name));
    }),
  );
  expect(many).toBeGreaterThan(20);
});
