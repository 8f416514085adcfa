import fc from 'fast-check';
import type { Obj } from '../kit/json-rpc.ts';
import type { ClientSays } from './law-12-ledger.ts';
import { FIRST_RULES, PEOPLE, type Rules } from './law-12-rules.ts';
import { type Mood, WAYS, type Way } from './law-12-scene.ts';
import type { Trouble } from './law-12-store.ts';

/** What is called: the same call may be written in two ways. */
export const ARGS: readonly Obj[] = [
  { n: 1 },
  { n: 2, to: 'x' },
  { to: 'x', n: 2 },
  { n: 3 },
  { n: 0 },
  { n: 1, to: 'x' },
];

export type Change =
  | { readonly of: 'asks'; readonly to: Rules['asks'] }
  | { readonly of: 'second' | 'elsewhere' }
  | { readonly of: 'denied'; readonly to: readonly number[] }
  | { readonly of: 'limit'; readonly to: Rules['limit'] }
  | { readonly of: 'approvals'; readonly to: Rules['approvals'] };

/** `at`: the process where it happens. `which`: of all that it can mean, counted from the latest. */
export type Step =
  | {
      readonly do: 'call';
      readonly at: number;
      readonly grant: number;
      readonly server: number;
      readonly tool: number;
      readonly args: number;
      readonly way: Way;
      readonly isTold: boolean;
    }
  | { readonly do: 'repeat'; readonly which: number; readonly at: number }
  | {
      readonly do: 'answer';
      readonly at: number;
      readonly which: number;
      readonly person: number;
      readonly said: 'approve' | 'deny' | 'edit';
      readonly args: number;
      /** Where several must agree: names what was looked at, as the page does. */
      readonly isNamed: boolean;
    }
  | { readonly do: 'client'; readonly which: number; readonly says: ClientSays }
  /** The client says yes to what it was not asked. */
  | { readonly do: 'forge'; readonly which: number; readonly how: 'update' | 'call'; readonly grant: number }
  /** Brings back the state that a server gave: with the call that it was given for, or with another. */
  | {
      readonly do: 'round';
      readonly which: number;
      readonly isInTask: boolean;
      readonly of: 'the call' | 'another call' | 'another grant';
    }
  | {
      readonly do: 'look' | 'call off';
      readonly which: number;
      readonly at: number;
      readonly grant: number;
      readonly isForm: boolean;
    }
  | { readonly do: 'vanish'; readonly which: number; readonly how: 'cancel' | 'abandon' | 'sleep' | 'wake' }
  | { readonly do: 'define'; readonly server: number; readonly tool: number; readonly isAccepted: boolean }
  | { readonly do: 'accept'; readonly server: number }
  | { readonly do: 'policy'; readonly change: Change }
  | { readonly do: 'grant' | 'owner'; readonly grant: number }
  /** Somebody is taken out of the configuration, or comes back. */
  | { readonly do: 'person'; readonly person: number }
  | { readonly do: 'wait' | 'wall'; readonly ms: number }
  | { readonly do: 'restart'; readonly at: number; readonly how: 'kill' | 'stop' }
  | { readonly do: 'trouble'; readonly at: number; readonly how: Trouble }
  | { readonly do: 'mood'; readonly to: Mood }
  | { readonly do: 'serve' }
  | { readonly do: 'sweep'; readonly at: number };

/** What is let happen after a step: all of it, nothing yet, or one thing of those that wait. */
export type Pace = 'calm' | 'hurry' | number;

export interface Story {
  readonly rules: Rules;
  readonly mood: Mood;
  readonly steps: readonly (readonly [Step, Pace])[];
}

