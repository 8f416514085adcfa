import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { realTools, told, toolsFrom, warned } from '../../../test/kit/warned.ts';
import type { KnownTool } from './warnings.ts';

/** Rules of the tool `pay` under default deny. */
const pay = (rules: string, tools?: readonly KnownTool[]): readonly string[] =>
  told(`tools: {pay: {${rules}}}`, tools).map((line) => line.replace('/tools/pay/', ''));
const required = (path: string, op: string, value: unknown): readonly string[] =>
  pay(`require: [{conditions: [${JSON.stringify({ path, op, value })}]}]`).map((line) => line.replace(/^\S+ /, ''));
const flowforge = realTools('flowforge', { flowforge_delete_task: 'destructive', flowforge_list_runs: 'read' });
const shop = toolsFrom(
  [
    {
      name: 'pay',
      inputSchema: {
        properties: {
          amount: { type: 'number', minimum: 1 },
          currency: { enum: ['EUR', 'USD'] },
          note: { type: ['string', 'null'] },
        },
        required: ['amount'],
        additionalProperties: false,
      },
    },
    { name: 'refund', inputSchema: { properties: { amount: { anyOf: [{ type: 'integer' }, { type: 'null' }] } } } },
    { name: 'list_orders' },
  ],
  { pay: 'financial', refund: 'financial', list_orders: 'read' },
);

describe('a policy without mistakes has no warnings', () => {
  test.each([
    ['careful.yaml', undefined],
    ['flowforge.json', flowforge],
    ['mitmproxy.json', realTools('mitmproxy')],
  ])('examples/policies/%s', (name, tools) => {
    const text = readFileSync(new URL(`../../../examples/policies/${name}`, import.meta.url), 'utf8');
    expect(warned(text, tools)).toEqual([]);
  });

  test('allowing all, refusing all, and shadow are decisions', () => {
    expect(told('version: "1"\ndefault: allow')).toEqual([]);
    expect(told('version: "1"\ndefault: deny')).toEqual([]);
    expect(told('mode: shadow\nhide: [a]')).toEqual([]);
    expect(told('prompts: {greet: {}}')).toEqual([]);
  });
});

describe('nothing-allowed', () => {
  test('under default deny "hide" alone, or rules for all alone, open nothing', () => {
    expect(told('hide: [get-env]')).toEqual(['/default nothing-allowed']);
    expect(told('all_tools: {rate_limit: {max: 5, window: minute}}')).toEqual(['/default nothing-allowed']);
    expect(told('tools: {a: {action: deny}}')).toEqual(['/default nothing-allowed']);
    expect(told('hide: [get-env]\ntools: {a: {}}')).toEqual([]);
    expect(told('hide: [get-env]\nclasses: {read: {}}')).toEqual([]);
    expect(told('version: "1"\ndefault: allow\nhide: [get-env]')).toEqual([]);
  });

  test('under default allow too, what stands for every tool may close them all', () => {
    const open = (rest: string): readonly string[] => told(`version: "1"\ndefault: allow\n${rest}`);
    expect(open('hide: [get-env, "*"]')).toEqual(['/hide/1 nothing-allowed']);
    expect(open('tools: {"*": {action: deny}}')).toEqual(['/tools/* nothing-allowed']);
    expect(open('tools: {"*": {action: hide}, pay: {action: deny}}')).toEqual(['/tools/* nothing-allowed']);
    expect(open('tools: {"*": {action: deny}, pay: {}}')).toEqual([]);
    expect(open('tools: {"*": {action: deny, mode: shadow}}')).toEqual([]);
    expect(open('tools: {"*": {action: require_approval}}')).toEqual([]);
    expect(open('mode: shadow\nhide: ["*"]')).toEqual([]);
    expect(open('hide: ["*"]\nresources: {"file:///srv/*": {}}')).toEqual([]);
    const [warning] = warned('version: "1"\ndefault: allow\ntools: {"*": {action: deny}}');
    expect(warning?.message).toContain('refuses every tool');
  });

  test('rules for all that refuse every call close what entries open', () => {
    expect(told('all_tools: {action: deny}\ntools: {a: {}}')).toEqual(['/all_tools/action nothing-allowed']);
  });
});

