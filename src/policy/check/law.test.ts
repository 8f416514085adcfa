import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documents, moment } from '../../../test/laws/arbitrary.ts';
import { document as documentArbitrary } from '../../../test/laws/arbitrary-document.ts';
import { args } from '../../../test/laws/arbitrary-value.ts';
import { compiled, factsOf, PARSERS } from '../../../test/laws/engine.ts';
import { hold, PATIENCE, TRIALS } from '../../../test/laws/runs.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { compilePolicy } from '../compile.ts';
import { matches } from '../pattern.ts';
import type { Clause, Policy, Rules } from '../policy.ts';
import { TRUE, UNKNOWN } from '../truth.ts';
import { BOUNDLESS } from '../work.ts';
import { checkMatching } from './check-matching.ts';
import { clausesOf } from './clause.ts';
import { subjectOf } from './rule-set.ts';
import type { KnownTool } from './warning.ts';
import { warningsOf } from './warnings.ts';

const schema: fc.Arbitrary<Json | undefined> = fc
  .constantFrom<object | boolean | number | undefined>(
    undefined,
    true,
    7,
    {
      type: 'object',
      properties: { n: { type: 'integer', minimum: 3 }, a: { enum: ['x', 5] } },
      additionalProperties: false,
    },
    {
      properties: { n: { $ref: '#/$defs/n' }, list: { items: { type: 'string' } } },
      $defs: { n: { $ref: '#/$defs/n' } },
    },
    {
      properties: { s: { anyOf: [{ type: 'string' }, { type: 'null' }] }, o: { properties: [], type: ['object', 3] } },
    },
  )
  .map((value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value))));

const tools: fc.Arbitrary<readonly KnownTool[]> = fc.array(
  fc.record({
    name: fc.constantFrom('get_a', 'get_b', 'flow_run', 'x', 'other'),
    class: fc.constantFrom('read', 'destructive', 'financial', 'unknown'),
    inputSchema: schema,
    annotations: fc.constant(objectOf([])),
  }),
  { maxLength: 6 },
);

describe(`what the checker says of any document (${TRIALS})`, () => {
  test('it never throws, and every pointer names a place or what stands around it', { timeout: PATIENCE }, () => {
    hold(
      fc.property(
        documentArbitrary,
        fc.constantFrom('policy', 'baseline'),
        fc.option(tools, { nil: undefined }),
        (document, kind, known) => {
          const policy = load(document, kind);
          for (const { pointer, message } of warningsOf(document, policy, known)) {
            expect(message).not.toMatch(/[\n\r]|undefined/);
            expect(standsAt(document, pointer)).toBe(true);
          }
        },
      ),
    );
  });

  test('what is said never to match is true for no call, and what always matches is false for none', {
    timeout: PATIENCE,
  }, () => {
    let told = 0;
    hold(
      fc.property(
        documents,
        fc.array(fc.tuple(moment, args), { minLength: 4, maxLength: 12 }),
        ({ policy: document }, moments) => {
          const policies = compiled({ policy: document, baseline: undefined });
          const { policy } = policies;
          const clauses = clausesOf(subjectOf(document, policy, undefined));
          const warnings = checkMatching(clauses).filter(({ message }) => !message.includes('once it is there'));
          for (const { pointer, code } of warnings) {
            const found = clauseAt(policy, pointer);
            if (found === undefined) continue;
            for (const [one, given] of moments) {
              const call = { ...one.call, args: given };
              if (!found.speaksFor(one.call.kind, one.call.name, one.target.class)) continue;
              const facts = factsOf(policies, { ...one, call });
              if (facts.calls.size < policy.counted.size) continue;
              const truth = found.clause.condition.test({ ...one, call, facts, work: BOUNDLESS });
              told++;
              if (code === 'never-matches') expect(truth).not.toBe(TRUE);
              else expect(found.isRequired ? truth === TRUE : truth >= UNKNOWN).toBe(true);
            }
          }
        },
      ),
    );
    expect(told).toBeGreaterThan(100);
  });
});

function load(document: JsonObject, kind: 'policy' | 'baseline'): Policy {
  const loaded = compilePolicy(document, kind, PARSERS);
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

function standsAt(document: JsonObject, pointer: string): boolean {
  const steps = pointer.split('/').slice(1);
  let at: Json | undefined = document;
  for (const [index, step] of steps.entries()) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: Json | undefined = Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined;
    // A key that is left out may be told at its own name: "default" and "scope" have values all the same.
    if (next === undefined) return index === steps.length - 1 && isObject(at);
    at = next;
  }
  return true;
}

interface Found {
  readonly clause: Clause;
  readonly isRequired: boolean;
  speaksFor(kind: string, name: string, riskClass: string): boolean;
}

/** The clause that a pointer names as a whole. */
function clauseAt(policy: Policy, pointer: string): Found | undefined {
  const within = (rules: Rules): Pick<Found, 'clause' | 'isRequired'> | undefined => {
    const required = rules.require.find(({ rule }) => rule.pointer === pointer);
    const clause = required ?? [...rules.denyIf, ...rules.approveIf].find(({ rule }) => rule.pointer === pointer);
    return clause && { clause, isRequired: required !== undefined };
  };
  const all = within(policy.allTools);
  if (all !== undefined) return { ...all, speaksFor: (kind) => kind === 'tool' };
  for (const [known, rules] of policy.classes) {
    const found = within(rules);
    if (found !== undefined)
      return { ...found, speaksFor: (kind, _name, riskClass) => kind === 'tool' && known === riskClass };
  }
  for (const kind of ['tool', 'resource', 'prompt'] as const) {
    const { exact, patterns } = policy[`${kind}s`];
    for (const [name, rules] of exact) {
      const found = within(rules);
      if (found !== undefined) return { ...found, speaksFor: (asked, called) => asked === kind && called === name };
    }
    for (const { pattern, rules } of patterns) {
      const found = within(rules);
      if (found !== undefined)
        return { ...found, speaksFor: (asked, called) => asked === kind && matches(pattern, called) };
    }
  }
  return undefined;
}