const at = fc.constantFrom(0, 0, 1);
const some = fc.constantFrom(0, 0, 0, 1);
const which = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3, 5);
const args = fc.constantFrom(0, 0, 0, 1, 2, 3, 3, 4, 5);
const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const asks = one<Rules['asks']>('a', 'b', undefined);
const denied = one<readonly number[]>([], [], [1], [2, 3]);
const limit = one<Rules['limit']>(
  undefined,
  undefined,
  { max: 1, on_exceed: 'deny' },
  { max: 1, on_exceed: 'require_approval' },
  { max: 3, on_exceed: 'deny' },
);
const approvals = one<Rules['approvals']>('anyone', 'two', 'two', 'named');
const mood = one<Mood>('answers', 'answers', 'rounds', 'rounds', 'holds', 'unsent');

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ of: one('asks' as const), to: asks }),
  fc.record({ of: one('second' as const, 'elsewhere' as const, 'elsewhere' as const) }),
  fc.record({ of: one('denied' as const), to: denied }),
  fc.record({ of: one('limit' as const), to: limit }),
  fc.record({ of: one('approvals' as const), to: approvals }),
);

const call = fc.record({
  do: one('call' as const),
  at,
  grant: some,
  server: some,
  tool: some,
  args,
  way: one(...WAYS),
  isTold: fc.boolean(),
});
const repeat = fc.record({ do: one('repeat' as const), which, at });
const answer = fc.record({
  do: one('answer' as const),
  at,
  which,
  person: fc.nat(PEOPLE.length - 1),
  said: one('approve' as const, 'approve' as const, 'approve' as const, 'deny' as const, 'edit' as const),
  args,
  isNamed: fc.boolean(),
});
const yes = fc.record({
  do: one('answer' as const),
  at,
  which: fc.constant(0),
  // Somebody may whatever the policy says, and another may mostly.
  person: one(1, 2),
  said: one('approve' as const, 'approve' as const, 'approve' as const, 'edit' as const),
  args,
  isNamed: fc.boolean(),
});
const client = fc.record({
  do: one('client' as const),
  which,
  says: one<ClientSays>('tick', 'tick', 'tick', 'untick', 'accept', 'decline', 'cancel'),
});
const round = fc.record({
  do: one('round' as const),
  which,
  isInTask: one(false, false, true),
  of: one(
    'the call' as const,
    'the call' as const,
    'the call' as const,
    'another call' as const,
    'another grant' as const,
  ),
});
const vanish = fc.record({
  do: one('vanish' as const),
  which,
  how: one('cancel' as const, 'abandon' as const, 'sleep' as const, 'wake' as const),
});
const look = fc.record({ do: one('look' as const), which, at, grant: some, isForm: fc.boolean() });
const policy = fc.record({ do: one('policy' as const), change });
const define = fc.record({ do: one('define' as const), server: some, tool: some, isAccepted: one(true, true, false) });
const wait = fc.record({ do: one('wait' as const), ms: one(300, 300, 1_000, 6_000, 51_000, 119_000) });

const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>): { weight: number; arbitrary: fc.Arbitrary<Step> } => {
  return { weight, arbitrary };
};

const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(16, call),
  weighted(16, repeat),
  weighted(20, answer),
  weighted(8, client),
  weighted(6, round),
  weighted(
    2,
    fc.record({ do: one('forge' as const), which, how: one('update' as const, 'call' as const), grant: some }),
  ),
  weighted(8, look),
  weighted(1, fc.record({ do: one('call off' as const), which, at, grant: some, isForm: fc.boolean() })),
  weighted(4, vanish),
  weighted(2, define),
  weighted(1, fc.record({ do: one('accept' as const), server: some })),
  weighted(8, policy),
  weighted(1, fc.record({ do: one('grant' as const, 'owner' as const), grant: some })),
  weighted(1, fc.record({ do: one('person' as const), person: one(1, 2) })),
  weighted(8, wait),
  weighted(2, fc.record({ do: one('wall' as const), ms: one(-3_600_000, -60_000, 30_000, 130_000) })),
  weighted(2, fc.record({ do: one('restart' as const), at, how: one('kill' as const, 'stop' as const) })),
  weighted(2, fc.record({ do: one('trouble' as const), at, how: one<Trouble>('fail', 'lost') })),
  weighted(3, fc.record({ do: one('mood' as const), to: mood })),
  weighted(2, fc.constant({ do: 'serve' as const })),
  weighted(1, fc.record({ do: one('sweep' as const), at })),
);

