import { compilePolicy } from '../../src/policy/compile.ts';
import { countsAsked } from '../../src/policy/counts-asked.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Decision, Facts } from '../../src/policy/decision.ts';
import type { Policies, Policy } from '../../src/policy/policy.ts';
import type { SqlParsers } from '../../src/policy/sql/parsers.ts';
import { startPostgresParser } from '../../src/settings/postgres-parser.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import type { Moment } from './arbitrary.ts';
import type { Documents } from './naive.ts';
import { STATEMENTS } from './statements.ts';

/** The parsers that documents of tests may count on. */
export const PARSERS: SqlParsers = { postgresql: await startPostgresParser() };

const trees = new Map(STATEMENTS.map(({ text }) => [text, PARSERS.postgresql?.(text)]));
/** A parser that touches nothing: it remembers what the real one made of the statements that are generated. */
export const REMEMBERED: SqlParsers = { postgresql: (text) => trees.get(text) };

/** Compiles both documents; a document that does not load is a fault of the test. */
export function compiled(documents: Documents, parsers: SqlParsers = PARSERS): Policies {
  return {
    policy: load(documents.policy, 'policy', parsers),
    baseline: documents.baseline && load(documents.baseline, 'baseline', parsers),
  };
}

function load(document: JsonObject, which: 'policy' | 'baseline', parsers: SqlParsers): Policy {
  const result = compilePolicy(document, which, parsers);
  if (result.kind === 'policy') return result.policy;
  throw new Error(`does not load: ${result.problems.map((one) => `${one.pointer}: ${one.message}`).join('; ')}`);
}

/** The facts of a moment, with a number for every count that is asked for and known. */
export function factsOf(policies: Policies, { subject, call, target, facts, counts }: Moment): Facts {
  const calls = new Map<string, number>();
  for (const { key } of countsAsked(policies, subject, call, target)) {
    const count = counts[hash(key) % counts.length];
    if (count !== undefined) calls.set(key, count);
  }
  return { ...facts, calls };
}

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
}

export function decideAt(documents: Documents, moment: Moment): Decision {
  const policies = compiled(documents);
  return decide(policies, moment.subject, moment.call, moment.target, factsOf(policies, moment));
}

/** Two judgements of one moment by two sets of documents; what is counted is the same for both. */
export function decideBoth(documents: Documents, others: Documents, moment: Moment): [Decision, Decision] {
  const { subject, call, target } = moment;
  const [first, second] = [compiled(documents), compiled(others)];
  const calls = new Map([...factsOf(first, moment).calls, ...factsOf(second, moment).calls]);
  const facts = { ...moment.facts, calls };
  return [decide(first, subject, call, target, facts), decide(second, subject, call, target, facts)];
}