describe('no-such-tool', () => {
  test('entries, patterns, hidden names and counted calls of a real server', () => {
    expect(
      told('tools: {flowforge_replay_rum: {}, "mitm_*": {}}\nhide: [Flowforge_get_run, "flowforge_*"]', flowforge),
    ).toEqual(['/tools/flowforge_replay_rum no-such-tool', '/tools/mitm_* no-such-tool', '/hide/0 no-such-tool']);
    const [warning] = warned('tools: {flowforge_replay_rum: {}}', flowforge);
    expect(warning?.message).toContain('did you mean "flowforge_replay_run"?');
    expect(told('tools: {flowforge_replay_rum: {}}')).toEqual([]);
    const counts = (tool: string): string =>
      `tools: {flowforge_get_run: {deny_if: [{conditions: [{path: 'grant.calls["${tool}"]', op: gt, value: 3, within: 1h}]}]}}`;
    expect(told(counts('flowforge_get_runs'), flowforge)).toEqual([
      '/tools/flowforge_get_run/deny_if/0/conditions/0/path no-such-tool',
    ]);
    expect(told(counts('flowforge_list_runs'), flowforge)).toEqual([]);
  });

  test('the name of a tool in a condition', () => {
    const named = (name: string): string =>
      `all_tools: {deny_if: [{conditions: [{path: tool.name, op: in, value: [${name}]}]}]}\ntools: {list_orders: {}}`;
    expect(told(named('refnud'), shop)).toEqual(['/all_tools/deny_if/0/conditions/0/value no-such-tool']);
    expect(told(named('"re*"'), shop)).toEqual(['/all_tools/deny_if/0/conditions/0/value no-such-tool']);
    expect(told(named('refund'), shop)).toEqual([]);
  });
});

describe('entries that never speak', () => {
  test('hidden-entry', () => {
    expect(told('hide: ["admin_*"]\ntools: {admin_reset: {}, get: {}}')).toEqual(['/tools/admin_reset hidden-entry']);
    expect(told('hide: ["admin_*"]\ntools: {"admin_*": {}, get: {}}')).toEqual(['/tools/admin_* hidden-entry']);
    expect(told('hide: ["admin_*"]\ntools: {admin_reset: {action: deny}, get: {}}')).toEqual([]);
    expect(told('hide: ["admin_*"]\ntools: {"*": {}}')).toEqual([]);
  });

  test('shadowed-entry', () => {
    const bounded = 'rate_limit: {max: 1, window: day}';
    expect(told(`tools: {pay: {${bounded}}, "p*": {${bounded}}}`, shop)).toEqual(['/tools/p* shadowed-entry']);
    expect(told(`tools: {pay: {${bounded}}, "*": {${bounded}}}`, shop)).toEqual([]);
    expect(told('classes: {read: {}}\ntools: {list_orders: {}}', shop)).toEqual(['/classes/read shadowed-entry']);
    expect(told('classes: {read: {}}\ntools: {pay: {action: deny}}', shop)).toEqual([]);
    expect(told('classes: {read: {}}\ntools: {"*": {}}')).toEqual(['/classes/read shadowed-entry']);
  });

  test('dead-rules', () => {
    expect(pay('action: deny, limits: [{counter: c, window: day, max: 1}]')).toEqual([
      '/default nothing-allowed',
      'limits dead-rules',
    ]);
    expect(told('version: "1"\ndefault: allow\ntools: {pay: {action: allow, deny_if: [{conditions: []}]}}')).toEqual([
      '/tools/pay/deny_if/0 dead-rules',
    ]);
    expect(
      told('version: "1"\ndefault: allow\ntools: {pay: {deny_if: [{conditions: [], on_deny: "Closed."}]}}'),
    ).toEqual([]);
    expect(told('version: "1"\ndefault: allow\ntools: {pay: {action: deny, reason: "Closed."}}')).toEqual([]);
    expect(pay('action: require_approval, limits: [{counter: c, window: day, max: 1}]')).toEqual([]);
  });
});

