import { describe, expect, test } from 'vitest';
import { cpuMs } from '../../../test/kit/cpu-time.ts';
import { strictObject } from '../../../test/laws/arbitrary-value.ts';
import { compiled } from '../../../test/laws/engine.ts';
import { definitionOf } from '../../gateway/definitions.ts';
import { type Difference, diffPolicies } from './diff-policies.ts';
import type { Version } from './reader.ts';
import type { KnownTool } from './subjects.ts';
import { witnessJson, witnessWords } from './witness-words.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

function version(rules: object): Version {
  const document = strictObject({ version: '1', default: 'deny', ...rules });
  return { policy: compiled({ policy: document, baseline: undefined }).policy, document };
}

function differences(before: object, after: object, tools?: readonly KnownTool[]): readonly Difference[] {
  return diffPolicies({ before: version(before), after: version(after), tools, at: NOON }).differences;
}

/** Verdict, changes and examples of the only difference. */
function only(before: object, after: object) {
  const found = differences(before, after);
  expect(found.map(({ label, verdict }) => [label, verdict])).toHaveLength(1);
  const [one] = found;
  return {
    label: one?.label,
    verdict: one?.verdict,
    words: one?.changes.map(({ words }) => words),
    examples: one?.witnesses.map((witness) => witnessWords(witness, NOON)),
  };
}

/** The same for the rules of one tool. */
function ofRules(before: object, after: object) {
  return only({ tools: { x: before } }, { tools: { x: after } });
}

function when(path: string, op: string, value: unknown, more: object = {}): object {
  return { conditions: [{ path, op, value, ...more }] };
}

function tool(name: string, inputSchema: object = { type: 'object' }): KnownTool {
  const listed = strictObject({ name, inputSchema });
  return { name, inputSchema: listed['inputSchema'], definition: definitionOf(listed) };
}