const pace: fc.Arbitrary<Pace> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('calm' as const) },
  { weight: 2, arbitrary: fc.constant('hurry' as const) },
  { weight: 2, arbitrary: fc.nat(3) },
);

type Paced = readonly [Step, Pace];
const paced = (of: fc.Arbitrary<Step>): fc.Arbitrary<Paced> => fc.tuple(of, pace);
const maybe = (of: fc.Arbitrary<Step>): fc.Arbitrary<Paced | undefined> =>
  fc.option(paced(of), { nil: undefined, freq: 4 });

/** The same, seldom left out, and mostly left to come to its end. */
const mostly = (of: fc.Arbitrary<Step>): fc.Arbitrary<Paced | undefined> =>
  fc.option(
    fc.tuple(of, fc.oneof({ weight: 6, arbitrary: fc.constant('calm' as const) }, { weight: 1, arbitrary: pace })),
    {
      nil: undefined,
      freq: 9,
    },
  );

/** What mostly follows upon each other, with something in between: by chance alone little would ever be sent. */
const course: fc.Arbitrary<readonly Paced[]> = fc
  .tuple(
    paced(call),
    maybe(step),
    maybe(fc.oneof(yes, client)),
    maybe(fc.oneof(yes, step, wait)),
    maybe(fc.oneof(repeat, look, wait)),
    maybe(step),
    maybe(fc.oneof(round, repeat, look)),
    maybe(round),
  )
  .map((all) => all.filter((part) => part !== undefined));

const latest = fc.constant(0);

/** A call whose server wants another round, while things change: the state that it gave goes on with what was approved, or with nothing. */
const rounds: fc.Arbitrary<readonly Paced[]> = fc
  .tuple(
    mostly(fc.constant({ do: 'mood' as const, to: 'rounds' as const })),
    mostly(fc.oneof(call, fc.record({ do: one('repeat' as const), which: latest, at }))),
    mostly(yes),
    mostly(fc.oneof(fc.record({ do: one('repeat' as const), which: latest, at }), look)),
    mostly(
      fc.oneof(
        policy,
        fc.record({ do: one('policy' as const), change: fc.record({ of: one('asks' as const), to: asks }) }),
        define,
      ),
    ),
    mostly(fc.record({ do: one('repeat' as const), which: latest, at })),
    mostly(yes),
    mostly(round),
    maybe(fc.oneof(round, yes)),
    maybe(fc.oneof(round, repeat)),
  )
  .map((all) => all.filter((part) => part !== undefined));

/** A client that leaves at once. */
const fickle: fc.Arbitrary<readonly Paced[]> = fc.tuple(
  call.map((one): Paced => [one, 'hurry']),
  paced(vanish.map((one) => ({ ...one, which: 0 }))),
);

const alone: fc.Arbitrary<readonly Paced[]> = paced(step).map((only) => [only]);

export const story: fc.Arbitrary<Story> = fc.record({
  rules: fc
    .record({
      asks: one<Rules['asks']>('a', 'a', 'b'),
      limit,
      approvals: fc.oneof(one<Rules['approvals']>('anyone'), approvals),
    })
    .map((some) => ({ ...FIRST_RULES, ...some })),
  mood: one<Mood>('answers', 'answers', 'rounds'),
  steps: fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: course },
        { weight: 4, arbitrary: rounds },
        { weight: 1, arbitrary: fickle },
        { weight: 24, arbitrary: alone },
      ),
      { maxLength: 24, size: 'max' },
    )
    .map((beats) => beats.flat()),
});