describe('limits', () => {
  const limits = (...all: string[]): readonly string[] => pay(`limits: [${all.map((one) => `{${one}}`).join(', ')}]`);

  test('limit-never-bites: a stricter one stands beside it', () => {
    expect(limits('counter: a, window: minute, max: 10', 'counter: b, window: day, max: 100000')).toEqual([
      'limits/1 limit-never-bites',
    ]);
    expect(limits('counter: a, window: minute, max: 10', 'counter: b, window: day, max: 14400')).toEqual([
      'limits/1 limit-never-bites',
    ]);
    expect(limits('counter: a, window: minute, max: 10', 'counter: b, window: day, max: 14399')).toEqual([]);
    expect(limits('counter: a, window: day, max: 10', 'counter: b, window: minute, max: 10')).toEqual([
      'limits/1 limit-never-bites',
    ]);
    expect(limits('counter: a, window: day, max: 10', 'counter: a, window: day, max: 20')).toEqual([
      'limits/1 limit-never-bites',
    ]);
  });

  test('but not one that counts more, asks, or is shared', () => {
    expect(
      limits('counter: a, window: minute, max: 10', 'counter: b, window: day, max: 100000, scope: server'),
    ).toEqual([]);
    expect(
      limits(
        'counter: a, window: minute, max: 10, on_exceed: require_approval',
        'counter: b, window: day, max: 100000',
      ),
    ).toEqual([]);
    expect(
      limits('counter: a, window: minute, max: 10, per: grant.labels.team', 'counter: b, window: day, max: 100000'),
    ).toEqual([]);
    expect(
      limits('counter: a, window: minute, max: 10', 'counter: b, window: day, max: 100000, amount: args.sum'),
    ).toEqual([]);
    expect(
      limits(
        'counter: a, window: minute, max: 10, when: [{path: args.x, op: eq, value: a}]',
        'counter: b, window: day, max: 100000',
      ),
    ).toEqual([]);
    expect(
      limits('counter: a, window: minute, max: 10, reset: calendar', 'counter: b, window: hour, max: 600'),
    ).toEqual([]);
    const shared =
      'tools: {pay: {limits: [{counter: a, window: minute, max: 10}, {counter: money, window: day, max: 100000}]}, refund: {limits: [{counter: money, window: day, max: 100000}]}}';
    expect(told(shared)).toEqual([]);
  });

  test('nor one that refuses calls by what it counts by: without the argument no call passes it', () => {
    const beside = (more: string): readonly string[] =>
      pay(
        `validate: schema, limits: [{counter: a, window: minute, max: 1}, {counter: b, window: day, max: 100000, ${more}}]`,
      );
    expect(beside('per: args.to')).toEqual([]);
    expect(pay('validate: schema, limits: [{counter: b, window: second, max: 1e9, per: args.to}]')).toEqual([]);
    const sums = 'amount: args.sum, window: day, max';
    expect(limits(`counter: a, ${sums}: 5`, `counter: b, ${sums}: 500`)).toEqual([]);
  });

  test('rules for all bound the entries', () => {
    expect(
      told(
        'all_tools: {limits: [{counter: all, window: minute, max: 5}]}\ntools: {pay: {rate_limit: {max: 10, window: minute}}}',
      ),
    ).toEqual(['/tools/pay/rate_limit limit-never-bites']);
    expect(
      told(
        'all_tools: {limits: [{counter: all, window: minute, max: 50}]}\ntools: {pay: {rate_limit: {max: 10, window: minute}}}',
      ),
    ).toEqual([]);
  });

  test('a max beyond all measure, and one that is not whole', () => {
    expect(limits('counter: a, window: second, max: 1e9')).toEqual(['limits/0/max limit-never-bites']);
    expect(limits('counter: a, window: day, max: 2.5')).toEqual(['limits/0/max fractional-max']);
    expect(limits('counter: a, window: day, max: 2.5, amount: args.sum')).toEqual([]);
    expect(limits('counter: a, window: day, max: 1e9, amount: args.sum')).toEqual([]);
  });

  test('session-under-security', () => {
    expect(limits('counter: a, window: day, max: 5, scope: session')).toEqual([
      'limits/0/scope session-under-security',
    ]);
    expect(limits('counter: a, window: hour, max: 2, scope: session', 'counter: b, window: day, max: 20')).toEqual([]);
    const count = (of: string): readonly string[] =>
      pay(`deny_if: [{conditions: [{path: '${of}.calls["read_secret"]', op: gt, value: 0, within: 1h}]}]`);
    expect(count('session')).toEqual(['deny_if/0/conditions/0/path session-under-security']);
    expect(count('grant')).toEqual([]);
  });

  test('per-spelled: another spelling of the value is another counter', () => {
    const each = 'limits: [{counter: c, window: day, max: 5, per: args.to}]';
    const required = (condition: string): readonly string[] => pay(`${each}, require: [{conditions: [${condition}]}]`);
    const spelled = ['limits/0/per per-spelled'];
    expect(pay(each)).toEqual(spelled);
    expect(pay(`${each}, validate: "off"`)).toEqual(spelled);
    expect(pay(`${each}, deny_if: [{conditions: [{not: {path: args.to, op: type, value: string}}]}]`)).toEqual(spelled);
    expect(required('{path: args.from, op: type, value: string}')).toEqual(spelled);
    expect(required('{path: args.to, op: exists, value: true}')).toEqual(spelled);
    expect(required('{not: {path: args.to, op: eq, value: alice}}')).toEqual(spelled);
    expect(
      required('{any: [{path: args.to, op: type, value: string}, {path: args.vip, op: eq, value: "yes"}]}'),
    ).toEqual(spelled);
    expect(told(`all_tools: {${each}}\ntools: {pay: {validate: schema}}`)).toEqual([
      '/all_tools/limits/0/per per-spelled',
    ]);
    expect(told(`prompts: {greet: {${each}}}`)).toEqual(['/prompts/greet/limits/0/per per-spelled']);
    const [warning] = warned(`tools: {pay: {${each}}}`);
    expect(warning?.message).toContain('{"path": "args.to", "op": "type", …}');
  });

  test('per-spelled: but not where the type is settled, nor where the agent does not choose the value', () => {
    const each = 'limits: [{counter: c, window: day, max: 5, per: args.to}]';
    const required = (condition: string): readonly string[] => pay(`${each}, require: [{conditions: [${condition}]}]`);
    expect(pay(`${each}, validate: schema`)).toEqual([]);
    expect(pay(`${each}, validate: strict`)).toEqual([]);
    expect(told(`all_tools: {validate: schema}\ntools: {pay: {${each}}}`)).toEqual([]);
    expect(required('{path: args.to, op: type, value: string}')).toEqual([]);
    expect(required('{path: args.to, op: in, value: [a, b]}')).toEqual([]);
    expect(required('{path: args.to, op: lt, value: 5}')).toEqual([]);
    expect(required('{path: "args[\\"to\\"]", op: email_domain_in, value: [example.com]}')).toEqual([]);
    const forAll = 'all_tools: {require: [{conditions: [{path: args.to, op: type, value: string}]}]}';
    expect(told(`${forAll}\ntools: {pay: {${each}}}`)).toEqual([]);
    expect(pay(each.replace('args.to', 'grant.labels.team'))).toEqual([]);
    expect(pay(each.replace('args.to', 'tool.name'))).toEqual([]);
    expect(told(`resources: {"file:///*": {${each.replace('args.to', 'args.uri')}}}`)).toEqual([]);
  });

  test('shared-counter', () => {
    const two = (one: string, other: string): readonly string[] => told(`tools: {pay: {${one}}, refund: {${other}}}`);
    const limit = (counter: string, max: number): string => `limits: [{counter: ${counter}, window: day, max: ${max}}]`;
    expect(two(limit('money', 10), limit('money', 20))).toEqual(['/tools/refund/limits/0/counter shared-counter']);
    expect(two(limit('money', 10), limit('money', 10))).toEqual([]);
    expect(two(limit('calls', 10), limit('calls', 10))).toEqual(['/tools/refund/limits/0/counter shared-counter']);
    expect(two(limit('pay_rate', 10), limit('pay_rate', 10))).toEqual([
      '/tools/refund/limits/0/counter shared-counter',
    ]);
    expect(two('rate_limit: {max: 10, window: day}', limit('pay_rate', 10))).toEqual([
      '/tools/refund/limits/0/counter shared-counter',
    ]);
    expect(two('rate_limit: {max: 10, window: day}', 'rate_limit: {max: 20, window: day}')).toEqual([]);
  });

  test('shared-counter tells the limit that differs, with the numbers that stand there', () => {
    const limit = (max: number, more = ''): string => `{counter: sh, window: minute, max: ${max}${more}}`;
    const shared = (one: string, other: string): readonly string[] =>
      warned(`tools: {d2: {limits: [${one}]}, d3: {limits: [${other}]}}`)
        .filter(({ code }) => code === 'shared-counter')
        .map(({ pointer, message }) => `${pointer} ${message}`);
    expect(shared(`${limit(10)}, ${limit(20)}`, limit(10))).toEqual([]);
    expect(shared(limit(10), `${limit(10)}, ${limit(20)}`)).toEqual([
      expect.stringMatching(/^\/tools\/d3\/limits\/1\/counter .*whose max is 10 there and 20 here/),
    ]);
    expect(shared(limit(10), `${limit(20)}, ${limit(10)}`)).toEqual([
      expect.stringMatching(/^\/tools\/d3\/limits\/0\/counter .*whose max is 10 there and 20 here/),
    ]);
    expect(shared(limit(10), limit(20, ', when: [{path: args.x, op: eq, value: a}]'))).toEqual([]);
  });
});

