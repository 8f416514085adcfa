import fc from 'fast-check';
import type { Json } from '../../src/wire/json.ts';
import { args, number, scalar, text, value } from './arbitrary-value.ts';
import type { Side } from './naive-value.ts';

/** Patterns that RE2 and JavaScript read alike. */
const pattern = fc.constantFrom(
  '^ab',
  'bc$',
  'a.c',
  '[0-9]+',
  '^(a|b|c)*$',
  '',
  '^$',
  'b',
  '^\\d+(\\.\\d)?$',
  'x{2,3}',
);

const argument = fc.constantFrom(
  'args.a',
  'args.b',
  'args["odd key"]',
  'args.point.x',
  'args.point["y"]',
  'args.point',
  'args.list',
  'args.list[0]',
  'args.list[*]',
  'args.points[*].x',
  'args.points[1].y',
  'args.points[*]',
  'args.matrix[*][*]',
  'args.matrix[0][*]',
  'args.matrix[*][0]',
  'args.a.deeper',
  'args.a[*]',
  'args.missing',
  'args.constructor',
);

/** A part of a text that is not empty: an empty one matches always, which may be an error. */
const part = fc.constantFrom('5', 'a', 'abc', 'B', 'tru', '/b');

export const aboutArguments: fc.Arbitrary<object> = fc.oneof(
  condition(argument, ['eq', 'neq'], value),
  condition(argument, ['in', 'not_in'], fc.array(value, { minLength: 1, maxLength: 3 })),
  condition(argument, ['lt', 'lte', 'gt', 'gte'], number),
  condition(argument, ['exists'], fc.boolean()),
  condition(argument, ['eq'], fc.constant(null)),
  condition(argument, ['in'], fc.constant([null, 5])),
  condition(argument, ['regex', 'not_regex'], pattern, fc.boolean()),
  condition(argument, ['contains', 'not_contains'], scalar),
  condition(argument, ['contains', 'not_contains'], text),
  condition(argument, ['starts_with', 'ends_with', 'contains', 'not_contains'], part, fc.boolean()),
  condition(argument, ['length_lt', 'length_lte', 'length_gt', 'length_gte'], fc.constantFrom(1, 2, 3)),
  condition(argument, ['type'], fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object', 'null')),
);

const whole = fc.constant('args');
const someArgs = args.map((given) => given as Json);
/** All arguments together. Few calls have the very same, so that what has few or many of them is asked for as well. */
const aboutAll: fc.Arbitrary<object> = fc.oneof(
  condition(whole, ['eq', 'neq'], someArgs),
  condition(
    whole,
    ['eq', 'neq'],
    fc.record({ n: fc.constantFrom<Json>(0, 1, '1'), account: fc.constantFrom<Json>(5, '5', 'a', true) }),
  ),
  condition(whole, ['in', 'not_in'], fc.array(someArgs, { minLength: 1, maxLength: 2 })),
  condition(whole, ['length_lt', 'length_lte', 'length_gt', 'length_gte'], fc.constantFrom(2, 3, 4, 8)),
  condition(whole, ['exists'], fc.boolean()),
  condition(whole, ['type'], fc.constantFrom('object', 'string')),
);

export const aboutTyped: fc.Arbitrary<object> = fc.oneof(
  condition(
    fc.constantFrom('args.url', 'args.urls[*]'),
    ['url_host_in'],
    some('example.com', '*.example.com', '10.0.0.5', 'evil.org'),
  ),
  condition(fc.constantFrom('args.url', 'args.urls[*]', 'args.missing'), ['url_scheme_in'], some('https', 'http')),
  condition(fc.constant('args.path'), ['path_within'], some('/srv/data', '/srv', '/etc')),
  condition(
    fc.constant('args.ip'),
    ['ip_in'],
    some('10.0.0.0/8', '192.168.1.0/24', '2001:db8::/32', '::1/128', '11.0.0.1/32'),
  ),
  condition(fc.constant('args.sql'), ['sql_only'], fc.constant({ kinds: ['select'], dialect: 'postgresql' })),
  condition(fc.constant('args.email'), ['email_domain_in'], some('example.com', 'other.org')),
);

const names = fc.constantFrom('get_a', 'flow_run', 'alice', 'al', 'laptop', 'dev', 'read', 'write');
const aboutCall: fc.Arbitrary<object> = fc.oneof(
  condition(
    fc.constantFrom('tool.name', 'grant.name', 'grant.owner', 'grant.labels.env', 'grant.labels["team"]'),
    ['eq', 'neq'],
    names,
  ),
  condition(
    fc.constantFrom('tool.name', 'grant.name', 'grant.labels.env'),
    ['in', 'not_in'],
    fc.array(names, { minLength: 1, maxLength: 3 }),
  ),
  condition(fc.constant('tool.class'), ['eq', 'neq'], fc.constantFrom('read', 'write', 'unknown')),
  condition(fc.constant('grant.labels.env'), ['exists'], fc.boolean()),
  condition(fc.constantFrom('tool.name', 'grant.owner'), ['regex', 'contains'], fc.constantFrom('a', 'flow', 'al')),
);

export const aboutGrant: fc.Arbitrary<object> = fc.oneof(
  condition(fc.constantFrom('grant.name', 'grant.owner', 'grant.labels.env'), ['eq', 'neq'], names),
  condition(fc.constant('grant.labels.env'), ['exists'], fc.boolean()),
);

const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York');
export const aboutTime: fc.Arbitrary<object> = fc.oneof(
  zoned(condition(fc.constant('time.hour'), ['lt', 'lte', 'gt', 'gte', 'eq', 'neq'], fc.integer({ min: 0, max: 23 }))),
  zoned(condition(fc.constant('time.weekday'), ['in', 'not_in'], fc.constant(['saturday', 'sunday', 'monday']))),
  zoned(condition(fc.constant('time.date'), ['eq', 'neq'], fc.constantFrom('2026-03-29', '2026-12-31'))),
  zoned(condition(fc.constant('time.date'), ['regex'], fc.constantFrom('^2026-', '-31$'))),
  zoned(
    condition(
      fc.constant('time.date'),
      ['lt', 'lte', 'gt', 'gte'],
      fc.constantFrom('2026-03-28', '2026-03-29', '2026-10-25', '2026-12-31', '2027-01-01'),
    ),
  ),
);

/** What the client and the server say of themselves. */
const hearsay: fc.Arbitrary<object> = fc.oneof(
  condition(fc.constantFrom('client.name', 'client.version'), ['eq', 'neq'], fc.constantFrom('cursor', '1.0')),
  condition(fc.constantFrom('client.name', 'client.version'), ['exists'], fc.boolean()),
  condition(fc.constant('client.name'), ['not_in', 'in'], fc.constant(['cursor', 'other'])),
  condition(fc.constant('client.name'), ['starts_with', 'not_contains', 'not_regex'], fc.constantFrom('cur', 'x')),
  condition(
    fc.constantFrom('tool.annotations.readOnlyHint', 'tool.annotations.destructiveHint'),
    ['eq', 'neq'],
    fc.boolean(),
  ),
  condition(fc.constantFrom('tool.annotations.title', 'tool.annotations.readOnlyHint'), ['exists'], fc.boolean()),
);

/** How many calls of a tool were let through. */
export const aboutCounts: fc.Arbitrary<object> = fc
  .tuple(
    condition(
      fc.constantFrom(
        'grant.calls["get_a"]',
        'grant.calls["flow_run"]',
        'session.calls["get_a"]',
        'session.calls["x"]',
      ),
      ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'],
      fc.constantFrom(0, 1, 3),
    ),
    fc.constantFrom<string | number>('1h', 'hour', 3600, 'day', '15m'),
  )
  .map(([leaf, within]) => ({ ...leaf, within }));

function some(...values: readonly [string, ...string[]]): fc.Arbitrary<Json> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
}

function condition(
  path: fc.Arbitrary<string>,
  ops: readonly [string, ...string[]],
  against: fc.Arbitrary<Json>,
  ignore_case?: fc.Arbitrary<boolean>,
): fc.Arbitrary<object> {
  const op = fc.constantFrom(...ops);
  const model = { path, op, value: against };
  return ignore_case
    ? fc.record({ ...model, ignore_case }, { requiredKeys: ['path', 'op', 'value'] })
    : fc.record(model);
}

function zoned(bare: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(bare, fc.option(zone)).map(([leaf, timezone]) => (timezone === null ? leaf : { ...leaf, timezone }));
}

/** One test of one path. What client and server say of themselves may not be required. */
export function leaf(side: Side): fc.Arbitrary<object> {
  const honest = [
    { weight: 12, arbitrary: aboutArguments },
    { weight: 4, arbitrary: aboutTyped },
    { weight: 1, arbitrary: aboutAll },
    { weight: 2, arbitrary: aboutCall },
    { weight: 1, arbitrary: aboutTime },
    { weight: 2, arbitrary: aboutCounts },
  ];
  return fc.oneof(...honest, ...(side === 'require' ? [] : [{ weight: 2, arbitrary: hearsay }]));
}
