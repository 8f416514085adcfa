import { compilePolicy } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Facts, Subject, Target } from '../../src/policy/decision.ts';
import { sqlParsersFor } from '../../src/settings/sql-parsers.ts';
import { isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';

const SUBJECT: Subject = {
  grant: { name: 'alice-laptop', owner: 'alice', labels: {} },
  server: 'office',
  session: 's1',
  client: { name: 'claude', version: undefined },
};
const PARSERS = await sqlParsersFor('sql_only');
const TARGET: Target = { class: 'unknown', definition: undefined };
const FACTS: Facts = { at: Date.UTC(2026, 11, 31, 23, 30), calls: new Map() };

export interface Leaf {
  readonly op: string;
  readonly value: unknown;
  readonly ignore_case?: boolean;
}

/**
 * Judges `args.x` by a condition as a requirement and as a denial, plain and under `not`, and says what it came to: only a
 * condition that is unknown refuses in all four places.
 */
export function fourWays(leaf: Leaf, x: Json | undefined): string {
  const plain = { path: 'args.x', ...leaf };
  const passes = [
    letsPass('require', plain, x),
    letsPass('require', { not: plain }, x),
    letsPass('deny_if', plain, x),
    letsPass('deny_if', { not: plain }, x),
  ];
  const outcome = passes.map((pass) => (pass ? '+' : '-')).join('');
  return OUTCOMES[outcome] ?? outcome;
}

const OUTCOMES: { readonly [passes: string]: string } = { '+--+': 'true', '-++-': 'false', '----': 'unknown' };

function letsPass(purpose: string, condition: unknown, x: Json | undefined): boolean {
  const document = { version: '1', default: 'deny', tools: { act: { [purpose]: [{ conditions: [condition] }] } } };
  const compiled = compilePolicy(jsonOf(document), 'policy', PARSERS);
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  const call = {
    kind: 'tool',
    method: 'tools/call',
    name: 'act',
    args: objectFrom(x === undefined ? {} : { x }),
    params: objectFrom({}),
  } as const;
  return decide({ policy: compiled.policy, baseline: undefined }, SUBJECT, call, TARGET, FACTS).effect === 'allow';
}

/** The problems that a condition on `args.x` has at load. */
export function problemsOf(leaf: object, path = 'args.x'): readonly string[] {
  const condition = { path, ...leaf };
  const tools = { act: { deny_if: [{ conditions: [condition] }] } };
  const compiled = compilePolicy(jsonOf({ version: '1', default: 'deny', tools }), 'policy', PARSERS);
  if (compiled.kind === 'policy') return [];
  return compiled.problems.map(({ pointer, message }) => {
    return `${pointer.replace('/tools/act/deny_if/0/conditions/0', '')} ${message}`;
  });
}

function objectFrom(value: object): JsonObject {
  const json = jsonOf(value);
  if (!isObject(json)) throw new Error('not an object');
  return json;
}

function jsonOf(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}