describe('left-open', () => {
  test('a destructive or financial tool without limit or approval', () => {
    expect(told('tools: {pay: {}, list_orders: {}}', shop)).toEqual(['/tools/pay left-open']);
    expect(told('tools: {"*": {}}', shop)).toEqual(['/tools/* left-open']);
    expect(told('version: "1"\ndefault: allow', shop)).toEqual(['/default left-open']);
    expect(told('classes: {destructive: {}}')).toEqual(['/classes/destructive left-open']);
    const [warning] = warned('tools: {"*": {}}', shop);
    expect(warning?.message).toContain('"pay" (financial), "refund" (financial) are allowed');
  });

  test('but not one that is bounded, asked about, refused or hidden', () => {
    expect(told('tools: {pay: {rate_limit: {max: 5, window: day}}}', shop)).toEqual([]);
    expect(told('tools: {pay: {action: require_approval}}', shop)).toEqual([]);
    expect(told('tools: {pay: {approve_if: [{conditions: [{path: args.amount, op: gt, value: 9}]}]}}', shop)).toEqual(
      [],
    );
    expect(told('all_tools: {limits: [{counter: all, window: day, max: 5}]}\ntools: {pay: {}}', shop)).toEqual([]);
    expect(told('tools: {"*": {}, pay: {action: deny}, refund: {action: deny}}', shop)).toEqual([]);
    expect(told('hide: [pay, refund]\ntools: {"*": {}}', shop)).toEqual([]);
    expect(told('version: "1"\ndefault: allow', shop, 'baseline')).toEqual([]);
  });
});

