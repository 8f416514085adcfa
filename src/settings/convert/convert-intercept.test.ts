import { describe, expect, test } from 'vitest';
import { warningsOf } from '../../policy/check/warnings.ts';
import { compilePolicy } from '../../policy/compile.ts';
import { readYamlSource } from '../yaml-source.ts';
import { convertIntercept } from './convert-intercept.ts';

function convert(yaml: string) {
  const read = readYamlSource(yaml);
  if (read.kind === 'fault') throw new Error(read.reason);
  return convertIntercept(read.value);
}

function document(yaml: string): unknown {
  const converted = convert(yaml);
  if (converted.kind === 'problems') throw new Error(JSON.stringify(converted.problems));
  return JSON.parse(JSON.stringify(converted.document));
}

/** What the rules of one tool become. */
function rulesOf(yaml: string): unknown {
  return document(`version: "1"\ntools:\n  pay:\n    rules:\n${indented(yaml)}`);
}

function entry(rules: Record<string, unknown>): unknown {
  return { version: '1', default: 'allow', list: 'all', tools: { pay: rules } };
}

function problems(yaml: string): readonly string[] {
  const converted = convert(yaml);
  if (converted.kind === 'policy') throw new Error('it was converted');
  return converted.problems.map(({ pointer, message }) => `${pointer} ${message}`);
}

function ruleProblems(yaml: string): readonly string[] {
  return problems(`version: "1"\ntools:\n  pay:\n    rules:\n${indented(yaml)}`);
}

function topics(yaml: string): readonly string[] {
  const converted = convert(`version: "1"\ntools:\n  pay:\n    rules:\n${indented(yaml)}`);
  if (converted.kind === 'problems') throw new Error(JSON.stringify(converted.problems));
  return converted.notes.map(({ message }) => message);
}

function indented(yaml: string): string {
  return yaml
    .trim()
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('');
}

const condition = (text: string) => `- {name: r, conditions: [${text}]}`;

describe('the document', () => {
  test('without "default" Intercept allows, and lists what it would refuse', () => {
    expect(document('version: "1"\n')).toEqual({ version: '1', default: 'allow', list: 'all', tools: {} });
  });

  test('description, default and hide stay what they are; a tool with nothing below it is listed', () => {
    const yaml =
      'version: "1"\ndescription: ours\ndefault: deny\nhide: [drop, "x y"]\ntools: {a: {rules: []}, b: , c: {}}\n';
    expect(document(yaml)).toEqual({
      version: '1',
      description: 'ours',
      default: 'deny',
      list: 'all',
      hide: ['drop', 'x y'],
      tools: { a: {}, b: {}, c: {} },
    });
  });

  test('the rules of "*" hold for every tool beside its own', () => {
    const yaml = 'version: "1"\ntools: {"*": {rules: [{name: stop, action: deny}]}, a: }\n';
    expect(document(yaml)).toMatchObject({
      all_tools: { deny_if: [{ id: 'stop', conditions: [], on_deny: 'Denied by rule "stop"' }] },
      tools: { a: {} },
    });
  });

  test('hiding everything stays hiding everything', () => {
    expect(document('version: "1"\nhide: ["*"]\n')).toMatchObject({ hide: ['*'] });
  });

  test('who refuses by default is told of resources, prompts and requests', () => {
    const converted = convert('version: "1"\ndefault: deny\n');
    expect(converted.kind === 'policy' && converted.notes).toEqual([
      { pointer: '/default', message: expect.stringContaining('resources, prompts') },
    ]);
  });

  test.each([
    ['version: 1', '/version Intercept policies have version: "1", in quotes'],
    ['tools: {}', ' Intercept policies have version: "1", in quotes'],
    ['version: "1"\ndefault: maybe', '/default must be allow or deny'],
    ['version: "1"\ndefault:', '/default must be allow or deny'],
    ['version: "1"\ndescription: 5', '/description must be a text; put it in quotes'],
    ['version: "1"\ntool: {}', '/tool unknown key "tool" — did you mean "tools"?'],
    ['version: "1"\nowner: me', '/owner unknown key "owner"; Intercept passes over it, so leave it out'],
    ['version: "1"\napprovals: {default_timeout: 1h}', '/approvals how Intercept asks people has no equal'],
    ['version: "1"\nhide: [a, a]', '/hide/1 "a" stands twice'],
    ['version: "1"\nhide: [" "]', '/hide/0 must be the name of a tool'],
    ['version: "1"\nhide: [5]', '/hide/0 must be the name of a tool; put it in quotes'],
    ['version: "1"\nhide: all', '/hide must be a list'],
    ['version: "1"\nhide: [admin_*]', '/hide/0 to Intercept "admin_*" is one tool'],
    ['version: "1"\ntools: {get_*: {}}', '/tools/get_* to Intercept "get_*" is one tool'],
    ['version: "1"\ntools: {_global: {}}', '/tools/_global Intercept keeps the counters of "*"'],
    ['version: "1"\ntools: {"<<": {}}', '/tools/<< merge keys are not read'],
    ['version: "1"\ntools: []', '/tools must be an object'],
    ['version: "1"\ntools: {a: {rule: []}}', '/tools/a/rule unknown key "rule" — did you mean "rules"?'],
    ['version: "1"\ntools: {a: {rules: {}}}', '/tools/a/rules must be a list'],
    ['just a text', ' must be an Intercept policy'],
  ])('%j is refused with the place', (yaml, expected) => {
    expect(problems(yaml)).toEqual([expect.stringContaining(expected)]);
  });

  test('all problems are told at once', () => {
    const yaml = 'version: "2"\nhide: [a*]\ntools: {a: {rules: [{nam: x, action: stop}, {name: y}]}}\n';
    expect(problems(yaml)).toHaveLength(6);
  });
});

