import fc from 'fast-check';
import type { Json } from '../../src/wire/json.ts';
import { number, scalar, text, value } from './arbitrary-value.ts';
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

const aboutArguments: fc.Arbitrary<object> = fc.oneof(
  condition(argument, ['eq', 'neq'], value),
  condition(argument, ['in', 'not_in'], fc.array(value, { minLength: 1, maxLength: 3 })),
  condition(argument, ['lt', 'lte', 'gt', 'gte'], number),
  condition(argument, ['exists'], fc.boolean()),
  condition(argument, ['eq'], fc.constant(null)),
  condition(argument, ['in'], fc.constant([null, 5])),
  condition(argument, ['regex'], pattern, fc.boolean()),
  condition(argument, ['contains'], scalar),
  condition(argument, ['contains'], text),
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

const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York');
const aboutTime: fc.Arbitrary<object> = fc.oneof(
  zoned(condition(fc.constant('time.hour'), ['lt', 'lte', 'gt', 'gte', 'eq', 'neq'], fc.integer({ min: 0, max: 23 }))),
  zoned(condition(fc.constant('time.weekday'), ['in', 'not_in'], fc.constant(['saturday', 'sunday', 'monday']))),
  zoned(condition(fc.constant('time.date'), ['eq', 'neq'], fc.constantFrom('2026-03-29', '2026-12-31'))),
  zoned(condition(fc.constant('time.date'), ['regex'], fc.constantFrom('^2026-', '-31$'))),
);

const aboutClient: fc.Arbitrary<object> = fc.oneof(
  condition(fc.constantFrom('client.name', 'client.version'), ['eq', 'neq'], fc.constantFrom('cursor', '1.0')),
  condition(fc.constantFrom('client.name', 'client.version'), ['exists'], fc.boolean()),
);

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

/** One test of one path. What the client says of itself may not be required. */
export function leaf(side: Side): fc.Arbitrary<object> {
  const honest = [
    { weight: 12, arbitrary: aboutArguments },
    { weight: 2, arbitrary: aboutCall },
    { weight: 1, arbitrary: aboutTime },
  ];
  return fc.oneof(...honest, ...(side === 'deny_if' ? [{ weight: 1, arbitrary: aboutClient }] : []));
}

/** A condition, nested in `all`, `any` and `not` up to three deep. */
export function conditions(side: Side, leaves: fc.Arbitrary<object> = leaf(side)): fc.Arbitrary<object> {
  return fc.letrec<{ tree: object; leaf: object }>((tie) => ({
    leaf: leaves,
    tree: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 4, arbitrary: tie('leaf') },
      { weight: 1, arbitrary: fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ not: tie('tree') }) },
    ),
  })).tree;
}