describe('tests on letters', () => {
  test.each([
    ['args.url', 'regex', '^https://example\\.com'],
    ['args.url', 'starts_with', 'https://example.com'],
    ['args.webhookUrl', 'contains', 'example.com'],
    ['args.target["callback-url"]', 'ends_with', '.example.com'],
    ['args.url', 'starts_with', 'https://'],
    ['args.host', 'regex', '^(.*\\.)?example\\.com$'],
  ])('regex-on-host: %s %s %s', (path, op, value) => {
    expect(required(path, op, value)).toEqual(['regex-on-host']);
  });

  test.each([
    ['args.url', 'starts_with', 'https://example.com/'],
    ['args.url', 'regex', '^https://example\\.com/.*'],
    ['args.url', 'regex', '^/api/v[0-9]+$'],
    ['args.url', 'ends_with', '.json'],
    ['args.title', 'contains', 'example.com'],
    ['args.host', 'in', ['example.com']],
    ['args.url', 'url_host_in', ['example.com']],
  ])('but not: %s %s %s', (path, op, value) => {
    expect(required(path, op, value)).toEqual([]);
  });

  test.each([
    ['args.path', 'starts_with', '/data'],
    ['args.file_path', 'regex', '^/data/.*'],
    ['args.outputDir', 'starts_with', 'C:\\data'],
    ['args.files[*]', 'starts_with', '/data/'],
  ])('regex-on-path: %s %s %s', (path, op, value) => {
    expect(required(path, op, value)).toEqual(['regex-on-path']);
  });

  test.each([
    ['args.path', 'regex', '^/srv/app/.*', '/srv/app'],
    ['args.path', 'regex', '^/srv/app$', '/srv/app'],
    ['args.path', 'regex', '^\\/home\\/me(\\/|$)', '/home/me'],
    ['args.path', 'regex', '^/var/v1\\.2/[a-z]+$', '/var/v1.2'],
    ['args.path', 'regex', '^/var/log.*', '/var/log'],
    ['args.path', 'regex', '^/var/logs?/', '/var'],
    ['args.path', 'regex', '^/(?:srv|opt)/', '/data'],
    ['args.path', 'starts_with', '/srv/app/', '/srv/app'],
    ['args.path', 'contains', '..', '/data'],
  ])('regex-on-path offers the folder that is meant: %s %s %s', (path, op, value, folder) => {
    const [warning] = warned(
      `tools: {pay: {require: [{conditions: [${JSON.stringify({ path, op, value })}]}]}}`,
    ).filter(({ code }) => code === 'regex-on-path');
    expect(warning?.message).toContain(`write {"op": "path_within", "value": ["${folder}"]}`);
    expect(warning?.message).toContain(`"${folder}/../etc"`);
  });

  test.each([
    ['regex', 'file://', '"url_scheme_in", "value": ["file"]'],
    ['starts_with', 'git+ssh://', '"url_scheme_in", "value": ["git+ssh"]'],
    ['not_regex', '^file:', 'write {"not": {"path": "args.uri", "op": "url_scheme_in", "value": ["file"]}}'],
    ['regex', '^https?://', '"url_scheme_in", "value": ["https"]'],
  ])('a test on the scheme of a URL is for url_scheme_in: %s %s', (op, value, remedy) => {
    const [warning] = warned(
      `tools: {pay: {require: [{conditions: [${JSON.stringify({ path: 'args.uri', op, value })}]}]}}`,
    );
    expect(warning?.code).toBe('regex-on-host');
    expect(warning?.message).toContain(remedy);
  });

  test('a regex written with slashes around it, as in JavaScript, matches nothing', () => {
    expect(required('args.name', 'regex', '/^a$/i')).toEqual(['never-matches']);
    expect(required('args.name', 'not_regex', '/^a/')).toEqual(['always-matches']);
    const [warning] = warned('tools: {pay: {require: [{conditions: [{path: args.n, op: regex, value: "/^a$/i"}]}]}}');
    expect(warning?.pointer).toBe('/tools/pay/require/0/conditions/0/value');
    expect(warning?.message).toContain('no slashes around it');
    expect(warning?.message).toContain('"ignore_case": true');
    expect(required('args.name', 'regex', '^/a/$')).toEqual([]);
    expect(required('args.name', 'regex', '^(?:/api/|/)$')).toEqual([]);
  });

  test('guards against .. are a case for path_within too; endings are not', () => {
    expect(pay('deny_if: [{conditions: [{path: args.path, op: contains, value: ".."}]}]')).toEqual([
      'deny_if/0/conditions/0/op regex-on-path',
    ]);
    expect(required('args.path', 'ends_with', '.txt')).toEqual([]);
    expect(required('args.path', 'path_within', ['/data'])).toEqual([]);
    expect(required('args.title', 'starts_with', '/data')).toEqual([]);
  });

  test('unanchored-regex', () => {
    expect(required('args.name', 'regex', '[a-z]+')).toEqual(['unanchored-regex']);
    expect(required('args.name', 'regex', '^prod|dev$')).toEqual(['unanchored-regex']);
    expect(required('args.name', 'regex', '^(?:prod|dev)$')).toEqual([]);
    expect(required('args.name', 'not_regex', 'secret')).toEqual([]);
    expect(pay('deny_if: [{conditions: [{path: args.name, op: regex, value: secret}]}]')).toEqual([]);
  });
});

