import { describe, expect, test } from 'vitest';
import type { Call, CallKind } from '../wire/call.ts';
import { isObject, type Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import { countsAsked, talliesOf } from './counts-asked.ts';
import { decide } from './decide.ts';
import type { Decision, Facts, Subject } from './decision.ts';
import { explain } from './explain.ts';
import type { Policies, Policy } from './policy.ts';

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: {} },
  server: 'bank',
  session: 's1',
  client: { name: undefined, version: undefined },
};
const TARGET = { class: 'unknown', definition: undefined } as const;
const EMPTY: Facts = { at: 0, calls: new Map() };

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function load(document: object, which: 'policy' | 'baseline'): Policy {
  const result = compilePolicy(read({ version: '1', default: 'deny', ...document }), which);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

const both = (policy: object, baseline?: object): Policies => ({
  policy: load(policy, 'policy'),
  baseline: baseline && load({ default: 'allow', ...baseline }, 'baseline'),
});

function callOf(name: string, args: object = {}, kind: CallKind = 'tool'): Call {
  const json = read(args);
  if (!isObject(json)) throw new Error('not an object');
  return { kind, method: 'tools/call', name, args: json, params: json };
}

const asks = (policies: Policies, name: string, kind: CallKind = 'tool'): readonly string[] =>
  countsAsked(policies, SUBJECT, callOf(name, {}, kind), TARGET).map(({ key }) => key);
const adds = (policies: Policies, name: string, kind: CallKind = 'tool'): readonly string[] =>
  talliesOf(policies, SUBJECT, callOf(name, {}, kind)).map(({ key }) => key);

const behind = (tool: string, within = '1h', of = 'grant') => ({
  deny_if: [{ conditions: [{ path: `${of}.calls["${tool}"]`, within, op: 'gt', value: 0 }] }],
});
const keyOf = (tool: string, ms: number, of: 'grant' | 'session' = 'grant') =>
  JSON.stringify(['bank', 'calls', tool, ms, of, of === 'grant' ? 'laptop' : ['laptop', 's1']]);
const HOUR = 3_600_000;

describe('counts of earlier calls', () => {
  const flow = both({ tools: { send: behind('read'), read: {}, other: {} } });

  test('are read for the calls whose rules ask for them, and for no others', () => {
    expect(asks(flow, 'send')).toEqual([keyOf('read', HOUR)]);
    expect(asks(flow, 'read')).toEqual([]);
    expect(asks(both({ tools: { send: {} } }), 'send')).toEqual([]);
  });

  test('grow with the calls that are counted, and with no others', () => {
    expect(adds(flow, 'read')).toEqual([keyOf('read', HOUR)]);
    expect(adds(flow, 'send')).toEqual([]);
    expect(adds(flow, 'read', 'prompt')).toEqual([]);
  });

  test('of the baseline count beside those of the policy', () => {
    const flows = both({ tools: { send: behind('read'), read: {} } }, { all_tools: behind('read', '1d') });
    expect(asks(flows, 'send')).toEqual([keyOf('read', HOUR), keyOf('read', 24 * HOUR)]);
    expect(asks(flows, 'read')).toEqual([keyOf('read', 24 * HOUR)]);
    expect(adds(flows, 'read')).toEqual([keyOf('read', HOUR), keyOf('read', 24 * HOUR)]);
    const onlyBaseline = both({ tools: { send: {} } }, { tools: { send: behind('read') } });
    expect(asks(onlyBaseline, 'send')).toEqual([keyOf('read', HOUR)]);
    expect(adds(onlyBaseline, 'read')).toEqual([keyOf('read', HOUR)]);
  });

  test('are one count however many rules ask for it, and stand in the order of their keys', () => {
    const rules = {
      deny_if: [
        ...behind('z').deny_if,
        ...behind('a').deny_if,
        ...behind('z').deny_if,
        ...behind('z', '1h', 'session').deny_if,
      ],
    };
    const policies = both({ tools: { send: rules, z: {} } });
    const keys = [keyOf('a', HOUR), keyOf('z', HOUR), keyOf('z', HOUR, 'session')];
    expect(asks(policies, 'send')).toEqual(keys);
    expect(adds(policies, 'z')).toEqual(keys.slice(1));
  });

  test('a call that is refused adds to none', () => {
    const policies = both({ tools: { send: behind('read'), read: { action: 'deny' }, ask: {} } });
    expect(decide(policies, SUBJECT, callOf('read'), TARGET, EMPTY)).toMatchObject({ effect: 'deny', tallies: [] });
    const asked = both({ tools: { send: behind('read'), read: { action: 'require_approval' } } });
    expect(decide(asked, SUBJECT, callOf('read'), TARGET, EMPTY)).toMatchObject({
      effect: 'require_approval',
      tallies: [{ key: keyOf('read', HOUR), windowMs: HOUR }],
    });
  });

  test('a count that nobody knows refuses, and one that is known is told', () => {
    const known: Facts = { at: 0, calls: new Map([[keyOf('read', HOUR), 0]]) };
    expect(decide(flow, SUBJECT, callOf('send'), TARGET, EMPTY).effect).toBe('deny');
    expect(decide(flow, SUBJECT, callOf('send'), TARGET, known).effect).toBe('allow');
    expect(explain(flow, SUBJECT, callOf('send'), TARGET, known).counts).toEqual([
      { key: keyOf('read', HOUR), windowMs: HOUR, calls: 0 },
    ]);
    expect(explain(flow, SUBJECT, callOf('send'), TARGET, EMPTY).counts).toMatchObject([{ calls: undefined }]);
  });
});

describe('what stands in shadow', () => {
  const ask = (policies: Policies, args: object = {}): Decision =>
    decide(policies, SUBJECT, callOf('pay', args), TARGET, EMPTY);
  const limit = (counter: string, max = 5) => ({ counter, window: 'day', max });

  test('is told beside the decision, and only its own limits are counted for it', () => {
    const { effect, reservations, shadow } = ask(
      both({
        tools: { pay: { mode: 'shadow', action: 'require_approval', limits: [limit('dark')] } },
        all_tools: { limits: [limit('bright')] },
      }),
    );
    expect(effect).toBe('allow');
    expect(reservations.map(({ counter }) => counter)).toEqual(['bright']);
    expect(shadow?.effect).toBe('require_approval');
    expect(shadow?.reservations.map(({ counter }) => counter)).toEqual(['dark']);
  });

  test('is not told of a call that is refused in earnest, nor where nothing stands in it', () => {
    expect(
      ask(both({ tools: { pay: { mode: 'shadow', action: 'deny' } }, all_tools: { deny_if: [{ conditions: [] }] } })),
    ).toMatchObject({ effect: 'deny', shadow: undefined });
    expect(ask(both({ tools: { pay: {} } })).shadow).toBeUndefined();
  });

  test('a counter in shadow and one in earnest may have one name', () => {
    const apart = {
      pay: { limits: [limit('c')] },
      buy: { mode: 'shadow', limits: [{ ...limit('c'), window: 'hour' }] },
    };
    expect(() => both({ tools: apart })).not.toThrow();
    expect(() => both({ tools: { ...apart, sell: { limits: [{ ...limit('c'), window: 'hour' }] } } })).toThrow(
      'another window',
    );
    expect(() =>
      both({ tools: { ...apart, sell: { mode: 'shadow', limits: [{ ...limit('c'), window: 'week' }] } } }),
    ).toThrow('another window');
  });
});

describe('which rule that allows is named', () => {
  const named = (policy: object, baseline?: object): string => {
    const { rule } = decide(both(policy, baseline), SUBJECT, callOf('pay'), TARGET, EMPTY);
    return `${rule.document} ${rule.pointer}`;
  };

  test('one that allows by default before an entry, else that of the baseline', () => {
    expect(named({ tools: { pay: {} } })).toBe('policy /tools/pay');
    expect(named({ tools: { pay: {} } }, {})).toBe('baseline /default');
    expect(named({ default: 'allow' }, { tools: { pay: {} } })).toBe('policy /default');
    expect(named({ default: 'allow' }, {})).toBe('baseline /default');
    expect(named({ tools: { pay: {} } }, { tools: { pay: {} } })).toBe('baseline /tools/pay');
  });
});
