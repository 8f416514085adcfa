import fc from 'fast-check';
import { conditions } from './arbitrary-condition.ts';

/** Each counter keeps one window, scope, amount, `per` and reset, however they are spelled. */
const COUNTERS: readonly {
  readonly counter: string;
  readonly windows: readonly [string | number, ...(string | number)[]];
  readonly scopes: readonly [string | undefined, ...(string | undefined)[]];
  readonly fixed?: object;
}[] = [
  { counter: 'calls', windows: ['minute', 60, '60s', '1m'], scopes: ['grant', undefined], fixed: { reset: 'sliding' } },
  { counter: 'bursts', windows: ['second', 1, '1s'], scopes: ['session'] },
  { counter: 'days', windows: ['day', '24h', 86_400], scopes: ['server'] },
  { counter: 'all', windows: ['month', '31d'], scopes: ['global'] },
  { counter: 'weeks', windows: ['week', '7d'], scopes: [undefined] },
  { counter: 'team', windows: ['hour', 3600], scopes: ['owner'] },
  { counter: 'spent', windows: ['day'], scopes: ['grant', undefined], fixed: { amount: 'args.n' } },
  { counter: 'accounts', windows: ['hour'], scopes: ['server'], fixed: { per: 'args.account' } },
  { counter: 'spent_each', windows: ['1h'], scopes: ['owner'], fixed: { amount: 'args.n', per: 'args.account' } },
  { counter: 'odd_sum', windows: ['day'], scopes: ['grant'], fixed: { amount: 'args.point.x', per: 'args.a' } },
  { counter: 'months', windows: ['month'], scopes: ['grant'], fixed: { reset: 'calendar' } },
  {
    counter: 'our_weeks',
    windows: ['week'],
    scopes: ['global'],
    fixed: { reset: 'calendar', timezone: 'Asia/Kolkata' },
  },
  {
    counter: 'our_days',
    windows: ['day'],
    scopes: ['owner'],
    fixed: { reset: 'calendar', timezone: 'Europe/Berlin', per: 'args.account' },
  },
  { counter: 'hours', windows: ['hour'], scopes: ['session'], fixed: { reset: 'calendar', amount: 'args.n' } },
  { counter: 'minutes', windows: ['minute'], scopes: [undefined], fixed: { reset: 'calendar', timezone: 'UTC' } },
];

const max = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 0.5) },
  { weight: 14, arbitrary: fc.constantFrom(1, 3, 10, 1000) },
);

export const limit: fc.Arbitrary<object> = fc.constantFrom(...COUNTERS).chain(({ counter, windows, scopes, fixed }) =>
  fc
    .record(
      {
        counter: fc.constant(counter),
        window: fc.constantFrom<string | number>(...windows),
        scope: fc.constantFrom<string | undefined>(...scopes),
        max: fixed !== undefined && 'amount' in fixed ? max : max.map(Math.floor),
        id: fc.constantFrom('first', 'second', undefined),
        reason: fc.constantFrom('slow down', undefined),
        on_exceed: fc.constantFrom('deny', 'require_approval'),
        when: fc.array(conditions('when'), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['counter', 'window', 'scope', 'max', 'id', 'reason'] },
    )
    .map((made) => ({ ...made, ...fixed })),
);

export const rateLimit: fc.Arbitrary<object> = fc.record({
  max: max.map(Math.floor),
  window: fc.constantFrom<string | number>('minute', 60, '15m'),
  scope: fc.constantFrom('grant', 'server', 'owner', undefined),
});