describe('negations', () => {
  test('spelled-alike', () => {
    expect(required('args.level', 'neq', 5)).toEqual(['spelled-alike']);
    expect(required('args.force', 'not_in', [true])).toEqual(['spelled-alike']);
    expect(required('args.role', 'neq', 'admin')).toEqual([]);
    expect(required('args.force', 'not_in', [true, 'true'])).toEqual([]);
    expect(pay('validate: schema, require: [{conditions: [{path: args.level, op: neq, value: 5}]}]')).toEqual([]);
    expect(
      pay(
        'require: [{conditions: [{path: args.level, op: neq, value: 5}, {path: args.level, op: type, value: number}]}]',
      ),
    ).toEqual([]);
    expect(pay('require: [{conditions: [{not: {path: args.level, op: eq, value: 5}}]}]')).toEqual([
      'require/0/conditions/0/not spelled-alike',
    ]);
  });

  test('absent-passes', () => {
    const denied = (condition: string, more = ''): readonly string[] =>
      pay(`deny_if: [{conditions: [${condition}]}]${more}`);
    const neq = '{path: args.env, op: neq, value: dev}';
    expect(denied(neq)).toEqual(['deny_if/0/conditions/0/op absent-passes']);
    expect(denied('{path: grant.labels.env, op: not_in, value: [dev]}')).toEqual([
      'deny_if/0/conditions/0/op absent-passes',
    ]);
    expect(denied('{not: {path: args.env, op: eq, value: dev}}')).toEqual([]);
    expect(denied(neq, ', require: [{conditions: [{path: args.env, op: exists, value: true}]}]')).toEqual([]);
    expect(denied('{path: grant.name, op: neq, value: ci}')).toEqual([]);
    const amount = 'deny_if: [{conditions: [{path: args.amount, op: neq, value: 5}]}], action: require_approval';
    expect(pay(amount, shop)).toEqual(['deny_if/0/conditions/0/op absent-passes']);
    expect(pay(`${amount}, validate: schema`, shop)).toEqual([]);
  });
});