describe('rules', () => {
  test('what must hold in Intercept is required, all of it, in the words of the author', () => {
    const yaml = `
- name: small
  conditions:
    - {path: args.amount, op: lte, value: 500}
    - {path: args.currency, op: in, value: [usd, eur]}
    - {path: args.to.iban, op: regex, value: "^DE"}
    - {path: args.note, op: exists, value: true}
  on_deny: Too much.`;
    expect(rulesOf(yaml)).toEqual(
      entry({
        require: [
          {
            id: 'small',
            conditions: [
              { path: 'args.amount', op: 'lte', value: 500 },
              { path: 'args.currency', op: 'in', value: ['usd', 'eur'] },
              { path: 'args.to.iban', op: 'regex', value: '^DE' },
              { path: 'args.note', op: 'exists', value: true },
            ],
            on_deny: 'Too much.',
          },
        ],
      }),
    );
    expect(topics(yaml)).toEqual([]);
  });

  test('a rule that denies denies every call', () => {
    const yaml = '- {name: never, action: deny, on_deny: Not by agents.}';
    expect(rulesOf(yaml)).toEqual(entry({ deny_if: [{ id: 'never', conditions: [], on_deny: 'Not by agents.' }] }));
  });

  test('rate limits begin anew with the clock, and count everyone together', () => {
    const yaml = '- {name: slow, rate_limit: 5/hour}\n- {name: slower, rate_limit: 20/day, on_deny: Enough.}';
    const same = { reset: 'calendar', scope: 'global' };
    expect(rulesOf(yaml)).toEqual(
      entry({
        limits: [
          {
            ...same,
            id: 'slow',
            counter: 'pay._rate_hour',
            window: 'hour',
            max: 5,
            reason: 'Rate limit of 5 per hour reached. Try again later.',
          },
          { ...same, id: 'slower', counter: 'pay._rate_day', window: 'day', max: 20, reason: 'Enough.' },
        ],
      }),
    );
    expect(topics(yaml)).toEqual([
      expect.stringContaining('"scope": "global"'),
      expect.stringContaining('answers with an error'),
    ]);
  });

  test('counters of "*" bear the name that Intercept gives them', () => {
    const yaml = 'version: "1"\ntools: {"*": {rules: [{name: all, rate_limit: 60/minute}]}}\n';
    expect(document(yaml)).toMatchObject({ all_tools: { limits: [{ counter: '_global._rate_minute', max: 60 }] } });
  });

  test('a daily sum is a limit by amount; what else the rule demands is required', () => {
    const yaml = `
- name: sum
  conditions:
    - {path: args.currency, op: eq, value: usd}
    - {path: state.pay.spent, op: lte, value: 1000}
  state: {counter: spent, window: day, increment_from: args.total amount}`;
    expect(rulesOf(yaml)).toEqual(
      entry({
        require: [
          {
            id: 'sum',
            conditions: [{ path: 'args.currency', op: 'eq', value: 'usd' }],
            on_deny: 'Denied by rule "sum"',
          },
        ],
        limits: [
          {
            id: 'sum-2',
            counter: 'pay.spent',
            window: 'day',
            reset: 'calendar',
            max: 1000,
            amount: 'args["total amount"]',
            scope: 'global',
            reason: 'Rate limit exceeded for sum',
          },
        ],
      }),
    );
    expect(topics(yaml)).toContainEqual(expect.stringContaining('fractions'));
  });

  test.each([
    ['lte', '10', '', 10],
    ['lt', '10', '', 9],
    ['lte', '10.9', '', 10],
    ['lt', '10.9', '', 9],
    ['lte', '10', ', increment: 3', 3],
    ['lte', '10', ', increment: 0', 10],
    ['lt', '1', '', 0],
  ])('a counter that stands %s %s%s lets as many calls pass as before', (op, bound, step, max) => {
    const yaml = `- {name: r, conditions: [{path: state.pay.n, op: ${op}, value: ${bound}}], state: {counter: n, window: hour${step}}}`;
    expect(rulesOf(yaml)).toMatchObject(entry({ limits: [{ max }] }) as object);
  });

  test('a person is asked when the conditions of an approval hold, and always where it has none', () => {
    const yaml = `
- {name: all, action: require_approval, on_deny: Ask first.}
- {name: large, action: require_approval, conditions: [{path: args.amount, op: gt, value: 100}, {path: args.to, op: neq, value: me}]}`;
    expect(rulesOf(yaml)).toEqual(
      entry({
        approve_if: [
          { id: 'all', conditions: [], on_deny: 'Ask first.' },
          {
            id: 'large',
            conditions: [
              { path: 'args.amount', op: 'gt', value: 100 },
              {
                any: [
                  { path: 'args.to', op: 'neq', value: 'me' },
                  { path: 'args.to', op: 'type', value: 'null' },
                ],
              },
            ],
          },
        ],
      }),
    );
  });

  test.each([
    ['- {action: deny}', '/0 "name" is missing'],
    ['- {name: 5, action: deny}', '/0/name must be a text; put it in quotes'],
    ['- ', '/0 holds nothing'],
    ['- text', '/0 must be an object'],
    ['- {name: r}', '/0 has no conditions'],
    ['- {name: r, action: allow}', '/0/action unknown action "allow"; it is one of evaluate, deny'],
    ['- {name: r, action: dney}', '/0/action unknown action "dney" — did you mean "deny"?'],
    ['- {name: r, action: deny, on_denny: x}', '/0/on_denny unknown key "on_denny" — did you mean "on_deny"?'],
    [
      '- {name: r, action: deny, conditions: [{path: args.x, op: exists, value: true}]}',
      '/0/conditions a rule that denies',
    ],
    ['- {name: r, action: deny, rate_limit: 5/hour}', '/0/rate_limit does not go with "action": "deny"'],
    ['- {name: r, action: deny, state: {counter: n, window: day}}', '/0/state does not go with "action": "deny"'],
    ['- {name: r, action: require_approval, rate_limit: 5/hour}', '/0/rate_limit does not go with'],
    ['- {name: r, action: require_approval, approval_timeout: 1h}', '/0/approval_timeout here questions of one policy'],
    ['- {name: r, rate_limit: 5/week}', '/0/rate_limit the window must be minute, hour or day'],
    ['- {name: r, rate_limit: 0/hour}', '/0/rate_limit "0/hour" is not a count above 0 and a window'],
    ['- {name: r, rate_limit: often}', '/0/rate_limit "often" is not a count'],
    ['- {name: r, rate_limit: 5}', '/0/rate_limit must be a text'],
    [
      '- {name: r, rate_limit: 5/hour, conditions: [{path: args.x, op: exists, value: true}]}',
      '/0/rate_limit stands with neither "conditions" nor "state"',
    ],
    ['- {name: r, rate_limit: 5/hour}\n- {name: s, rate_limit: 6/hour}', '/1/rate_limit the counter "pay._rate_hour"'],
  ])('%s is refused', (yaml, expected) => {
    expect(ruleProblems(yaml)).toEqual(
      expect.arrayContaining([expect.stringContaining(`/tools/pay/rules${expected}`)]),
    );
  });
});

