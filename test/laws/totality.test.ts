import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { reachable } from '../../src/policy/reachable.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { type Moment, moment, toolCall } from './arbitrary.ts';
import { document } from './arbitrary-document.ts';
import { strict, strictObject } from './arbitrary-value.ts';
import { compiled, decideAt, PARSERS } from './engine.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

const anything = fc.jsonValue({ maxDepth: 3 }).map(strict);
const odd = fc.oneof(anything, fc.constantFrom<Json>(null, '', '*', '__proto__', 'shadow', 'args.a[*]', -1, 1e308, []));

/** The value with one of its parts replaced, the one that the numbers lead to. */
function spoiled(value: Json, way: readonly number[], by: Json): Json {
  const [turn, ...rest] = way;
  if (turn === undefined || (!isObject(value) && !isArray(value))) return by;
  const keys = Object.keys(value);
  const key = keys[turn % Math.max(keys.length, 1)];
  if (key === undefined) return by;
  if (isArray(value)) return value.map((one, at) => (String(at) === key ? spoiled(one, rest, by) : one));
  return strict({ ...value, [key]: spoiled((value as JsonObject)[key] ?? null, rest, by) });
}

const broken = fc
  .tuple(document, fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }), odd)
  .map(([whole, way, by]) => spoiled(whole, way, by));

const anyArguments = fc.jsonValue({ maxDepth: 4 }).map((value) =>
  strictObject({
    ...(typeof value === 'object' && value !== null ? value : {}),
    a: value,
    list: value,
    points: [value],
    point: value,
    n: value,
    account: value,
    url: value,
    urls: [value],
    path: value,
    ip: value,
    email: value,
    sql: value,
  }),
);

function decidesOn(policy: Json, at: Moment): void {
  const loaded = compilePolicy(policy, 'policy', PARSERS);
  if (loaded.kind === 'problems') {
    expect(loaded.problems).not.toEqual([]);
    for (const { pointer, message } of loaded.problems) {
      expect(pointer).toMatch(/^(\/|$)/);
      expect(message).not.toBe('');
      expect(message).not.toContain('\n');
    }
    return;
  }
  const documents = { policy: policy as JsonObject, baseline: undefined };
  const decision = decideAt(documents, at);
  expect(['allow', 'require_approval', 'deny']).toContain(decision.effect);
  expect(decision.reason).not.toBe('');
  for (const { add, key } of decision.reservations) {
    expect(add >= 0 && Number.isFinite(add)).toBe(true);
    expect(strict(JSON.parse(key))).toEqual(JSON.parse(key));
  }
  reachable(compiled(documents), at.call.kind, at.call.name, at.target.class);
}

describe(`nothing makes the judge stumble (${TRIALS})`, () => {
  test('law 6: any JSON either loads or is told what is wrong', { timeout: PATIENCE }, () => {
    hold(fc.property(odd, moment, decidesOn));
  });

  test('law 6: a document spoiled in one place either loads or is told what is wrong', { timeout: PATIENCE }, () => {
    hold(fc.property(broken, moment, decidesOn));
  });

  test('law 6: any arguments have an answer', { timeout: PATIENCE }, () => {
    hold(
      fc.property(document, moment, anyArguments, (policy, at, given) =>
        decidesOn(policy, { ...at, call: toolCall(at.call.name, given) }),
      ),
    );
  });
});