describe('what the input schema says', () => {
  const asked = (rules: string): readonly string[] => pay(`action: require_approval, ${rules}`, shop);
  const ofPay = (path: string, op: string, value: unknown, key = 'require'): readonly string[] =>
    asked(`${key}: [{conditions: [${JSON.stringify({ path, op, value })}]}]`).map((line) => line.replace(/^\S+ /, ''));

  test('no-such-argument', () => {
    expect(ofPay('args.amuont', 'lt', 5)).toEqual(['no-such-argument']);
    expect(ofPay('args.force', 'eq', 'x', 'deny_if')).toEqual(['no-such-argument']);
    expect(ofPay('args.force', 'exists', true, 'deny_if')).toEqual([]);
    expect(ofPay('args.amount', 'lt', 5)).toEqual([]);
    const refund = (path: string): readonly string[] =>
      told(
        `tools: {refund: {action: require_approval, require: [{conditions: [{path: ${path}, op: lt, value: 5}]}]}}`,
        shop,
      );
    expect(refund('args.amuont')).toEqual(['/tools/refund/require/0/conditions/0/path no-such-argument']);
    expect(refund('args.customer')).toEqual([]);
    const forAll =
      'all_tools: {deny_if: [{conditions: [{path: args.amount, op: gt, value: 5}]}], validate: "off"}\ntools: {list_orders: {}}';
    expect(told(forAll, shop)).toEqual([]);
  });

  test('value-outside-schema', () => {
    expect(ofPay('args.amount', 'eq', '5')).toEqual(['value-outside-schema']);
    expect(ofPay('args.amount', 'regex', '^5$')).toEqual(['value-outside-schema']);
    expect(ofPay('args.amount', 'lt', 1)).toEqual(['value-outside-schema']);
    expect(ofPay('args.amount', 'regex', '5', 'deny_if')).toEqual(['value-outside-schema']);
    expect(ofPay('args.currency', 'in', ['EUR', 'USB'])).toEqual(['value-outside-schema']);
    expect(ofPay('args.amount', 'lt', 0, 'deny_if')).toEqual([]);
    expect(ofPay('args.amount', 'type', 'string', 'deny_if')).toEqual([]);
    expect(ofPay('args.currency', 'in', ['EUR', 'USD'])).toEqual([]);
    expect(ofPay('args.note', 'regex', '^x$')).toEqual([]);
    const runs = (status: string): readonly string[] =>
      told(
        `tools: {flowforge_list_runs: {require: [{conditions: [{path: args.status, op: eq, value: ${status}}]}]}}`,
        flowforge,
      );
    expect(runs('complete')).toEqual(['/tools/flowforge_list_runs/require/0/conditions/0/value value-outside-schema']);
    expect(runs('completed')).toEqual([]);
  });

  test('limits by an argument that is not there, or is no number', () => {
    expect(asked('limits: [{counter: c, window: day, max: 5, amount: args.amuont}]')).toEqual([
      'limits/0/amount no-such-argument',
    ]);
    expect(asked('limits: [{counter: c, window: day, max: 5, amount: args.note}]')).toEqual([
      'limits/0/amount value-outside-schema',
    ]);
    expect(
      asked('validate: schema, limits: [{counter: c, window: day, max: 5, amount: args.amount, per: args.currency}]'),
    ).toEqual([]);
  });

  test('unreadable-schema', () => {
    expect(told('tools: {list_orders: {validate: schema}}', shop)).toEqual([
      '/tools/list_orders/validate unreadable-schema',
    ]);
    expect(asked('validate: strict')).toEqual([]);
    const remote = toolsFrom([{ name: 'a', inputSchema: { $ref: 'https://example.com/schema.json' } }]);
    expect(told('tools: {a: {validate: schema}}', remote)).toEqual(['/tools/a/validate unreadable-schema']);
  });
});

