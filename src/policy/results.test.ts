import { describe, expect, it } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';

function compile(results: unknown) {
  const read = readJson(JSON.stringify({ version: '1', default: 'deny', results }), STRICT);
  const value: Json = read.kind === 'value' ? read.value : null;
  return compilePolicy(value, 'policy');
}

function problems(results: unknown): readonly string[] {
  const compiled = compile(results);
  if (compiled.kind === 'policy') return [];
  return compiled.problems.map(({ pointer, message }) => `${pointer} ${message}`);
}

describe('rules for results', () => {
  it('take a ceiling, expressions and the secret rules', () => {
    const redact = [{ secrets: true }, { regex: '2+', replace: '' }, { regex: '1+', ignore_case: true }];
    const compiled = compile({ max_bytes: 1, redact });
    const rules = compiled.kind === 'policy' ? compiled.policy.results : undefined;
    expect(rules).toMatchObject({ document: 'policy', maxBytes: 1, secrets: 'masked' });
    expect(rules?.masks.map(({ replace }) => replace)).toEqual(['[redacted]', '']);
  });

  it('are the same in whatever order the document lists them', () => {
    const named = [{ regex: '1' }, { regex: '2' }, { regex: '1', replace: 'x' }];
    const [one, other] = [named, named.toReversed()].map((order) => {
      const compiled = compile({ redact: order });
      return compiled.kind === 'policy'
        ? compiled.policy.results?.masks.map((mask) => mask.pattern + mask.replace)
        : [];
    });
    expect(one).toEqual(other);
    expect(one).toHaveLength(3);
  });

  it('that say nothing cost nothing', () => {
    for (const empty of [undefined, {}, { redact: [] }]) {
      const compiled = compile(empty);
      expect(compiled).toMatchObject({ kind: 'policy', policy: { results: undefined } });
    }
  });

  it.each([
    [{ max_byte: 1 }, expect.stringContaining('/results/max_byte unknown key "max_byte"')],
    [{ max_bytes: 0 }, '/results/max_bytes must be a whole number of bytes from 1, without quotes'],
    [{ max_bytes: 1.5 }, '/results/max_bytes must be a whole number of bytes from 1, without quotes'],
    [{ max_bytes: '10' }, '/results/max_bytes must be a whole number of bytes from 1, without quotes'],
    [{ redact: {} }, '/results/redact must be an array'],
    [{ redact: [{}] }, '/results/redact/0 says nothing to mask; write {"secrets": true} or {"regex": "…"}'],
    [
      { redact: [{ secrets: false }] },
      '/results/redact/0/secrets must be true; leave the whole entry out to keep secrets',
    ],
    [
      { redact: [{ secrets: true, replace: 'x' }] },
      '/results/redact/0/replace goes with "regex", not with "secrets"; write two entries',
    ],
    [{ redact: [{ replace: 'x' }] }, '/results/redact/0/replace goes with "regex", which is missing'],
    [
      { redact: [{ regex: '(?=a)' }] },
      expect.stringContaining('/results/redact/0/regex not a regular expression in RE2'),
    ],
    [{ redact: [{ regex: '1', ignore_case: 1 }] }, '/results/redact/0/ignore_case must be true or false'],
    [{ redact: [{ regex: '1', replace: 1 }] }, '/results/redact/0/replace must be a text; it may be empty'],
    [{ redact: [{ regex: '1', replace: 'x'.repeat(201) }] }, '/results/redact/0/replace longer than 200 characters'],
    [{ redact: [{ regex: '1*' }] }, expect.stringContaining('matches a text without characters')],
    [{ redact: [{ regex: 'red' }] }, expect.stringContaining('matches its own replacement "[redacted]"')],
    [
      { redact: Array.from({ length: 51 }, (_, n) => ({ regex: `${n}` })) },
      '/results/redact too many, or too large, regular expressions; use fewer or simpler ones',
    ],
  ])('%j is refused with what to do', (results, told) => {
    expect(problems(results)).toEqual([told]);
  });
});
