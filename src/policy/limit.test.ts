import { describe, expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import { decide } from './decide.ts';
import type { Decision, Subject } from './decision.ts';

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: { team: 'red' } },
  server: 'bank',
  session: 's1',
  client: { name: 'cursor', version: '1' },
};

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function compiled(limits: readonly object[]) {
  const tools = { pay: { limits } };
  return compilePolicy(read({ version: '1', default: 'deny', tools }), 'policy');
}

function problems(...limits: readonly object[]): readonly string[] {
  const result = compiled(limits);
  return result.kind === 'policy' ? [] : result.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
}

function called(limit: object, args: object = {}, subject: Subject = SUBJECT): Decision {
  const result = compiled([{ counter: 'c', window: 'day', max: 5, ...limit }]);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  const json = read(args) as Extract<Json, { readonly [key: string]: Json }>;
  const call = { kind: 'tool', method: 'tools/call', name: 'pay', args: json, params: json } as const;
  const facts = { at: 0, calls: new Map() };
  return decide(
    { policy: result.policy, baseline: undefined },
    subject,
    call,
    { class: 'financial', definition: undefined },
    facts,
  );
}

function keyOf(limit: object, args: object = {}, subject: Subject = SUBJECT): string | undefined {
  return called(limit, args, subject).reservations[0]?.key;
}

describe('what a limit counts by', () => {
  test.each([
    ['args.account', '["bank","c",86400000,"grant","laptop",{"per":"a1"}]'],
    ['tool.name', '["bank","c",86400000,"grant","laptop",{"per":"pay"}]'],
    ['tool.class', '["bank","c",86400000,"grant","laptop",{"per":"financial"}]'],
    ['grant.owner', '["bank","c",86400000,"grant","laptop",{"per":"alice"}]'],
    ['grant.labels.team', '["bank","c",86400000,"grant","laptop",{"per":"red"}]'],
  ])('%s gives each of its values a counter', (per, key) => {
    expect(keyOf({ per }, { account: 'a1' })).toBe(key);
  });

  test.each(['client.name', 'time.hour', 'tool.annotations.title', 'grant.calls["pay"]'])(
    '%s would make counters at will',
    (per) => {
      expect(problems({ counter: 'c', window: 'day', max: 1, per })).toEqual([
        '/tools/pay/limits/0/per: must be the path of an argument, or one of tool.name, tool.class, grant.…',
      ]);
    },
  );

  test('an amount is an argument', () => {
    expect(problems({ counter: 'c', window: 'day', max: 1, amount: 'tool.name' })).toEqual([
      '/tools/pay/limits/0/amount: must be the path of an argument, such as "args.amount"',
    ]);
    expect(called({ amount: 'args.eur' }, { eur: 0 }).reservations).toMatchObject([{ add: 0, unit: 'amount' }]);
    expect(called({}).reservations).toMatchObject([{ add: 1, unit: 'calls' }]);
  });

  test.each([[{}], [{ eur: -1 }], [{ eur: '5' }], [{ eur: null }], [{ eur: [5] }]])(
    'an amount of %j refuses the call',
    (args) => {
      const { effect, stage, reason } = called({ amount: 'args.eur' }, args);
      expect({ effect, stage }).toEqual({ effect: 'deny', stage: 'limit' });
      expect(reason).toBe(
        'The tool "pay" is refused by the limit "c": its amount is not a number that is not negative.',
      );
    },
  );

  test.each([[{}], [{ account: null }], [{ account: {} }], [{ account: ['a1'] }], [{ account: 'a'.repeat(10_000) }]])(
    'a call without a value of its own is refused',
    (args) => {
      expect(called({ per: 'args.account' }, args)).toMatchObject({ effect: 'deny', stage: 'limit' });
    },
  );

  test('minus zero is zero, but texts and numbers are not the same value', () => {
    const keys = [0, -0, '0', false].map((account) => keyOf({ per: 'args.account' }, { account }));
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
  });

  test('keys that end in the calendar name its zone', () => {
    expect(keyOf({ reset: 'calendar' })).toBe('["bank","c",86400000,"grant","laptop",{"calendar":"UTC"}]');
    expect(keyOf({ reset: 'calendar', timezone: 'Europe/Berlin' })).toBe(
      '["bank","c",86400000,"grant","laptop",{"calendar":"Europe/Berlin"}]',
    );
    expect(keyOf({ reset: 'sliding' })).toBe('["bank","c",86400000,"grant","laptop"]');
  });

  test.each([
    ['grant', '["bank","c",86400000,"grant","laptop"]'],
    ['session', '["bank","c",86400000,"session",["laptop","s1"]]'],
    ['owner', '["bank","c",86400000,"owner","alice"]'],
    ['server', '["bank","c",86400000,"server",""]'],
    ['global', '["","c",86400000,"global",""]'],
  ])('the scope %s says whose calls are one count', (scope, key) => {
    expect(keyOf({ scope })).toBe(key);
  });
});

describe('what a limit must say', () => {
  test.each<[object, string]>([
    [{ window: 'day', max: 1 }, ': "counter" is missing; write one such as "counter": "sends"'],
    [{ counter: 'c', max: 1 }, ': "window" is missing; write one such as "window": "minute"'],
    [{ counter: 'c', window: 'day' }, ': "max" is missing; write one such as "max": 10'],
    [{ counter: 'c', window: 'day', max: -1 }, '/max: must be a number that is not negative'],
    [{ counter: 'c', window: 'day', max: '1' }, '/max: must be a number that is not negative'],
    [{ counter: 'c'.repeat(257), window: 'day', max: 1 }, '/counter: must have at most 256 characters'],
    [
      { counter: 'c', window: 'day', max: 1, timezone: 'Europe/Berlin' },
      '/timezone: "timezone" goes with "reset": "calendar" only',
    ],
    [{ counter: 'c', window: 'day', max: 1, id: '' }, '/id: '],
    [{ counter: 'c', window: 'day', max: 1, reason: 5 }, '/reason: '],
    [
      { counter: 'c', window: 60, max: 1, reset: 'calendar' },
      '/window: a calendar window has a name: second, minute, hour, day, week, month; or leave "reset" out',
    ],
  ])('%j', (limit, problem) => {
    expect(problems(limit)).toEqual([expect.stringContaining(`/tools/pay/limits/0${problem}`)]);
  });

  test('a name of 256 characters, and a ceiling of nothing, are good', () => {
    expect(problems({ counter: 'c'.repeat(256), window: 'day', max: 0 })).toEqual([]);
  });

  test('its own reason is told before that of its entry', () => {
    const tools = { pay: { reason: 'of the entry', limits: [{ counter: 'c', window: 'day', max: 1, reason: 'own' }] } };
    const result = compilePolicy(read({ version: '1', default: 'deny', tools }), 'policy');
    expect(result.kind === 'policy' && result.policy.tools.exact.get('pay')?.limits[0]?.reason).toBe('own');
  });
});