describe('no change in meaning', () => {
  const amount = when('args.amount', 'lte', 100);
  const small = when('args["amount"]', 'lte', 100.0);
  const to = { path: 'args.to', op: 'in', value: ['a', 'b'] };
  test.each<[string, object, object]>([
    [
      'ids and descriptions',
      { tools: { x: { deny_if: [{ ...amount, id: 'one' }] } } },
      { description: 'x', tools: { x: { deny_if: [{ ...amount, id: 'two' }] } } },
    ],
    ['another way to write a path', { tools: { x: { require: [amount] } } }, { tools: { x: { require: [small] } } }],
    [
      'one entry with two requirements, or two entries',
      { tools: { x: { require: [{ conditions: [to, { path: 'args.a', op: 'exists', value: true }] }] } } },
      { tools: { x: { require: [when('args.a', 'exists', true), { conditions: [to] }] } } },
    ],
    [
      'two refusals, or one of either',
      { tools: { x: { deny_if: [amount, { conditions: [to] }] } } },
      { tools: { x: { deny_if: [{ conditions: [{ any: [to, { path: 'args.amount', op: 'lte', value: 100 }] }] }] } } },
    ],
    [
      'De Morgan',
      { tools: { x: { deny_if: [{ conditions: [{ not: { any: [to, { not: to }] } }] }] } } },
      { tools: { x: { deny_if: [{ conditions: [{ not: to }, to] }] } } },
    ],
    [
      'a list in another order',
      { tools: { x: { require: [{ conditions: [to] }] } } },
      { tools: { x: { require: [when('args.to', 'in', ['b', 'a', 'b'])] } } },
    ],
    [
      'a refusal within another one',
      { tools: { x: { deny_if: [when('args.n', 'gt', 5)] } } },
      { tools: { x: { deny_if: [when('args.n', 'gt', 5), when('args.n', 'gt', 10)] } } },
    ],
    [
      'eq, or in with one',
      { tools: { x: { deny_if: [when('args.n', 'eq', 5)] } } },
      { tools: { x: { deny_if: [when('args.n', 'in', [5.0])] } } },
    ],
    [
      'the rules of an entry for every tool',
      { tools: { x: { deny_if: [amount] } } },
      { tools: { x: {} }, all_tools: { deny_if: [amount] } },
    ],
    [
      'a shorthand written out',
      { tools: { x: { rate_limit: { max: 5, window: 60 } } } },
      { tools: { x: { limits: [{ counter: 'x_rate', window: 'minute', max: 5 }] } } },
    ],
    [
      'approval by action, or by an entry that always matches',
      { tools: { x: { action: 'require_approval' } } },
      { tools: { x: { approve_if: [{ conditions: [] }] } } },
    ],
    [
      'asking for what is refused anyhow',
      { tools: { x: { deny_if: [amount] } } },
      { tools: { x: { deny_if: [amount], approve_if: [amount] } } },
    ],
    [
      'rules of which nothing passes',
      { tools: { x: { action: 'deny' } } },
      { tools: { x: { action: 'deny', limits: [{ counter: 'c', window: 'day', max: 3 }] } } },
    ],
  ])('%s', (_, before, after) => {
    expect(differences(before, after)).toEqual([]);
    expect(differences(after, before)).toEqual([]);
  });

  const path = (value: unknown) => when('args.p', 'path_within', value);
  const hosts = (...value: string[]) => when('args.u', 'url_host_in', value);
  const count = (op: string, value: number) => when('grant.calls["r"]', op, value, { within: '1h' });
  const ofA = (op: string, value: unknown) => ({ path: 'args.a', op, value });
  const entry = (...conditions: object[]) => ({ conditions });
  test.each<[string, object, object]>([
    ['one of two values', entry({ any: [ofA('eq', 1), ofA('eq', 2)] }), entry(ofA('in', [1, 2]))],
    ['neither of two values', entry(ofA('neq', 1), ofA('neq', 2)), entry(ofA('not_in', [2, 1]))],
    ['not one of two', entry({ not: ofA('eq', 1) }, { not: ofA('eq', 2) }), entry({ not: ofA('in', [1, 2]) })],
    ['a count of whole calls', count('gt', 0), count('gte', 1)],
    ['a count of less than half a call', count('lt', 0.5), count('lte', 0)],
    ['hours', when('time.hour', 'lt', 8), when('time.hour', 'lte', 7)],
    [
      'both halves of a range',
      when('args.ip', 'ip_in', ['10.0.0.0/8']),
      when('args.ip', 'ip_in', ['10.128.0.0/9', '10.0.0.0/9']),
    ],
    ['a separator at the end', path('/srv'), path(['/srv/'])],
    ['a separator at the end on Windows', path('C:\\data'), path('C:\\data\\')],
    ['how a host is written', hosts('Example.com'), hosts('example.com.')],
  ])('%s', (_, before, after) => {
    for (const key of ['deny_if', 'require', 'approve_if']) {
      expect(differences({ tools: { x: { [key]: [before] } } }, { tools: { x: { [key]: [after] } } })).toEqual([]);
      expect(differences({ tools: { x: { [key]: [after] } } }, { tools: { x: { [key]: [before] } } })).toEqual([]);
    }
  });

  test('a limit of whole calls', () => {
    const limits = (max: number) => ({ tools: { x: { limits: [{ counter: 'c', window: 'day', max }] } } });
    expect(differences(limits(1), limits(1.5))).toEqual([]);
  });

  test('but each element of an array is one of two values, or all are the same', () => {
    const each = (op: string, value: unknown) => ({ path: 'args.l[*]', op, value });
    const one = { require: [entry({ any: [each('eq', 1), each('eq', 2)] })] };
    expect(ofRules(one, { require: [entry(each('in', [1, 2]))] })).not.toEqual([]);
  });

  test('a pattern written out as the names of the server', () => {
    const before = { tools: { 'get_*': { require: [amount] } } };
    const after = { tools: { get_a: { require: [amount] }, get_b: { require: [amount] } } };
    expect(differences(before, after, [tool('get_a'), tool('get_b'), tool('other')])).toEqual([]);
    expect(only(before, after)).toMatchObject({ label: 'get_*', verdict: 'tighter' });
  });
});

