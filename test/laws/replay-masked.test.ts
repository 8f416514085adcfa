import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Standing } from '../../src/gateway/gate.ts';
import type { PlacedRecord } from '../../src/gateway/ports.ts';
import { allowedBody, refusedBody, toldOf } from '../../src/gateway/record.ts';
import { MASK, redactArguments } from '../../src/gateway/redact.ts';
import type { Definition, Effect } from '../../src/policy/decision.ts';
import type { Policies } from '../../src/policy/policy.ts';
import type { Sources } from '../../src/replay/call-again.ts';
import { readRecord } from '../../src/replay/read-record.ts';
import { type Replay, replayer } from '../../src/replay/replayer.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { documents, type Moment, moment, toolCall } from './arbitrary.ts';
import { compiled } from './engine.ts';
import type { Documents } from './naive.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

/** One call of a made-up past, and what became of it. */
interface Past {
  readonly moment: Moment;
  /** Milliseconds after the call before. */
  readonly after: number;
  readonly said: Effect;
  readonly came: Effect;
  /** The question that it belongs to, if it does. */
  readonly question: number | undefined;
  readonly round: 'first' | 'later';
  readonly isSent: boolean;
  /** What is lost of it. */
  readonly loss: Loss;
}

type Loss =
  | { readonly kind: 'none' | 'keys' | 'digest' | 'erased' | 'definition' | 'labels' | 'redacted' }
  /** Each value is masked whose turn it is. */
  | { readonly kind: 'masked'; readonly turns: readonly boolean[] };

const effect = fc.constantFrom<Effect>('allow', 'allow', 'allow', 'require_approval', 'deny');

const loss: fc.Arbitrary<Loss> = fc.oneof(
  fc.record({ kind: fc.constantFrom('none', 'none', 'keys', 'digest', 'erased', 'definition', 'labels', 'redacted') }),
  fc.record({ kind: fc.constant('masked' as const), turns: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }) }),
);

function pastOf(moments: fc.Arbitrary<Moment>, most: number): fc.Arbitrary<readonly Past[]> {
  return fc.array(
    fc.record({
      moment: moments,
      after: fc.constantFrom(0, 1, 400, 900, 5_000, 59_000, 700_000),
      said: effect,
      came: effect,
      question: fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 3 }),
      round: fc.constantFrom('first', 'first', 'first', 'first', 'later'),
      isSent: fc.constantFrom(true, true, true, false),
      loss,
    }),
    { minLength: 1, maxLength: most },
  );
}

/** Two grants that do little else than what is counted. */
const counting: fc.Arbitrary<Moment> = fc
  .record({
    name: fc.constantFrom('x', 'x', 'y'),
    grant: fc.constantFrom('al', 'al', 'bo'),
    account: fc.constantFrom('a', 'a', 'b', undefined),
    n: fc.constantFrom(0, 1, 1, 2, 'many'),
  })
  .map(({ name, grant, account, n }) => ({
    subject: {
      grant: { name: grant, owner: 'o', labels: {} },
      server: 's',
      session: 'one',
      client: { name: undefined, version: undefined },
    },
    call: toolCall(
      name,
      objectOf([['n', n] as const, ...(account === undefined ? [] : [['account', account] as const])]),
    ),
    target: { class: 'unknown', definition: undefined },
    facts: { at: 0 },
    counts: [0],
  }));

const few = fc.constantFrom(1, 1, 2, 3);
const whenBig = { conditions: [{ path: 'args.n', op: 'gt', value: 1 }] };

/** Every way in which what is not known can reach a counter, and a counter can reach what is said. */
const countingLimit = fc
  .record({
    max: few,
    on_exceed: fc.constantFrom('deny', 'deny', 'require_approval'),
    form: fc.constantFrom<object>(
      {},
      {},
      { per: 'args.account' },
      { amount: 'args.n' },
      { when: [whenBig.conditions[0]] },
    ),
    reset: fc.constantFrom<object>({}, {}, { reset: 'calendar' }),
  })
  .map(({ form, reset, ...limit }) => ({ window: 'minute', scope: 'grant', ...limit, ...form, ...reset }));

