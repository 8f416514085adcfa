import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { inspect } from '../../src/policy/inspect.ts';
import { readYamlSource } from '../../src/settings/yaml-source.ts';
import { isArray, isObject, type Json, objectOf } from '../../src/wire/json.ts';

const PAGE = readFileSync(new URL('../../docs/reference/policy.md', import.meta.url), 'utf8');

/** The example of the page: the rules, and what they make of some answers. */
function shown(): { readonly results: Json; readonly answers: readonly Json[] } {
  const text = /^```yml\n([\s\S]*?)^```/m.exec(PAGE)?.[1] ?? '';
  const source = readYamlSource(text);
  if (source.kind === 'fault' || !isObject(source.value)) throw new Error('the page shows no rules over results');
  const { results, answers } = source.value;
  if (results === undefined || !isArray(answers)) throw new Error('the page shows no answers');
  return { results, answers };
}

describe('the rules over results that the reference shows', () => {
  const { results, answers } = shown();
  const compiled = compilePolicy(
    objectOf([
      ['version', '1'],
      ['default', 'deny'],
      ['results', results],
    ]),
    'policy',
  );
  const rules = compiled.kind === 'policy' ? compiled.policy.results : undefined;

  it('compile', () => {
    expect(compiled.kind === 'problems' ? compiled.problems : []).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(3);
  });

  it.each(answers.filter(isObject))('$name', ({ answer, want }) => {
    if (rules === undefined || answer === undefined) throw new Error('nothing to inspect');
    const inspected = inspect([rules], answer);
    expect(inspected.kind === 'kept' ? inspected.value : 'withheld').toEqual(want);
  });
});
