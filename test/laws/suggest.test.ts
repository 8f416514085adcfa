import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitionOf } from '../../src/gateway/definitions.ts';
import type { KnownTool } from '../../src/policy/check/warning.ts';
import { warningsOf } from '../../src/policy/check/warnings.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { memoryCounters } from '../../src/policy/count/memory-counters.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Definition } from '../../src/policy/decision.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Observation } from '../../src/policy/suggest/observation.ts';
import { suggestPolicy } from '../../src/policy/suggest/suggest-policy.ts';
import { isObject, type Json, objectOf, withKeys } from '../../src/wire/json.ts';
import { OBSERVATIONS } from './arbitrary-observation.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

const NO_TOOLS: ReadonlyMap<string, KnownTool> = new Map();
/** What was not kept is taken to have kept to its schema. */
const ANYTHING: Definition = { annotations: objectOf([]), input: () => ({ kind: 'schema', check: () => undefined }) };

/** What servers may say of the arguments. */
const SCHEMA = fc.record({
  type: fc.constant('object'),
  properties: fc.constantFrom<Json>(
    {},
    {
      path: { type: 'string' },
      amount: { type: 'number' },
      items: { type: 'array' },
      method: { enum: ['GET', 'PUT'] },
    },
    { flow_id: {}, url: {}, amount: {}, Amount: {}, path: {}, items: {}, password: {}, method: {}, never: {}, x: {} },
  ),
  additionalProperties: fc.boolean(),
});