const countingDocuments: fc.Arbitrary<Documents> = fc
  .record({
    limits: fc.array(countingLimit, { maxLength: 2 }),
    // Known of some calls only.
    deny_if: fc.constantFrom<object[]>([], [], [whenBig]),
    calls: fc.record({ op: fc.constantFrom('gte', 'eq', 'lt'), value: few, path: fc.constantFrom('grant', 'session') }),
    side: fc.constantFrom('deny_if', 'require', 'approve_if'),
  })
  .map(({ limits, deny_if, calls, side }) => {
    const { op, value, path } = calls;
    const flow = { conditions: [{ path: `${path}.calls["x"]`, op, value, within: '1m' }] };
    const named = limits.map((limit, index) => ({ counter: `c${index}`, ...limit }));
    const policy = { version: '1', default: 'deny', tools: { x: { limits: named, deny_if }, y: { [side]: [flow] } } };
    return { policy: JSON.parse(JSON.stringify(policy)) as JsonObject, baseline: undefined };
  });

const BEGIN = Date.UTC(2026, 9, 25, 0, 59);
const OTHER: Definition = { annotations: objectOf([]), input: () => ({ kind: 'problem', reason: 'it has none' }) };

function definitionIn({ target }: Moment): Definition {
  return target.definition ?? OTHER;
}

/** The records that a past leaves, with all values, or without what is lost. */
function recordsOf(all: readonly Past[], how: 'whole' | 'lossy'): readonly PlacedRecord[] {
  let at = BEGIN;
  const link = { writer: 'w', limits: '[]', hash: '' } as const;
  return all.flatMap((one, index): PlacedRecord[] => {
    at += one.after;
    const place = { ...link, n: index + 1, seq: index + 1, id: `call ${index}`, at };
    const record: PlacedRecord = { ...place, kind: 'call', body: bodyOf(one, index, at, how) };
    const isOver = one.came === 'allow' && one.round === 'first';
    const outcome = { kind: one.isSent ? 'ok' : 'unsent' };
    return isOver ? [record, { ...place, kind: 'outcome', body: canonicalJson(outcome) }] : [record];
  });
}

function bodyOf({ moment, said, came, question, round, loss }: Past, index: number, at: number, how: string): string {
  const { call, subject, target } = moment;
  const { grant, session, client, server } = subject;
  const standing: Standing = {
    grant,
    policies: { policy: NOTHING, baseline: undefined },
    policyName: 'p',
    policyDigest: 'd',
    baselineDigest: undefined,
    ruleText: () => undefined,
    classes: new Map(),
  };
  const sender = { grant: grant.name, owner: grant.owner, session, client, server };
  const { fields } = toldOf(sender, call, target.class, standing, 'full', () => 'digest', `mark ${index}`);
  const decision = { effect: said, rule: { document: 'policy', pointer: '/x', id: undefined } } as const;
  const committing = {
    round,
    tick: at,
    said: said === came ? undefined : decision,
    waited: question === undefined ? undefined : `question ${question}`,
  };
  const refusal = {
    decision: came === 'deny' ? 'deny' : 'require_approval',
    rule: '/x',
    reason: '',
    hidden: false,
  } as const;
  const text =
    came === 'allow'
      ? allowedBody(fields, { ...ALLOWED, ...decision }, undefined, committing)
      : refusedBody(fields, refusal, undefined, committing);
  const body = { ...(JSON.parse(text) as JsonObject), args: call.args };
  return canonicalJson(how === 'whole' ? body : without(body, loss));
}

