import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import { compilePolicy } from '../compile.ts';
import { decide } from '../decide.ts';
import type { Effect } from '../decision.ts';
import { diffPolicies } from '../diff/diff-policies.ts';
import { readBound } from './bound-words.ts';
import type { Bound, ExceptionProposal, Proposal, Question } from './proposal.ts';
import { proposeException } from './propose-exception.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;

function strict(value: unknown): Json {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value;
}

interface Story {
  readonly policy: object;
  readonly baseline?: object;
  readonly name?: string;
  readonly args?: object;
  readonly rule: string;
  readonly bounds?: Readonly<Record<string, string>>;
  readonly more?: Partial<Question>;
  readonly wishes?: Question['wishes'];
}

function bound(words: string): Bound {
  const read = readBound(words);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

function objectIn(value: Json): JsonObject {
  return isObject(value) ? value : objectOf([]);
}

function callOf(name: string, args: object): Question['ask']['call'] {
  return { kind: 'tool', method: 'tools/call', name, args: objectIn(strict(args)), params: objectOf([]) };
}

function questionOf({
  policy,
  baseline,
  name = 'pay',
  args = { to: 'acme', amount: 40 },
  rule,
  bounds = {},
  more,
  wishes,
}: Story): Question {
  return {
    documents: {
      policy: { document: strict({ version: '1', default: 'deny', ...policy }), digest: 'p' },
      baseline: baseline && { document: strict({ version: '1', default: 'allow', ...baseline }), digest: 'b' },
    },
    ask: {
      subject: {
        grant: { name: 'desk', owner: 'alice', labels: {} },
        server: 'bank',
        session: 's',
        client: { name: undefined, version: undefined },
      },
      call: callOf(name, args),
      target: {
        class: 'financial',
        definition: { annotations: objectOf([]), input: () => ({ kind: 'schema', check: () => undefined }) },
      },
      rule: { document: baseline === undefined ? 'policy' : 'baseline', pointer: rule },
      at: NOW,
    },
    wishes: { bounds: new Map(Object.entries(bounds).map(([argument, words]) => [argument, bound(words)])), ...wishes },
    ...more,
  };
}

function proposed(story: Story): ExceptionProposal {
  const proposal = proposeException(questionOf(story));
  if (proposal.kind === 'none') throw new Error(proposal.reason);
  return proposal;
}

function refused(story: Story): string {
  const proposal: Proposal = proposeException(questionOf(story));
  return proposal.kind === 'none' ? proposal.reason : `proposed: ${proposal.admits}`;
}

/** What becomes of a call once the proposal is adopted. */
function judged(
  story: Story,
  args: object,
  other: { readonly name?: string; readonly grant?: string; readonly at?: number } = {},
): Effect {
  const { documents, ask } = questionOf(story);
  const { changes } = proposed(story);
  const compiled = (which: 'policy' | 'baseline') => {
    const document = changes.find((one) => one.document === which)?.after ?? documents[which]?.document;
    const result = document === undefined ? undefined : compilePolicy(document, which);
    return result?.kind === 'policy' ? result.policy : undefined;
  };
  const policy = compiled('policy');
  if (policy === undefined) throw new Error('the policy does not load');
  const subject = { ...ask.subject, grant: { ...ask.subject.grant, name: other.grant ?? 'desk' } };
  const call = callOf(other.name ?? ask.call.name, args);
  const facts = { at: other.at ?? NOW, calls: new Map() };
  return decide({ policy, baseline: compiled('baseline') }, subject, call, ask.target, facts).effect;
}

const ASKS = { tools: { pay: { action: 'require_approval' } } };

test('an action that asks becomes an entry that asks for all but these very calls', () => {
  const { changes, until, admits } = proposed({ policy: ASKS, rule: '/tools/pay/action' });
  expect(until).toBe('2026-12-21');
  expect(admits).toBe(
    'Calls of the tool "pay" by the grant "desk" with exactly the arguments {"amount":40,"to":"acme"} pass without asking, until the end of 2026-12-21 (UTC).',
  );
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({ document: 'policy', digest: 'p', rules: ['/tools/pay/action'] });
  expect(changes[0].after).toEqual({
    version: '1',
    default: 'deny',
    tools: {
      pay: {
        approve_if: [
          {
            conditions: [
              {
                not: {
                  all: [
                    { path: 'grant.name', op: 'eq', value: 'desk' },
                    { path: 'time.date', op: 'lte', value: '2026-12-21' },
                    { path: 'args', op: 'eq', value: { to: 'acme', amount: 40 } },
                  ],
                },
              },
            ],
            on_deny: 'This needs the approval of a person.',
          },
        ],
      },
    },
  });
});

test.each<[string, object, object, Effect]>([
  ['the very call', { amount: 40, to: 'acme' }, {}, 'allow'],
  ['another amount', { to: 'acme', amount: 41 }, {}, 'require_approval'],
  ['the amount as a text', { to: 'acme', amount: '40' }, {}, 'require_approval'],
  ['one argument more', { to: 'acme', amount: 40, urgent: true }, {}, 'require_approval'],
  ['a key that differs in case alone', { to: 'acme', amount: 40, Amount: 41 }, {}, 'require_approval'],
  ['one argument less', { to: 'acme' }, {}, 'require_approval'],
  ['another grant', { to: 'acme', amount: 40 }, { grant: 'laptop' }, 'require_approval'],
  ['the last second', { to: 'acme', amount: 40 }, { at: Date.UTC(2026, 11, 21, 23, 59, 59) }, 'allow'],
  ['a second later', { to: 'acme', amount: 40 }, { at: Date.UTC(2026, 11, 22) }, 'require_approval'],
])('%s', (_what, args, other, effect) => {
  expect(judged({ policy: ASKS, rule: '/tools/pay/action' }, args, other)).toBe(effect);
});

describe('a rule for more than one tool names the tool', () => {
  test.each<[string, object, string]>([
    ['a pattern', { tools: { 'p*': { action: 'require_approval' } } }, '/tools/p*/action'],
    ['a class', { classes: { financial: { action: 'require_approval' } } }, '/classes/financial/action'],
    ['all tools', { default: 'allow', all_tools: { approve_if: [{ conditions: [] }] } }, '/all_tools/approve_if/0'],
  ])('%s', (_what, policy, rule) => {
    const story = { policy, rule };
    expect(judged(story, { to: 'acme', amount: 40 })).toBe('allow');
    expect(judged(story, { to: 'acme', amount: 40 }, { name: 'payout' })).toBe('require_approval');
  });
});

test('what else asks goes on asking: the exception is added to the conditions of the one rule, with its own words', () => {
  const entry = { id: 'large', conditions: [{ path: 'args.amount', op: 'gt', value: 10 }], on_deny: 'Large.' };
  const policy = {
    tools: {
      pay: { reason: 'Money.', approve_if: [{ conditions: [{ path: 'args.to', op: 'eq', value: 'eve' }] }, entry] },
    },
  };
  const story = { policy, rule: '/tools/pay/approve_if/1' };
  const [change] = proposed(story).changes;
  expect(change.rules).toEqual(['/tools/pay/approve_if/1']);
  expect(change.after).toMatchObject({
    tools: { pay: { approve_if: [{}, { id: 'large', on_deny: 'Large.', conditions: [{ op: 'gt' }, { not: {} }] }] } },
  });
  expect(judged(story, { to: 'eve', amount: 1 })).toBe('require_approval');
});

test('a second exception stands beside the first one', () => {
  const first = proposed({ policy: ASKS, rule: '/tools/pay/action' }).changes[0].after;
  const story = { policy: objectIn(first), rule: '/tools/pay/approve_if/0', args: { to: 'acme', amount: 50 } };
  expect(judged(story, { to: 'acme', amount: 40 })).toBe('allow');
  expect(judged(story, { to: 'acme', amount: 50 })).toBe('allow');
  expect(judged(story, { to: 'acme', amount: 60 })).toBe('require_approval');
});

test('the rules of both documents are excepted from, one after the other', () => {
  const story = {
    policy: ASKS,
    baseline: { all_tools: { action: 'require_approval', reason: 'Ask.' } },
    rule: '/all_tools/action',
  };
  const { changes, notes } = proposed(story);
  expect(changes.map(({ document, digest, rules }) => [document, digest, rules])).toEqual([
    ['baseline', 'b', ['/all_tools/action']],
    ['policy', 'p', ['/tools/pay/action']],
  ]);
  expect(notes.join()).toContain('every server');
  expect(judged(story, { to: 'acme', amount: 40 })).toBe('allow');
  expect(judged(story, { to: 'acme', amount: 41 })).toBe('require_approval');
});

describe('an argument that is bound less tightly', () => {
  const args = {
    amount: 40,
    path: '/srv/reports/a.md',
    url: 'https://api.example.com/v1?x=1',
    ref: 'INV-2026-1',
    note: null,
    tags: ['a'],
  };
  const story = (bounds: Readonly<Record<string, string>>): Story => ({
    policy: ASKS,
    rule: '/tools/pay/action',
    args,
    bounds,
  });

  test.each<[string, string, Json, Effect]>([
    ['amount', 'up to this', 0, 'allow'],
    ['amount', 'up to this', 39.5, 'allow'],
    ['amount', 'up to this', 40.01, 'require_approval'],
    ['amount', 'up to this', -1, 'require_approval'],
    ['amount', 'up to this', '39', 'require_approval'],
    ['path', 'within this folder', '/srv/reports/b/c.md', 'allow'],
    ['path', 'within this folder', '/srv/reports/../secret', 'require_approval'],
    ['path', 'within this folder', '/srv/reports2/a.md', 'require_approval'],
    ['path', 'within /srv', '/srv/other', 'allow'],
    ['url', 'this host', 'https://api.example.com/other', 'allow'],
    ['url', 'this host', 'http://api.example.com/v1', 'require_approval'],
    ['url', 'this host', 'https://api.example.com@evil.example/', 'require_approval'],
    ['ref', 'begins with INV-', 'INV-7', 'allow'],
    ['ref', 'begins with INV-', 'inv-7', 'require_approval'],
    ['tags', 'any value', ['b', 'c'], 'allow'],
    ['tags', 'any value', { a: 1 }, 'require_approval'],
    ['tags', 'any value', null, 'require_approval'],
  ])('%s: %s: %j', (name, words, value, effect) => {
    expect(judged(story({ [name]: words }), { ...args, [name]: value })).toBe(effect);
    expect(judged(story({ [name]: words }), { ...args, [name]: value, more: 1 })).toBe('require_approval');
  });

  test('null stays null, and an argument that is not there is none that is free', () => {
    const { note: _, ...others } = args;
    expect(judged(story({ amount: 'up to this' }), { ...args, amount: 1 })).toBe('allow');
    expect(judged(story({ amount: 'up to this' }), { ...others, amount: 1, other: 1 })).toBe('require_approval');
  });

  test('is told in words', () => {
    const bounds = {
      amount: 'up to this',
      path: 'within this folder',
      url: 'this host',
      ref: 'begins with INV-',
      tags: 'any value',
    };
    expect(proposed(story(bounds)).admits).toContain(
      'with "amount" from 0 to 40, "path" within "/srv/reports", "url" a URL of "https" on "api.example.com", "ref" beginning with "INV-", "note" equal to null, "tags" any array and no other argument pass',
    );
  });

  test('can have any name', () => {
    const odd = { 'odd key': 5, __proto__x: 'a', '5': 1, 'a.b"]': 2 };
    const wished: Story = { policy: ASKS, rule: '/tools/pay/action', args: odd, bounds: { 'odd key': 'up to this' } };
    expect(judged(wished, { ...odd, 'odd key': 4 })).toBe('allow');
    expect(judged(wished, { ...odd, 'a.b"]': 3 })).toBe('require_approval');
  });

  test.each<[string, string, string]>([
    ['path', 'up to this', 'no number from 0 up'],
    ['amount', 'within this folder', 'no path of a file'],
    ['path', 'within /', 'holds every file'],
    ['path', 'within /etc', 'does not lie in "/etc"'],
    ['ref', 'this host', 'no URL'],
    ['ref', 'begins with X', 'does not begin with "X"'],
    ['path', 'begins with /srv', 'choose "within folder"'],
    ['url', 'begins with https://api', 'choose "same host"'],
    ['note', 'any value', 'null'],
    ['stranger', 'any value', 'has no argument "stranger"'],
  ])('%s cannot be bound by %s', (name, words, why) => {
    expect(refused(story({ [name]: words }))).toContain(why);
  });
});

test('what each argument could be bound to is told', () => {
  const args = {
    amount: 40,
    path: '/srv/reports/a.md',
    url: 'https://example.com/x',
    ref: 'INV-2026-1',
    run: 'git status',
    owed: -5,
    off: false,
    no: null,
  };
  const { choices } = proposed({ policy: ASKS, rule: '/tools/pay/action', args });
  expect(Object.fromEntries(choices.map(({ argument, bounds }) => [argument, bounds]))).toEqual({
    amount: [{ kind: 'exact' }, { kind: 'up to' }, { kind: 'any value' }],
    path: [{ kind: 'exact' }, { kind: 'within folder', folder: '/srv/reports' }, { kind: 'any value' }],
    url: [{ kind: 'exact' }, { kind: 'same host' }, { kind: 'any value' }],
    ref: [{ kind: 'exact' }, { kind: 'begins with', prefix: 'INV-2026-' }, { kind: 'any value' }],
    run: [{ kind: 'exact' }, { kind: 'any value' }],
    owed: [{ kind: 'exact' }, { kind: 'any value' }],
    off: [{ kind: 'exact' }, { kind: 'any value' }],
    no: [{ kind: 'exact' }],
  });
});

describe('a limit of its own', () => {
  test('counts these calls alone, under a name that nothing else has, and asks beyond it', () => {
    const limits = [{ counter: 'pay_always', window: 'day', max: 5 }];
    const policy = { tools: { pay: { action: 'require_approval', limits } } };
    const story: Story = {
      policy,
      rule: '/tools/pay/action',
      wishes: { limit: { max: 2, window: '1h' } },
      more: { counters: new Set(['"pay_always_2"']) },
    };
    const { changes, admits } = proposed(story);
    expect(admits).toContain('pass without asking, at most 2 calls in "1h", until');
    expect(changes[0].after).toMatchObject({
      tools: {
        pay: {
          limits: [
            limits[0],
            {
              counter: 'pay_always_3',
              window: '1h',
              max: 2,
              when: [{ path: 'grant.name' }, { path: 'time.date' }, { path: 'args', op: 'eq' }],
              on_exceed: 'require_approval',
            },
          ],
        },
      },
    });
  });

  test.each<[number, string, string]>([
    [0, 'day', 'whole number from 1'],
    [1.5, 'day', 'whole number from 1'],
    [1, 'dya', 'did you mean "day"'],
  ])('of %d in %s is none', (max, window, why) => {
    expect(refused({ policy: ASKS, rule: '/tools/pay/action', wishes: { limit: { max, window } } })).toContain(why);
  });
});

describe('the last day', () => {
  test.each<[string, string]>([
    ['2026-11-21', 'proposed'],
    ['2027-11-22', 'proposed'],
    ['2027-11-23', 'at most 366 days from now, 2027-11-22'],
    ['2026-11-20', 'is over'],
    ['2027-02-30', 'one of the calendar'],
    ['soon', 'one of the calendar'],
  ])('%s: %s', (until, said) => {
    expect(refused({ policy: ASKS, rule: '/tools/pay/action', wishes: { until } })).toContain(said);
  });
});

describe('nothing is proposed', () => {
  const LIMITED = {
    tools: { pay: { limits: [{ counter: 'c', window: 'day', max: 1, on_exceed: 'require_approval' }] } },
  };

  test.each<[string, Story, string]>([
    ['for a limit', { policy: LIMITED, rule: '/tools/pay/limits/0' }, 'raise its max'],
    [
      'for a rate',
      { policy: { tools: { pay: { rate_limit: { max: 1, window: 60 } } } }, rule: '/tools/pay/rate_limit' },
      'raise its max',
    ],
    ['where nothing asks any more', { policy: { tools: { pay: {} } }, rule: '/tools/pay/action' }, 'passes by itself'],
    [
      'where something refuses by now',
      {
        policy: {
          tools: {
            pay: {
              action: 'require_approval',
              deny_if: [{ conditions: [{ path: 'args.to', op: 'eq', value: 'acme' }] }],
            },
          },
        },
        rule: '/tools/pay/action',
      },
      'the policy refuses such a call (/tools/pay/deny_if/0)',
    ],
    [
      'for what cannot be judged',
      { policy: ASKS, rule: '/tools/pay/action', args: { amount: 1, Amount: 2 }, bounds: { amount: 'up to this' } },
      'differ in case alone',
    ],
    [
      'for arguments that would fill the policy',
      { policy: ASKS, rule: '/tools/pay/action', args: { to: 'acme', text: 'x'.repeat(20_000) } },
      'the arguments "text" are too long',
    ],
  ])('%s', (_what, story, why) => {
    expect(refused(story)).toContain(why);
  });

  test('by a document that does not load', () => {
    expect(refused({ policy: { tools: { pay: { acton: 1 } } }, rule: '/tools/pay/action' })).toContain(
      'did you mean "action"',
    );
  });
});

describe('rules that look at earlier calls', () => {
  const flow = { conditions: [{ path: 'grant.calls["read_secret"]', op: 'gt', value: 0, within: '1h' }] };

  test('are excepted from when they were the one that asked', () => {
    const { changes } = proposed({
      policy: { tools: { pay: { approve_if: [flow] } } },
      rule: '/tools/pay/approve_if/0',
    });
    expect(changes[0].rules).toEqual(['/tools/pay/approve_if/0']);
  });

  test('go on asking when they were not', () => {
    const policy = { tools: { pay: { action: 'require_approval', approve_if: [flow] } } };
    expect(proposed({ policy, rule: '/tools/pay/action' }).changes[0].rules).toEqual(['/tools/pay/action']);
  });

  test('refuse nothing here that they would not refuse whatever the number', () => {
    const policy = {
      tools: {
        pay: {
          action: 'require_approval',
          require: [{ conditions: [{ path: 'grant.calls["login"]', op: 'gte', value: 1, within: '1h' }] }],
        },
      },
    };
    expect(proposed({ policy, rule: '/tools/pay/action' }).changes).toHaveLength(1);
  });
});

describe('a person is told', () => {
  test('of secrets that would stand in the policy', () => {
    const story = { policy: ASKS, rule: '/tools/pay/action', args: { api_key: 'k', to: 'acme' } };
    expect(proposed(story).notes.join()).toContain('"api_key" looks like a secret');
    expect(proposed({ ...story, bounds: { api_key: 'any value' } }).notes).toEqual([]);
  });

  test('of limits that ask as before', () => {
    const limits = [{ counter: 'c', window: 'day', max: 3, on_exceed: 'require_approval' }];
    const { notes } = proposed({
      policy: { tools: { pay: { action: 'require_approval', limits } } },
      rule: '/tools/pay/action',
    });
    expect(notes).toEqual(['Beyond the limit "c" (3) a person is asked as before.']);
  });

  test('of other servers on which the policy holds', () => {
    const more = { servers: { policy: ['bank', 'test-bank'], baseline: [] } };
    expect(proposed({ policy: ASKS, rule: '/tools/pay/action', more }).notes.join()).toContain(
      'on "test-bank" as well',
    );
    const alone = { servers: { policy: ['bank'], baseline: [] } };
    expect(proposed({ policy: ASKS, rule: '/tools/pay/action', more: alone }).notes).toEqual([]);
  });
});

test('the change of meaning is told by the difference of the policies', () => {
  const { changes } = proposed({ policy: ASKS, rule: '/tools/pay/action' });
  const [before, after] = [changes[0].before, changes[0].after].map((document) => {
    const compiled = compilePolicy(document, 'policy');
    if (compiled.kind === 'problems') throw new Error('does not load');
    return { document, policy: compiled.policy };
  });
  if (before === undefined || after === undefined) throw new Error('nothing changes');
  const { differences } = diffPolicies({ before, after, tools: undefined, at: NOW });
  expect(differences).toMatchObject([
    {
      label: 'pay',
      verdict: 'looser',
      changes: [
        {
          words:
            'approve_if: and (not (args eq {"amount":40,"to":"acme"}) or not (grant.name eq "desk") or not (time.date lte "2026-12-21"))',
        },
      ],
    },
  ]);
});

test('resources and prompts can be excepted too', () => {
  const document = strict({ version: '1', default: 'deny', resources: { 'file:*': { action: 'require_approval' } } });
  const question = questionOf({ policy: {}, rule: '/resources/file:*/action' });
  const args = objectIn(strict({ uri: 'file:///a' }));
  const call = { kind: 'resource', method: 'resources/read', name: 'file:///a', args, params: args } as const;
  const proposal = proposeException({
    ...question,
    documents: { policy: { document, digest: 'p' }, baseline: undefined },
    ask: { ...question.ask, call },
  });
  expect(proposal).toMatchObject({ kind: 'proposal', admits: expect.stringContaining('the resource "file:///a"') });
});

test('it stays the same from moment to moment of a day', () => {
  const question = questionOf({ policy: ASKS, rule: '/tools/pay/action' });
  const later = { ...question, ask: { ...question.ask, at: NOW + DAY / 3 } };
  expect(proposeException(later)).toEqual(proposeException(question));
});