describe('counters that have no equal', () => {
  const state = 'state: {counter: n, window: hour}';
  test.each([
    [`- {name: r, conditions: [{path: state.pay.n, op: eq, value: 5}], ${state}}`, 'conditions/0/op eq on a counter'],
    [`- {name: r, conditions: [{path: state.pay.n, op: exists, value: true}], ${state}}`, 'exists on a counter'],
    [`- {name: r, conditions: [{path: state.pay.m, op: lt, value: 5}], ${state}}`, 'reading "state.pay.m" without'],
    ['- {name: r, conditions: [{path: state.other.n, op: lt, value: 5}]}', 'reading "state.other.n" without'],
    [`- {name: r, conditions: [{path: args.x, op: lt, value: 5}], ${state}}`, '/state no lt or lte condition'],
    [
      `- {name: r, conditions: [{path: state.pay.n, op: lt, value: 5}, {path: state.pay.n, op: lte, value: 9}], ${state}}`,
      'counts by the first',
    ],
    [`- {name: r, conditions: [{path: state.pay.n, op: lt, value: 0}], ${state}}`, 'no call can keep this limit'],
    [
      '- {name: r, action: require_approval, conditions: [{path: state.pay.n, op: gt, value: 5}]}',
      'when a counter stands',
    ],
    ['- {name: r, conditions: [{path: state.pay.n, op: lt, value: 5}], state: {window: hour}}', '"counter" must name'],
    [
      '- {name: r, conditions: [{path: state.pay.n, op: lt, value: 5}], state: {counter: n}}',
      '/state the window must be',
    ],
    [
      '- {name: r, conditions: [{path: state.pay.n, op: lt, value: 5}], state: {counter: n, window: day, increment: -1}}',
      '/state/increment a counter that goes down',
    ],
    [
      '- {name: r, conditions: [{path: state.pay.n, op: lt, value: 5}], state: {counter: n, window: day, increment_from: amount}}',
      '/state/increment_from must be the path of an argument',
    ],
    [
      '- {name: r, conditions: [{path: state.pay.n, op: lt, value: 5}], state: {counter: n, window: day, per: x}}',
      '/state/per unknown key "per"',
    ],
  ])('%s', (yaml, expected) => {
    expect(ruleProblems(yaml)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });

  test('two counters that Intercept would mix up are not mixed up', () => {
    const rule = (tool: string, counter: string) =>
      `{name: r, conditions: [{path: state.${tool}.${counter}, op: lt, value: 5}], state: {counter: ${counter}, window: day}}`;
    const yaml = `version: "1"\ntools: {a.b: {rules: [${rule('a.b', 'c')}]}, a: {rules: [${rule('a', 'b.c')}]}}`;
    expect(problems(yaml)).toEqual([expect.stringContaining('the counter "a.b.c" stands at /tools/a.b/rules/0/state')]);
  });
});

describe('conditions', () => {
  test('where Intercept takes "5" for 5, what is not to be 5 is not to be "5" either', () => {
    const yaml = condition('{path: args.x, op: neq, value: 5}, {path: args.y, op: not_in, value: [a, "7"]}');
    expect(rulesOf(yaml)).toEqual(
      entry({
        deny_if: [
          { id: 'r', conditions: [{ path: 'args.x', op: 'eq', value: 5 }], on_deny: 'Denied by rule "r"' },
          { id: 'r-2', conditions: [{ path: 'args.y', op: 'in', value: ['a', '7'] }], on_deny: 'Denied by rule "r"' },
        ],
        require: [
          {
            id: 'r-3',
            conditions: [
              { path: 'args.x', op: 'exists', value: true },
              { path: 'args.y', op: 'exists', value: true },
            ],
            on_deny: 'Denied by rule "r"',
          },
        ],
      }),
    );
  });

  test('what comes out of one rule, or of rules of one name, has ids of its own', () => {
    const rule = (name: string, value: string) =>
      `{name: ${name}, conditions: [{path: args.x, op: neq, value: ${value}}]}`;
    const rules = [rule('r', '"5"'), rule('r-2', '"6"'), rule('r', 'a')];
    const converted = convert(`version: "1"\ntools: {t: {rules: [${rules.join(', ')}]}}`);
    if (converted.kind === 'problems') return expect.unreachable();
    const ids = JSON.stringify(converted.document).match(/(?<="id":")[^"]+/g);
    expect(ids).toEqual(['r', 'r-2', 'r-3', 'r-2-2', 'r-4']);
    const compiled = compilePolicy(converted.document, 'policy');
    if (compiled.kind === 'problems') return expect.unreachable();
    expect(warningsOf(converted.document, compiled.policy, undefined)).toEqual([]);
  });

  test('steps of a path are keys, whatever they look like', () => {
    const yaml = condition('{path: "args.items.0.unit price[*]", op: exists, value: true}');
    expect(rulesOf(yaml)).toMatchObject(
      entry({ require: [{ conditions: [{ path: 'args.items["0"]["unit price[*]"]' }] }] }) as object,
    );
  });

  test.each([
    ['{path: args.x, op: eq, value: 5}', 'Intercept lets "5" pass as well'],
    ['{path: args.x, op: contains, value: "5"}', 'Intercept lets "5" pass as well'],
    ['{path: args.x, op: neq, value: main}', 'null counts as absent'],
    ['{path: args.x.y, op: exists, value: false}', 'a path that leads through'],
  ])('%s comes out stricter, and that is told', (yaml, expected) => {
    expect(topics(condition(yaml))).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ['{op: eq, value: 5}', '/0 "path" is missing'],
    ['{path: x, op: eq, value: 5}', '/0/path the path "x" begins with neither'],
    ['{path: args.x, value: 5}', '/0 "op" is missing'],
    ['{path: args.x, op: equals, value: 5}', '/0/op unknown operator "equals"; it is one of eq'],
    ['{path: args.x, op: starts_with, value: a}', '/0/op unknown operator "starts_with"'],
    ['{path: args.x, op: eq}', '/0/value Intercept compares null by how it is printed'],
    ['{path: args.x, op: eq, value: [a]}', '/0/value Intercept compares a list'],
    ['{path: args.x, op: neq, value: {a: 1}}', '/0/value Intercept compares an object'],
    ['{path: args.x, op: neq, value: "[a]"}', '/0/value to Intercept "[a]" also equals a list'],
    ['{path: args.x, op: in, value: [a, "<nil>"]}', '/0/value/1 to Intercept "<nil>"'],
    ['{path: args.x, op: in, value: a}', '/0/value in needs a list'],
    ['{path: args.x, op: lt, value: "5"}', '/0/value lt needs a number'],
    ['{path: args.x, op: lt, value: 9007199254740992}', '/0/value the number 9007199254740992 is too large'],
    ['{path: args.x, op: exists, value: yes}', '/0/value exists needs true or false'],
    ['{path: args.x, op: regex, value: 5}', '/0/value regex needs a text'],
    ['{path: args.x, op: regex, value: "("}', '/0 not a regular expression in RE2 syntax'],
    ['{path: args.x, op: eq, value: a, ignore_case: true}', '/0/ignore_case unknown key'],
    ['null', '/0 holds nothing'],
  ])('%s is refused', (yaml, expected) => {
    expect(ruleProblems(condition(yaml))).toEqual([
      expect.stringContaining(`/tools/pay/rules/0/conditions${expected}`),
    ]);
  });
});
