import { describe, expect, test } from 'vitest';
import type { CallKind } from '../wire/call.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import { decide } from './decide.ts';
import type { Decision, Subject } from './decision.ts';
import type { Policies, Policy } from './policy.ts';
import { reachable } from './reachable.ts';

const SUBJECT: Subject = {
  grant: { name: 'alice-laptop', owner: 'alice', labels: {} },
  server: 'bank',
  session: 's1',
  client: { name: undefined, version: undefined },
};

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function objectOf(value: unknown): JsonObject {
  const json = read(value);
  if (!isObject(json)) throw new Error('not an object');
  return json;
}

function compiled(document: object, kind: 'policy' | 'baseline'): Policy {
  const result = compilePolicy(read({ version: '1', default: 'deny', ...document }), kind);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

function policies(policy: object, baseline?: object): Policies {
  return {
    policy: compiled(policy, 'policy'),
    baseline: baseline && compiled({ default: 'allow', ...baseline }, 'baseline'),
  };
}

function ask(
  both: Policies,
  name: string,
  args: object = {},
  subject: Subject = SUBJECT,
  kind: CallKind = 'tool',
): Decision {
  const call = { kind, method: 'tools/call', name, args: objectOf(args), params: objectOf({}) };
  return decide(both, subject, call, { class: 'unknown', definition: undefined }, { at: 0, calls: new Map() });
}

/** Effect, document and rule in one line. */
function verdict(both: Policies, name: string, args: object = {}): string {
  const { effect, rule, hidden } = ask(both, name, args);
  const id = rule.id === undefined ? '' : ` #${rule.id}`;
  return `${effect}${hidden ? ' hidden' : ''}: ${rule.document} ${rule.pointer}${id}`;
}

const always = { conditions: [] };
const whenX = (value: number, more: object = {}) => ({ conditions: [{ path: 'args.x', op: 'eq', value }], ...more });

describe('the two policies that the contract promises', () => {
  test.each([
    [
      { replay_flow: { limits: [{ counter: 'replay_flow_rate', window: 'minute', max: 10, scope: 'grant' }] } },
      'replay_flow',
    ],
    [
      {
        flowforge_replay_run: {
          limits: [{ counter: 'flowforge_replay_run_rate', window: 'minute', max: 10, scope: 'grant' }],
        },
      },
      'flowforge_replay_run',
    ],
  ])('the tool stays usable at most ten times a minute for each grant, and nothing else does', (tools, name) => {
    const both = policies({ tools });
    expect(ask(both, name)).toEqual({
      effect: 'allow',
      hidden: false,
      stage: 'action',
      rule: { document: 'policy', pointer: `/tools/${name}`, id: undefined },
      reason: `Allowed by the entry "${name}" of the policy.`,
      reservations: [
        {
          key: JSON.stringify(['bank', `${name}_rate`, 60_000, 'grant', 'alice-laptop']),
          counter: `${name}_rate`,
          family: undefined,
          scope: 'grant',
          windowMs: 60_000,
          period: undefined,
          max: 10,
          add: 1,
          unit: 'calls',
          onExceed: 'deny',
          window: 'minute',
          rule: { document: 'policy', pointer: `/tools/${name}/limits/0`, id: undefined },
          reason: undefined,
        },
      ],
      tallies: [],
      shadow: undefined,
    });
    expect(verdict(both, 'other')).toBe('deny: policy (default deny)');
    expect(reachable(both, 'tool', name, 'unknown')).toBe('listed');
    expect(reachable(both, 'tool', 'other', 'unknown')).toBe('left out');
  });
});

describe('which entry speaks', () => {
  const both = policies({
    tools: {
      get_secret: { action: 'deny' },
      'get_*': {},
      'get_s*': { action: 'deny' },
      '*': { action: 'require_approval' },
    },
  });
  test.each([
    ['get_secret', 'deny: policy /tools/get_secret/action'],
    ['get_user', 'allow: policy /tools/get_*'],
    ['get_sum', 'deny: policy /tools/get_s*/action'],
    ['get_', 'allow: policy /tools/get_*'],
    ['Get_user', 'require_approval: policy /tools/*/action'],
  ])('%s', (name, expected) => {
    expect(verdict(both, name)).toBe(expected);
  });

  test('names are no keys of JavaScript', () => {
    expect(verdict(policies({}), 'constructor')).toBe('deny: policy (default deny)');
    expect(verdict(policies({ tools: { 'a/b~c': {} } }), 'a/b~c')).toBe('allow: policy /tools/a~1b~0c');
  });
});

describe('effects', () => {
  test('an entry without action allows, and default allow covers what has no entry', () => {
    expect(verdict(policies({ default: 'allow' }), 'x')).toBe('allow: policy /default');
    expect(verdict(policies({ tools: { x: { action: 'allow' } } }), 'x')).toBe('allow: policy /tools/x/action');
  });

  test('all_tools opens no door, and its strictness reaches every tool', () => {
    expect(verdict(policies({ all_tools: { action: 'allow' } }), 'x')).toBe('deny: policy (default deny)');
    expect(verdict(policies({ all_tools: { action: 'require_approval' }, tools: { x: {} } }), 'x')).toBe(
      'require_approval: policy /all_tools/action',
    );
    expect(verdict(policies({ all_tools: { deny_if: [whenX(1)] }, tools: { x: {} } }), 'x', { x: 1 })).toBe(
      'deny: policy /all_tools/deny_if/0',
    );
    expect(verdict(policies({ all_tools: { action: 'deny' }, default: 'allow' }), 'x')).toBe(
      'deny: policy /all_tools/action',
    );
  });

  test('a denial is stronger than an approval, for which its limits are only asked', () => {
    const both = policies({
      tools: { x: { action: 'require_approval', deny_if: [whenX(1)], rate_limit: { max: 1, window: 60 } } },
    });
    expect(verdict(both, 'x', { x: 1 })).toBe('deny: policy /tools/x/deny_if/0');
    expect(verdict(both, 'x', { x: 2 })).toBe('require_approval: policy /tools/x/action');
    expect(ask(both, 'x').reservations.map(({ counter }) => counter)).toEqual(['x_rate']);
    expect(ask(both, 'x', { x: 1 }).reservations).toEqual([]);
    expect(reachable(both, 'tool', 'x', 'unknown')).toBe('listed');
  });

  test('the baseline binds as well', () => {
    const both = policies(
      { default: 'allow' },
      { tools: { 'drop_*': { action: 'deny', reason: 'Not in this house.' } } },
    );
    expect(verdict(both, 'drop_table')).toBe('deny: baseline /tools/drop_*/action');
    expect(ask(both, 'drop_table').reason).toBe('Not in this house.');
    expect(verdict(policies({ tools: { x: {} } }, { default: 'deny' }), 'x')).toBe('deny: baseline (default deny)');
  });

  test('what is no tool goes by the defaults', () => {
    const both = policies({ default: 'allow', hide: ['*'], all_tools: { action: 'deny' } });
    expect(ask(both, 'file:///x', {}, SUBJECT, 'resource').rule.pointer).toBe('/default');
    expect(ask(policies({ tools: { p: {} } }), 'p', {}, SUBJECT, 'prompt').rule.pointer).toBe('(default deny)');
    expect(reachable(both, 'resource', 'file:///x', 'unknown')).toBe('listed');
  });
});

describe('hidden tools', () => {
  test.each([
    ['by name', { default: 'allow', hide: ['x'] }],
    ['by pattern', { tools: { x: {} }, hide: ['*x*'] }],
    ['by action', { tools: { x: { action: 'hide' } } }],
    ['by all_tools', { all_tools: { action: 'hide' } }],
  ])('%s: as if they did not exist, even where all are listed', (_, document) => {
    const both = policies({ ...document, list: 'all' });
    expect(verdict(both, 'x')).toBe('deny hidden: policy (hidden)');
    expect(reachable(both, 'tool', 'x', 'unknown')).toBe('left out');
  });

  test('hidden by the baseline alone is hidden', () => {
    expect(verdict(policies({ default: 'allow' }, { hide: ['x'] }), 'x')).toBe('deny hidden: baseline (hidden)');
  });

  test('hidden here and denied there is hidden, so that the answer betrays nothing', () => {
    const both = policies({ hide: ['x'] }, { tools: { x: { action: 'deny' } } });
    expect(verdict(both, 'x')).toBe('deny hidden: policy (hidden)');
  });
});

describe('the rule that is named', () => {
  test('goes by kind of rule, then baseline, then entry, then id, then text', () => {
    const limit = { counter: 'none', window: 'day', max: 0 };
    const policy = { tools: { x: { deny_if: [whenX(1)], require: [whenX(2)], limits: [limit] } } };
    const baseline = { all_tools: { deny_if: [whenX(3)], require: [whenX(2)] } };
    const both = policies(policy, baseline);
    expect(verdict(both, 'x', { x: 1 })).toBe('deny: policy /tools/x/deny_if/0');
    expect(verdict(both, 'x', { x: 3 })).toBe('deny: baseline /all_tools/deny_if/0');
    expect(verdict(both, 'x', { x: 9 })).toBe('deny: baseline /all_tools/require/0');
    expect(verdict(both, 'x', { x: 2 })).toBe('deny: policy /tools/x/limits/0');
  });

  test('an unconditional denial does not keep an earlier conditional one from being named', () => {
    const both = policies({ tools: { x: { deny_if: [always] } } }, { all_tools: { deny_if: [whenX(1)] } });
    expect(verdict(both, 'x', { x: 1 })).toBe('deny: baseline /all_tools/deny_if/0');
    expect(verdict(both, 'x', { x: 2 })).toBe('deny: policy /tools/x/deny_if/0');
    expect(reachable(both, 'tool', 'x', 'unknown')).toBe('left out');
  });

  test('does not depend on where it stands in an array', () => {
    const entries = [whenX(1), whenX(1, { id: 'b', on_deny: 'B.' }), whenX(1, { id: 'a', on_deny: 'A.' })];
    for (const order of [entries, entries.toReversed()]) {
      const decision = ask(policies({ tools: { x: { deny_if: order } } }), 'x', { x: 1 });
      expect([decision.rule.id, decision.reason]).toEqual(['a', 'A.']);
    }
  });

  test('entry before all_tools', () => {
    const both = policies({
      all_tools: { require: [whenX(1, { id: 'a' })] },
      tools: { x: { require: [whenX(2, { id: 'z' })] } },
    });
    expect(verdict(both, 'x', { x: 3 })).toBe('deny: policy /tools/x/require/0 #z');
  });
});

describe('reasons', () => {
  test('the author has the word, the entry before its tool', () => {
    const both = policies({
      tools: { x: { reason: 'Ask treasury.', deny_if: [whenX(1, { on_deny: 'Too much.' }), whenX(2)] } },
    });
    expect(ask(both, 'x', { x: 1 }).reason).toBe('Too much.');
    expect(ask(both, 'x', { x: 2 }).reason).toBe('Ask treasury.');
    expect(ask(both, 'x').reason).toBe('Ask treasury.');
  });

  test('else they name the tool and where to look', () => {
    const both = policies({ tools: { pay: { require: [whenX(1)], deny_if: [whenX(2)] } } });
    expect(ask(both, 'pay', { x: 2 }).reason).toBe('The tool "pay" is refused because of args.x.');
    expect(ask(both, 'pay', { x: 3 }).reason).toBe(
      'The tool "pay" is refused: it does not meet what is required of args.x.',
    );
    expect(ask(both, 'a\nb').reason).toBe(
      'The tool "a\\nb" is not allowed: no entry of the policy speaks for it, and its default is deny.',
    );
  });
});

describe('reservations', () => {
  const every = (scope: string) => ({ counter: `by_${scope}`, window: 'hour', max: 5, scope });

  test('scopes', () => {
    const limits = ['grant', 'session', 'server', 'global'].map(every);
    const keys = (subject: Subject) =>
      ask(policies({ tools: { x: { limits } } }), 'x', {}, subject).reservations.map(({ key }) => JSON.parse(key));
    expect(keys(SUBJECT)).toEqual([
      ['', 'by_global', 3_600_000, 'global', ''],
      ['bank', 'by_grant', 3_600_000, 'grant', 'alice-laptop'],
      ['bank', 'by_server', 3_600_000, 'server', ''],
      ['bank', 'by_session', 3_600_000, 'session', ['alice-laptop', 's1']],
    ]);
  });

  test('all limits of all that applies, in the order in which they would be named', () => {
    const limit = (counter: string, more: object = {}) => ({ counter, window: 60, max: 3, ...more });
    const both = policies(
      {
        all_tools: { limits: [limit('p_all')] },
        tools: { 'x*': { rate_limit: { max: 4, window: '90s', scope: 'server' } } },
      },
      {
        all_tools: { limits: [limit('b_all')] },
        tools: { x1: { limits: [limit('b'), limit('a'), limit('z', { id: '1' })] } },
      },
    );
    expect(ask(both, 'x1').reservations.map(({ counter, rule, window }) => [counter, rule.pointer, window])).toEqual([
      ['z', '/tools/x1/limits/2', '60'],
      ['a', '/tools/x1/limits/1', '60'],
      ['b', '/tools/x1/limits/0', '60'],
      ['b_all', '/all_tools/limits/0', '60'],
      ['x*_rate', '/tools/x*/rate_limit', '90s'],
      ['p_all', '/all_tools/limits/0', '60'],
    ]);
  });

  test('tools that name the same counter share it', () => {
    const limits = [{ counter: 'writes', window: 'day', max: 5 }];
    const both = policies({ tools: { x: { limits }, y: { limits } } });
    expect(ask(both, 'x').reservations[0]?.key).toBe(ask(both, 'y').reservations[0]?.key);
  });

  test('a counter that lets nothing through refuses by itself, and the tool is not listed', () => {
    const both = policies({ tools: { x: { rate_limit: { max: 0, window: 'day' } } } });
    expect(verdict(both, 'x')).toBe('deny: policy /tools/x/rate_limit');
    expect(reachable(both, 'tool', 'x', 'unknown')).toBe('left out');
    expect(reachable({ ...both, policy: { ...both.policy, list: 'all' } }, 'tool', 'x', 'unknown')).toBe('listed');
  });
});

test('decisions are frozen, and a time beyond all calendars is no fault', () => {
  const both = policies({ tools: { x: { require: [{ conditions: [{ path: 'time.hour', op: 'lt', value: 24 }] }] } } });
  const call = { kind: 'tool', method: 'tools/call', name: 'x', args: objectOf({}), params: objectOf({}) } as const;
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -9e15, 9e15]) {
    const decision = decide(both, SUBJECT, call, { class: 'unknown', definition: undefined }, { at, calls: new Map() });
    expect(decision.effect).toBe('deny');
    expect(Object.isFrozen(decision)).toBe(true);
  }
});