function compiled(document: Json): Policy {
  const result = compilePolicy(document, 'policy');
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

/** How many of the calls pass, one after the other, with limits counted. */
function effects(
  policy: Policy,
  calls: readonly Observation[],
  tools: ReadonlyMap<string, KnownTool> = NO_TOOLS,
): readonly string[] {
  const counters = memoryCounters();
  return calls.map((call) => {
    const { grant, owner, session, server, kind, method, name, args, at, tick } = call;
    const subject = {
      grant: { name: grant, owner, labels: {} },
      server,
      session,
      client: { name: undefined, version: undefined },
    };
    const tool = tools.get(name);
    const known = tool && definitionOf(objectOf(Object.entries(tool)));
    const target = { class: call.class, definition: tool && call.hidden.size > 0 ? ANYTHING : known };
    const asked = { kind, method, name, args, params: objectOf([]) };
    const { effect, reservations } = decide({ policy, baseline: undefined }, subject, asked, target, {
      at,
      calls: new Map(),
    });
    if (effect === 'deny' || !call.isCounted) return effect;
    const { verdict } = counters.commit({ tick, at }, [], () => ({
      reservations,
      mode: 'take',
      tallies: [],
      shadow: [],
    }));
    return verdict.kind === 'reserved' ? effect : 'deny';
  });
}

function effectOf(policy: Policy, call: Observation): string | undefined {
  return effects(policy, [call])[0];
}

describe(`a suggested policy (${TRIALS})`, () => {
  test(
    'lets every call pass from which it was made, and the checker has nothing to say of it',
    () => {
      hold(
        fc.property(OBSERVATIONS, (observations) => {
          const { policy: document } = suggestPolicy({ observations, tools: NO_TOOLS });
          const policy = compiled(document);
          expect(warningsOf(document, policy, undefined)).toEqual([]);
          for (const [index, effect] of effects(policy, observations).entries()) {
            const call = observations[index];
            expect(effect, JSON.stringify(call)).not.toBe('deny');
            if (call?.isApproved === false) expect(effect, JSON.stringify(call)).toBe('allow');
          }
        }),
      );
    },
    PATIENCE,
  );

  test(
    'keeps that with the definitions of the tools',
    () => {
      hold(
        fc.property(OBSERVATIONS, SCHEMA, (observations, inputSchema) => {
          const tools = new Map(
            observations.map((one) => [one.name, { name: one.name, class: one.class, inputSchema, annotations: {} }]),
          );
          const { policy: document } = suggestPolicy({ observations, tools });
          const policy = compiled(document);
          expect(warningsOf(document, policy, [...tools.values()])).toEqual([]);
          expect(warningsOf(document, policy, undefined)).toEqual([]);
          for (const [index, effect] of effects(policy, observations, tools).entries()) {
            expect(effect, JSON.stringify(observations[index])).not.toBe('deny');
          }
        }),
      );
    },
    PATIENCE,
  );

  test(
    'does not depend on the order in which the calls are told',
    () => {
      hold(
        fc.property(OBSERVATIONS, fc.infiniteStream(fc.nat()), (observations, weights) => {
          const weighted = observations.map((one) => ({ one, weight: weights.next().value ?? 0 }));
          const shuffled = weighted.sort((a, b) => a.weight - b.weight).map(({ one }) => one);
          const suggestion = suggestPolicy({ observations, tools: NO_TOOLS });
          expect(JSON.stringify(suggestPolicy({ observations: shuffled, tools: NO_TOOLS }))).toBe(
            JSON.stringify(suggestion),
          );
        }),
      );
    },
    PATIENCE,
  );

  test(
    'refuses another tool, another argument, a greater number, another pace',
    () => {
      hold(
        fc.property(OBSERVATIONS, fc.nat(), (observations, pick) => {
          const { policy: document } = suggestPolicy({ observations, tools: NO_TOOLS });
          const policy = compiled(document);
          const call = observations[pick % observations.length];
          if (call === undefined) return;
          expect(effectOf(policy, { ...call, name: `${call.name}_` })).toBe('deny');
          const same = observations.filter(({ name }) => name === call.name);
          if (same.some(({ hidden }) => hidden.size > 0)) return;
          // More arguments than any call had.
          const most = Math.max(...same.map(({ args }) => Object.keys(args).length));
          const strange = Array.from({ length: most + 1 }, (_, index) => [`never-seen-${index}`, 1] as const);
          expect(effectOf(policy, { ...call, args: withKeys(call.args, Object.fromEntries(strange)) })).toBe('deny');
          expectNoOther(policy, call, same);
          expectBounds(policy, call, same);
          // Half as much again, at least one more, and what rounding adds.
          const limit = 2 * same.length + 2;
          const burst = Array.from({ length: limit + 1 }, (): Observation => ({ ...call, isCounted: true }));
          expect(effects(policy, burst)).toContain('deny');
        }),
      );
    },
    PATIENCE,
  );

  test(
    'never holds what a name calls a secret',
    () => {
      hold(
        fc.property(OBSERVATIONS, (observations) => {
          const text = JSON.stringify(suggestPolicy({ observations: observations.map(withSecret), tools: NO_TOOLS }));
          expect(text).not.toContain('hunter2');
        }),
      );
    },
    PATIENCE,
  );
});

function withSecret(call: Observation): Observation {
  const inner = objectOf([['api_key', 'hunter2 too']]);
  const pair = objectOf([
    ['name', 'X-Api-Key'],
    ['value', 'hunter2 three'],
  ]);
  return {
    ...call,
    args: withKeys(call.args, {
      password: 'hunter2',
      nested: inner,
      headers: [pair],
      header: 'Authorization: Bearer hunter2hunter2',
    }),
  };
}

/** Another argument in the place of one that may be left out. */
function expectNoOther(policy: Policy, call: Observation, same: readonly Observation[]): void {
  const names = new Set(same.flatMap(({ args }) => Object.keys(args)));
  const isTold = [...names].every((name) => ![...names].some((other) => isTwin(other, name)));
  const optional = [...names].filter((name) => same.some(({ args }) => args[name] === undefined));
  const hasNull = same.some(({ args }) => Object.values(args).includes(null));
  if (!isTold || hasNull || optional.length > 2) return;
  expect(effectOf(policy, { ...call, args: withKeys(call.args, { 'never-seen': 1 }) })).toBe('deny');
}

/** Numbers that always stood there. */
function expectBounds(policy: Policy, call: Observation, same: readonly Observation[]): void {
  for (const key of Object.keys(call.args)) {
    const values = same.map(({ args }) => args[key]);
    const numbers = values.filter((value) => typeof value === 'number');
    const isSecret = /pass/.test(key);
    if (numbers.length < values.length || isSecret || Object.keys(call.args).some((other) => isTwin(other, key)))
      continue;
    const most = Math.max(...numbers);
    const beyond = most > 0 ? most * 3 : 2;
    if (!Number.isFinite(beyond) || beyond === most) continue;
    const strange = { ...call, args: withKeys(call.args, { [key]: beyond }) };
    expect(effectOf(policy, strange), `${key} ${beyond}`).toBe('deny');
    expect(effectOf(policy, { ...call, args: withKeys(call.args, { [key]: String(most) }) })).toBe('deny');
  }
  expect(isObject(call.args)).toBe(true);
}

/** Of which no policy can tell what a server takes. */
function isTwin(other: string, key: string): boolean {
  return other !== key && other.toLowerCase() === key.toLowerCase();
}