const NOTHING = compiled({
  policy: objectOf([
    ['version', '1'],
    ['default', 'deny'],
  ]),
  baseline: undefined,
}).policy;
const ALLOWED = {
  hidden: false,
  stage: 'action',
  reason: '',
  reservations: [],
  tallies: [],
  shadow: undefined,
} as const;

function without(body: JsonObject, loss: Loss): JsonObject {
  const { args, ...rest } = body;
  const given = args ?? null;
  switch (loss.kind) {
    case 'none':
      return body;
    case 'keys':
      return { ...rest, args: redactArguments(given as JsonObject, 'keys'), argsKept: 'keys' };
    case 'redacted':
      return { ...rest, args: redactArguments(given as JsonObject, 'redacted'), argsKept: 'redacted' };
    case 'digest':
      return { ...rest, argsKept: 'digest' };
    case 'erased':
      return rest;
    case 'definition': {
      const { definition: _, ...more } = body;
      return more;
    }
    case 'labels': {
      const { labels: _, tick: __, ...more } = body;
      // Older records do not tell the question of what was refused.
      return body['question'] === undefined ? more : body;
    }
    case 'masked': {
      let turn = 0;
      const next = (): boolean => loss.turns[turn++ % loss.turns.length] === true;
      return { ...rest, args: masked(given, next), argsKept: 'redacted' };
    }
  }
}

/** Whatever it was, a mask in its place. The whole is never masked. */
function masked(value: Json, next: () => boolean): Json {
  const one = (member: Json): Json => (next() ? `so ${MASK}` : masked(member, next));
  if (isArray(value)) return value.map(one);
  return isObject(value) ? objectOf(Object.entries(value).map(([key, member]) => [key, one(member)])) : value;
}

function replayed(records: readonly PlacedRecord[], policies: Policies, all: readonly Past[]): readonly Replay[] {
  const sources: Sources = {
    open: () => undefined,
    definition: (_server, _tool, mark) => {
      const one = all[Number(mark.slice('mark '.length))];
      return one && definitionIn(one.moment);
    },
  };
  const givenBack = new Set(all.flatMap((past, index) => (past.isSent ? [] : [`call ${index}`])));
  const one = replayer({ policiesFor: () => policies, sources, givenBack });
  return records.flatMap((record) => one.take(readRecord(record)) ?? []);
}

function isUntold(replay: Replay | undefined): boolean {
  return replay !== undefined && replay.kind !== 'over' && replay.replayed.kind === 'cannot tell';
}

function rulingOf(replay: Replay | undefined): unknown {
  return replay === undefined || replay.kind === 'over'
    ? replay?.kind
    : [replay.kind, { ...replay.replayed, limits: undefined }];
}

describe(`a past of which not everything was kept (${TRIALS})`, () => {
  function holds(raws: fc.Arbitrary<Documents>, moments: fc.Arbitrary<Moment>, most: number): void {
    let [told, untold] = [0, 0];
    hold(
      fc.property(raws, pastOf(moments, most), (raw, all) => {
        const policies = compiled(raw);
        const whole = replayed(recordsOf(all, 'whole'), policies, all);
        const lossy = replayed(recordsOf(all, 'lossy'), policies, all);
        expect(lossy).toHaveLength(whole.length);
        for (const [index, found] of lossy.entries()) {
          const truth = whole[index];
          expect(isUntold(truth)).toBe(false);
          if (isUntold(found)) untold += 1;
          else {
            told += 1;
            expect(rulingOf(found)).toEqual(rulingOf(truth));
          }
        }
      }),
    );
    // It is no law that nothing is ever told.
    expect(untold).toBeGreaterThan(0);
    expect(told).toBeGreaterThan(untold);
  }

  test('what is said of it is what is said of the whole past, or that it cannot be told', { timeout: PATIENCE }, () => {
    holds(documents, moment, 14);
  });

  test('also where it is much counted, and not known what', { timeout: PATIENCE }, () => {
    holds(countingDocuments, counting, 10);
  });
});
