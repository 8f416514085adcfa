import fc from 'fast-check';
import type { Observation } from '../../src/policy/suggest/observation.ts';
import { type Json, objectOf } from '../../src/wire/json.ts';

const START = Date.UTC(2026, 10, 14);

/** What agents write, odd letters among it. */
const TEXT = fc.oneof(
  fc.constantFrom(
    'GET',
    'HEAD',
    'flow-1',
    'flow-22',
    'acc_0017',
    '2026-11-21',
    '',
    'true',
    '5',
    '*/ // \u2028\n"',
    'SELECT 1; --',
  ),
  fc.constantFrom('/srv/data/a.txt', '/srv/data/b/c.txt', '/srv/../etc/passwd', '/', 'C:\\work\\x', '//host/share'),
  fc.constantFrom(
    'https://api.example.com/a',
    'https://www.example.com/b?c',
    'http://[::1]/',
    'https://u:p@example.com/',
    'file:///x',
  ),
  fc.constantFrom('bob@example.com', 'eve@example.org', '"x y"@example.com'),
  fc.uuid(),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const NUMBER = fc.oneof(
  fc.integer({ min: -20, max: 2_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 0.1, 1e21, Number.MAX_VALUE, 5e-324),
);
const NAME = fc.oneof(
  fc.constantFrom(
    'path',
    'url',
    'flow_id',
    'amount',
    'Amount',
    'method',
    'items',
    'password',
    '__proto__',
    'a b',
    'x.y',
    '0',
  ),
  fc.string({ minLength: 1, maxLength: 4 }),
);
const LEAF = fc.oneof(TEXT, NUMBER, fc.boolean(), fc.constant(null));

const { value: VALUE } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: LEAF },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.tuple(NAME, tie('value')), { maxLength: 3 }).map(objectOf) },
  ),
}));

/** What calls of one tool are like: the values that each of its arguments takes. */
const HABIT = fc.record({
  name: fc.constantFrom('pay', 'read_file', 'replay_flow', 'constructor', 'a/b~c'),
  arguments: fc.uniqueArray(fc.tuple(NAME, fc.array(VALUE, { minLength: 1, maxLength: 12 })), {
    maxLength: 5,
    selector: ([name]) => name,
  }),
  riskClass: fc.constantFrom('read', 'destructive', 'financial', 'unknown'),
});

const CALL = fc.record({
  pick: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
  wait: fc.oneof(fc.nat(1_000), fc.nat(100_000), fc.nat(40_000_000)),
  grant: fc.constantFrom('alice', 'bob'),
  state: fc.constantFrom('plain', 'plain', 'plain', 'approved', 'later', 'hidden', 'shadowed'),
});

/** Calls of some tools that passed, in the order of time, as a log tells them. */
export const OBSERVATIONS: fc.Arbitrary<readonly Observation[]> = fc
  .tuple(
    fc.uniqueArray(HABIT, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
    fc.array(CALL, { minLength: 1, maxLength: 40 }),
  )
  .map(([habits, calls]) => {
    let at = START;
    return calls.flatMap(({ pick, wait, grant, state }, index) => {
      at += wait;
      const [first = 0, ...picks] = pick;
      const habit = habits[first % habits.length];
      if (habit === undefined) return [];
      const args = habit.arguments.flatMap(([name, values], place): [string, Json][] => {
        const chosen = picks[place] ?? 0;
        // Some are left out now and then.
        return chosen % 7 === 0 && place % 2 === 1 ? [] : [[name, values[chosen % values.length] ?? null]];
      });
      const hidden = new Map(
        state === 'hidden' ? [[`/${args[0]?.[0].replaceAll('~', '~0').replaceAll('/', '~1') ?? ''}`, undefined]] : [],
      );
      return [
        {
          id: `r${index}`,
          server: 's',
          grant,
          owner: grant,
          session: 'one',
          kind: 'tool' as const,
          method: 'tools/call',
          name: habit.name,
          class: habit.riskClass,
          at,
          tick: at,
          args: objectOf(args),
          hidden: args.length === 0 ? new Map() : hidden,
          isCounted: state !== 'later',
          isApproved: state === 'approved',
          isShadowed: state === 'shadowed',
        } satisfies Observation,
      ];
    });
  });