describe('the rest', () => {
  test('duplicate-id', () => {
    const ids = (one: string, other: string): readonly string[] =>
      pay(
        `deny_if: [{id: ${one}, conditions: [{path: args.a, op: eq, value: x}]}, {id: ${other}, conditions: [{path: args.b, op: eq, value: x}]}]`,
      );
    expect(ids('first', 'first')).toEqual(['deny_if/1/id duplicate-id']);
    expect(ids('first', 'second')).toEqual([]);
  });

  test('list-in-baseline', () => {
    expect(told('version: "1"\ndefault: allow\nlist: all', undefined, 'baseline')).toEqual(['/list list-in-baseline']);
    expect(told('version: "1"\ndefault: allow\nlist: all')).toEqual([]);
  });

  test('approval-nobody', () => {
    const approvals = (text: string): readonly string[] =>
      told(`tools: {pay: {action: require_approval}}\napprovals: {${text}}`);
    expect(approvals('count: 2, approvers: {owners: [alice]}')).toEqual(['/approvals/count approval-nobody']);
    expect(approvals('count: 2, approvers: {owners: [alice, bob]}')).toEqual([]);
    expect(approvals('count: 2, approvers: {owners: [alice], roles: [approver]}')).toEqual([]);
  });

  test('mode-overruled', () => {
    expect(told('mode: shadow\ntools: {pay: {mode: enforce}}')).toEqual(['/tools/pay/mode mode-overruled']);
    expect(told('mode: enforce\ntools: {pay: {mode: shadow}}')).toEqual([]);
  });
});
