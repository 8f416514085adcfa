import { expect, test } from 'vitest';
import { compare, inWords } from './compare.ts';
import { type Results, totalOf } from './suite.ts';

function run(scenarios: Readonly<Record<string, readonly string[]>>): Results {
  return new Map(
    Object.entries(scenarios).map(([scenario, lines]) => [
      scenario,
      lines.map((line) => {
        const [id = '', status = ''] = line.split(' ');
        return { id, status, told: status === 'FAILURE' ? `${id} went wrong` : '' };
      }),
    ]),
  );
}

test('two runs that found the same differ in nothing, whatever the order', () => {
  const direct = run({ ping: ['answered SUCCESS', 'schema SUCCESS'], tools: ['listed FAILURE'] });
  const gateway = run({ tools: ['listed FAILURE'], ping: ['schema SUCCESS', 'answered SUCCESS'] });
  expect(compare(direct, gateway)).toEqual({});
  expect(totalOf(direct)).toBe('2/1');
});

test('a check that failed on one side only is named, and so is one more or fewer of the same', () => {
  const direct = run({ ping: ['answered SUCCESS', 'schema SUCCESS'], tools: ['listed SUCCESS'] });
  const gateway = run({ ping: ['answered FAILURE', 'schema SUCCESS'], tools: ['listed SUCCESS', 'listed SUCCESS'] });
  const differences = compare(direct, gateway);
  expect(differences).toEqual({
    ping: { direct: ['answered SUCCESS'], gateway: ['answered FAILURE'] },
    tools: { direct: [], gateway: ['listed SUCCESS'] },
  });
  expect(inWords(differences, direct, gateway)).toContain('gateway: answered FAILURE - answered went wrong');
});

test('a scenario that only one side ran is a difference', () => {
  expect(compare(run({ ping: ['answered SUCCESS'] }), run({}))).toEqual({
    ping: { direct: ['answered SUCCESS'], gateway: ['(not run)'] },
  });
});