describe('looser and tighter', () => {
  test.each<[string, object, object, string]>([
    [
      'a higher bound',
      { require: [when('args.amount', 'lte', 100)] },
      { require: [when('args.amount', 'lte', 200)] },
      'require: args.amount lte 100 → args.amount lte 200',
    ],
    [
      'a refusal that begins later',
      { deny_if: [when('args.amount', 'gt', 100)] },
      { deny_if: [when('args.amount', 'gte', 200)] },
      'deny_if: args.amount gt 100 → args.amount gte 200',
    ],
    [
      'a longer list of what is allowed',
      { require: [when('args.to', 'in', ['a', 'b'])] },
      { require: [when('args.to', 'in', ['a', 'b', 'c', 'd'])] },
      'require: args.to in adds "c", "d"',
    ],
    [
      'a shorter list of what is refused',
      { deny_if: [when('args.to', 'in', ['a', 'b'])] },
      { deny_if: [when('args.to', 'in', ['a'])] },
      'deny_if: args.to in drops "b"',
    ],
    [
      'a folder further up',
      { require: [when('args.path', 'path_within', '/srv/data')] },
      { require: [when('args.path', 'path_within', ['/srv'])] },
      'require: args.path path_within "/srv/data" → args.path path_within ["/srv"]',
    ],
    [
      'another host',
      { require: [when('args.url', 'url_host_in', ['example.com'])] },
      { require: [when('args.url', 'url_host_in', ['Example.com', 'example.org'])] },
      'require: args.url url_host_in adds "example.org"',
    ],
    [
      'a wider range of addresses',
      { require: [when('args.ip', 'ip_in', ['10.1.0.0/16'])] },
      { require: [when('args.ip', 'ip_in', ['10.0.0.0/8'])] },
      'require: args.ip ip_in ["10.1.0.0/16"] → args.ip ip_in ["10.0.0.0/8"]',
    ],
    [
      'a later day',
      { require: [when('time.date', 'lte', '2026-12-21')] },
      { require: [when('time.date', 'lt', '2027-01-01')] },
      'require: time.date lte "2026-12-21" → time.date lt "2027-01-01"',
    ],
    [
      'more arguments',
      { require: [when('args', 'length_lte', 1)] },
      { require: [when('args', 'length_lte', 2)] },
      'require: args length_lte 1 → args length_lte 2',
    ],
    [
      'an exception for some calls',
      { action: 'require_approval' },
      { approve_if: [{ conditions: [{ not: { path: 'args', op: 'eq', value: { a: 1 } } }] }] },
      'approve_if: and not (args eq {"a":1})',
    ],
    [
      'a longer text',
      { require: [when('args.t', 'length_lt', 10)] },
      { require: [when('args.t', 'length_lte', 10)] },
      'require: args.t length_lt 10 → args.t length_lte 10',
    ],
    [
      'one requirement less in an entry',
      {
        require: [
          {
            conditions: [
              { path: 'args.a', op: 'eq', value: 1 },
              { path: 'args.b', op: 'eq', value: 2 },
            ],
          },
        ],
      },
      { require: [when('args.a', 'eq', 1)] },
      'require: no longer args.b eq 2, beside what stays',
    ],
    [
      'one condition more in a refusal',
      { deny_if: [when('args.a', 'eq', 1)] },
      {
        deny_if: [
          {
            conditions: [
              { path: 'args.a', op: 'eq', value: 1 },
              { path: 'args.b', op: 'eq', value: 2 },
            ],
          },
        ],
      },
      'deny_if: and args.b eq 2, beside what stays',
    ],
    [
      'asking instead of refusing',
      { deny_if: [when('args.a', 'eq', 1)] },
      { approve_if: [when('args.a', 'eq', 1)] },
      'deny_if: no longer: args.a eq 1',
    ],
    [
      'what is absent is no other value',
      { deny_if: [{ conditions: [{ not: { path: 'args.a', op: 'eq', value: 1 } }] }] },
      { deny_if: [when('args.a', 'neq', 1)] },
      'deny_if: not (args.a eq 1) → args.a neq 1',
    ],
    [
      'most of a range of addresses',
      { require: [when('args.ip', 'ip_in', ['10.128.0.0/9', '10.64.0.0/10'])] },
      { require: [when('args.ip', 'ip_in', ['10.0.0.0/8'])] },
      'require: args.ip ip_in adds "10.0.0.0/8" drops "10.128.0.0/9", "10.64.0.0/10"',
    ],
    ['a refusal gone', { deny_if: [when('args.a', 'regex', '^x+$')] }, {}, 'deny_if: no longer: args.a regex "^x+$"'],
    [
      'refused, then allowed',
      { action: 'deny' },
      { limits: [{ counter: 'c', window: 'day', max: 1 }] },
      'was refused, is now allowed (subject to 1 limit)',
    ],
    ['asked, then not', { action: 'require_approval' }, {}, 'approve_if: no longer: every call'],
  ])('%s', (_, strict, loose, words) => {
    const found = ofRules(strict, loose);
    expect(found).toMatchObject({ label: 'x', verdict: 'looser', words: [words] });
    expect(found.examples).toHaveLength(1);
    expect(found.examples?.[0]).toMatch(/^a call with \{.*was (?:denied|asked of a person), is now (?:allowed|asked)/);
    expect(ofRules(loose, strict).verdict).toBe('tighter');
  });

  test.each<[string, object, object, string]>([
    ['max', { max: 10 }, { max: 20 }, 'limit "c": max 10 → 20'],
    ['beyond it', {}, { on_exceed: 'require_approval' }, 'limit "c": beyond it refused → a person is asked'],
    [
      'when',
      { when: [{ path: 'args.n', op: 'gt', value: 1 }] },
      { when: [{ path: 'args.n', op: 'gt', value: 9 }] },
      'limit "c": when args.n gt 1 → args.n gt 9',
    ],
  ])('a limit: %s', (_, strict, loose, words) => {
    const limits = (more: object) => ({ limits: [{ counter: 'c', window: 'minute', max: 10, ...more }] });
    expect(ofRules(limits(strict), limits(loose))).toMatchObject({ verdict: 'looser', words: [words] });
    expect(ofRules(limits(loose), limits(strict)).verdict).toBe('tighter');
  });

  test('arguments by the schema of the tool', () => {
    expect(ofRules({ validate: 'schema' }, { validate: 'strict' })).toMatchObject({
      verdict: 'tighter',
      words: ['validate: schema → strict'],
    });
    expect(ofRules({ validate: 'schema' }, {})).toMatchObject({ verdict: 'looser', words: ['validate: schema → off'] });
  });

  test('an entry put into shadow', () => {
    const rules = { deny_if: [when('args.a', 'eq', 1)] };
    const found = ofRules(rules, { ...rules, mode: 'shadow' });
    expect(found).toMatchObject({
      verdict: 'looser',
      words: ['stands in shadow now', 'deny_if: no longer: args.a eq 1'],
    });
    expect(found.examples).toEqual(['a call with {"a":1} was denied, is now allowed']);
  });

  test('hidden is more than refused', () => {
    expect(ofRules({ action: 'deny' }, { action: 'hide' })).toMatchObject({
      verdict: 'tighter',
      words: ['was refused, is now hidden'],
    });
  });

  test('names by which other entries speak now', () => {
    const found = differences(
      { tools: { a_1: {}, 'a_*': {} } },
      { tools: { 'a_*': {}, 'a_b*': { action: 'deny' } }, hide: ['z*'] },
    );
    expect(found.map(({ label, verdict }) => [label, verdict])).toEqual([
      ['a_b*', 'tighter'],
      ['z*', 'tighter'],
    ]);
    const meeting = differences({ tools: { 'get_*': {} } }, { tools: { 'get_*': {}, '*_secret': { action: 'deny' } } });
    expect(meeting.map(({ label, verdict, name }) => [label, verdict, name])).toEqual([
      ['*_secret', 'reason only', 'x_secret'],
      ['get_* and *_secret at once ("get_z_secret")', 'tighter', 'get_z_secret'],
    ]);
  });

  test('what no entry speaks for, by class, and what else a server can do', () => {
    const found = differences(
      { classes: { read: {} }, tools: { x: {} } },
      { default: 'allow', tools: { x: {} }, requests: { roots: 'deny' }, prompts: { p: { action: 'deny' } } },
    );
    expect(found.map(({ label, verdict }) => [label, verdict])).toEqual([
      ['every other tool', 'looser'],
      ['every other resource', 'looser'],
      ['p', 'reason only'],
      ['every other prompt', 'looser'],
      ['sampling', 'looser'],
      ['elicitation', 'looser'],
      ['roots', 'reason only'],
    ]);
  });

  test('a tool that had no entry may have been of a class', () => {
    const found = differences({ classes: { read: {} } }, { classes: { read: {} }, tools: { x: {} } });
    expect(found.map(({ label, verdict }) => [label, verdict])).toEqual([['x', 'looser']]);
    const denied = differences({ classes: { read: {} } }, { classes: { read: {} }, tools: { x: { action: 'deny' } } });
    expect(denied.map(({ label, verdict }) => [label, verdict])).toEqual([
      ['x', 'reason only'],
      ['x (if of the class read)', 'tighter'],
    ]);
  });

  test('what reaches the client, and how people are asked', () => {
    const before = { results: { max_bytes: 100, redact: [{ secrets: true }] }, approvals: { count: 2, timeout: '5m' } };
    const after = { results: { max_bytes: 200 }, approvals: { count: 1, timeout: '300s' } };
    expect(only(before, after)).toMatchObject({
      label: 'the whole document',
      verdict: 'looser',
      words: ['results.max_bytes: 100 → 200', 'results.redact: [{"secrets":true}] → not set', 'approvals.count: 2 → 1'],
    });
  });

  test('what is refused may stand in lists', () => {
    const found = differences({ tools: { x: {} } }, { list: 'all', tools: { x: {} } });
    expect(found.map(({ label, verdict, changes }) => [label, verdict, changes[0]?.words])).toEqual([
      ['every other tool', 'looser', 'stays refused, and stands in lists'],
      ['every other resource', 'looser', 'stays refused, and stands in lists'],
      ['every other prompt', 'looser', 'stays refused, and stands in lists'],
    ]);
  });
});

describe('changed', () => {
  test('one thing looser, another tighter, with an example of each', () => {
    const both = ofRules({ require: [when('args.amount', 'lte', 100)] }, { require: [when('args.amount', 'gte', 50)] });
    expect(both).toMatchObject({ verdict: 'changed', words: ['require: args.amount lte 100 → args.amount gte 50'] });
    expect(both.examples).toHaveLength(2);
  });

  test('patterns cannot be ordered', () => {
    const found = ofRules({ deny_if: [when('args.a', 'regex', 'ab')] }, { deny_if: [when('args.a', 'regex', 'abc')] });
    expect(found).toMatchObject({ verdict: 'changed', words: ['deny_if: args.a regex "ab" → args.a regex "abc"'] });
    expect(found.examples).toEqual(['a call with {"a":"ab"} was denied, is now allowed']);
  });

  test.each<[string, object, string]>([
    ['window', { window: 'hour' }, 'limit "c": per minute → hour; its history starts anew'],
    ['scope', { scope: 'server' }, 'limit "c": for each grant → server; its history starts anew'],
    ['per', { per: 'args.a' }, 'limit "c": counted all together → each args.a apart; its history starts anew'],
    ['amount', { amount: 'args.n' }, 'limit "c": adds 1 → args.n'],
    ['name', { counter: 'd' }, 'limit "c": the counter is "d" now; its history starts anew'],
    ['reset', { reset: 'calendar' }, 'limit "c": per minute → calendar minute (UTC); its history starts anew'],
  ])('a limit with another %s', (_, more, words) => {
    const limit = { counter: 'c', window: 'minute', max: 10 };
    expect(ofRules({ limits: [limit] }, { limits: [{ ...limit, ...more }] })).toMatchObject({
      verdict: 'changed',
      words: [words],
    });
  });
});

describe('calls counted as far back as another time', () => {
  const flow = (within: string, of = 'grant') => ({ deny_if: [when(`${of}.calls["r"]`, 'gt', 0, { within })] });

  test('start anew, and give no examples that contradict each other', () => {
    expect(ofRules(flow('1h'), flow('2h'))).toEqual({
      label: 'x',
      verdict: 'changed',
      words: ['deny_if: grant.calls["r"] gt 0 within "1h" → grant.calls["r"] gt 0 within "2h"; the count starts anew'],
      examples: [],
    });
  });

  test('of a session are calls of its grant as well', () => {
    expect(ofRules(flow('1h', 'session'), flow('1h')).examples).toEqual([
      'a call with {} after 1 of "r" within 1h was allowed, is now denied',
    ]);
  });
});

describe('words', () => {
  test.each<[string, object, object, string[]]>([
    [
      'a limit that counts only some calls now',
      { limits: [{ counter: 'c', window: 'day', max: 3 }] },
      { limits: [{ counter: 'c', window: 'day', max: 3, when: [{ path: 'args.a', op: 'eq', value: 1 }] }] },
      ['limit "c": for every call → when args.a eq 1'],
    ],
    ['what bites where rules still let pass', {}, { action: 'deny' }, ['was allowed, is now refused']],
    [
      'what was refused and is',
      { action: 'deny' },
      { deny_if: [{ conditions: [] }] },
      ['stays refused, by deny_if instead of by its action'],
    ],
    [
      'what a tool is subject to',
      { action: 'deny' },
      { require: [when('args.a', 'eq', 1)], deny_if: [when('args.b', 'eq', 1), when('args.c', 'eq', 1)] },
      ['was refused, is now allowed (subject to 2 deny_if entries, 1 require entry)'],
    ],
  ])('%s', (_, before, after, words) => {
    expect(ofRules(before, after).words).toEqual(words);
  });

  test('examples of what is no call of a tool', () => {
    const rules = (action: string) => ({
      resources: { 'file:///a': { action } },
      prompts: { p: { action } },
      requests: { roots: action },
    });
    const found = differences(rules('deny'), rules('allow'));
    expect(found.flatMap(({ witnesses }) => witnesses.map((witness) => witnessWords(witness, NOON)))).toEqual([
      'reading it was denied, is now allowed',
      'getting it with {} was denied, is now allowed',
      'such a request of the server was denied, is now allowed',
    ]);
  });

  test('the time of an example as data', () => {
    const found = differences({ tools: {} }, { tools: { x: {} } });
    expect(found.flatMap(({ witnesses }) => witnesses.map(witnessJson))).toEqual([
      expect.objectContaining({ at: '2026-06-01T12:00:00Z', args: {}, calls: [] }),
    ]);
  });
});

describe('reason only', () => {
  test('other words for the same rule', () => {
    const rule = when('args.a', 'eq', 1);
    expect(
      ofRules({ deny_if: [{ ...rule, on_deny: 'No.' }] }, { deny_if: [{ ...rule, on_deny: 'Ask ops.' }] }),
    ).toMatchObject({
      verdict: 'reason only',
      words: ['reason: "No." → "Ask ops."'],
      examples: [],
    });
  });

  test('what stands in shadow in both', () => {
    const found = ofRules({ mode: 'shadow', action: 'deny' }, { mode: 'shadow' });
    expect(found).toMatchObject({ verdict: 'reason only', words: ['in shadow only: was refused, is now allowed'] });
  });
});

describe('examples', () => {
  test('keep to the schema of the tool, and hold nothing that has no say', () => {
    const schema = {
      type: 'object',
      properties: { amount: { type: 'integer' }, note: { type: 'string', minLength: 2 } },
      required: ['amount', 'note'],
    };
    const rules = (max: number) => ({
      tools: { pay: { validate: 'schema', require: [when('args.amount', 'lte', max)] } },
    });
    const [found] = differences(rules(100), rules(200), [tool('pay', schema)]);
    expect(found?.witnesses.map((witness) => witnessWords(witness, NOON))).toEqual([
      'a call with {"amount":101,"note":"xx"} was denied, is now allowed',
    ]);
  });

  test('need several values, a time, a caller, earlier calls', () => {
    const several = (last: number) => ({
      require: [
        {
          conditions: [
            { path: 'args.a', op: 'eq', value: 'go' },
            { path: 'args.list[*].n', op: 'gt', value: 3 },
          ],
        },
        when('grant.labels.team', 'eq', 'ops'),
        when('time.hour', 'lt', last, { timezone: 'Europe/Berlin' }),
      ],
    });
    expect(ofRules(several(8), several(9)).examples).toEqual([
      'a call with {"a":"go","list":[{"n":4}]} labelled "team" "ops" on 2026-06-02 at 6 h UTC was denied, is now allowed',
    ]);
    const flow = (count: number) => ({ deny_if: [when('grant.calls["read"]', 'gt', count, { within: '1h' })] });
    expect(ofRules(flow(0), flow(2)).examples).toEqual([
      'a call with {} after 1 of "read" within 1h was denied, is now allowed',
    ]);
  });
});

test('two policies of a thousand tools take less than two seconds', () => {
  const rules = (max: number) => ({
    tools: Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [
        `tool_${index}`,
        {
          require: [when('args.amount', 'lte', max + index), when('args.to', 'in', ['a', 'b', `c${index}`])],
          deny_if: [when('args.path', 'starts_with', '/etc')],
          limits: [{ counter: `c_${index}`, window: 'hour', max }],
        },
      ]),
    ),
  });
  const [before, after] = [version(rules(100)), version(rules(50))];
  const question = { before, after, tools: undefined, at: NOON };
  expect(cpuMs(() => diffPolicies(question))).toBeLessThan(2_000);
  const diff = diffPolicies(question);
  expect(diff.differences).toHaveLength(1_000);
  expect(diff.differences.every(({ verdict, witnesses }) => verdict === 'tighter' && witnesses.length === 1)).toBe(
    true,
  );
});
