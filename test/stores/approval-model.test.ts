import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Approval } from '../../src/gateway/approvals/approval.ts';
import type { ApprovalChanges, ApprovalRuling, KnownApprovals } from '../../src/gateway/approvals/approval-ports.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { fakeStore } from '../faults/fake-store.ts';
import { journal } from '../faults/journal.ts';
import {
  type Asked,
  approved,
  asking,
  changes,
  clockAt,
  ended,
  event,
  HOUR,
  notice,
  question,
  usedBy,
} from './asking.ts';
import { START, verified } from './story.ts';

const KEYS = ['k1', 'k2', 'k3'];
const NAMES = ['transfer', 'pay'];
const GRANTS = ['laptop', 'desk'];
const HOOKS = ['chat', 'mail'];

const of = <K extends string>(kind: K, more: object = {}) =>
  fc.record({ kind: fc.constant(kind), store: fc.nat(1), which: fc.nat(), ...more });

const step = fc.oneof(
  { weight: 8, arbitrary: of('call') },
  { weight: 4, arbitrary: of('answer', { say: fc.constantFrom('approve', 'deny', 'note', 'nothing') }) },
  { weight: 2, arbitrary: of('expire') },
  { weight: 1, arbitrary: of('forget') },
  { weight: 2, arbitrary: of('take') },
  { weight: 2, arbitrary: of('settle') },
  { weight: 3, arbitrary: of('wait', { ms: fc.nat(HOUR) }) },
  { weight: 1, arbitrary: of('reopen') },
  { weight: 1, arbitrary: of('fail') },
);
type Step = (typeof step extends fc.Arbitrary<infer T> ? T : never) & { readonly say?: string; readonly ms?: number };

/** What a store said in the course of a story, to be held against what another says. */
interface Teller {
  readonly said: unknown[];
  at(index: number): Asked;
  reopen(index: number): Promise<void>;
}

/** The same story for any store: what is asked of it depends on the step alone, what is written on what it tells. */
async function play(teller: Teller, steps: readonly Step[]): Promise<void> {
  let now = START;
  for (const [n, one] of steps.entries()) {
    const store = teller.at(one.store);
    teller.said.push([n, one.kind, await act(store, one, n, now).catch((error: Error) => `fails: ${error.name}`)]);
    if (one.kind === 'wait') now += one.ms ?? 0;
    if (one.kind === 'reopen') await teller.reopen(one.store);
    teller.said.push(await look(teller.at(1 - one.store), one));
  }
}

async function act(store: Asked, { kind, which, say }: Step, n: number, now: number): Promise<unknown> {
  const asked = question(`ap_${n}`, {
    key: KEYS[which % 3] ?? '',
    name: NAMES[which % 2] ?? '',
    grant: GRANTS[which % 5 === 0 ? 1 : 0] ?? '',
    expires: now + (which % 7) * (HOUR / 4),
  });
  switch (kind) {
    case 'call': {
      let told: KnownApprovals | undefined;
      const settle = (known: KnownApprovals): ApprovalRuling => {
        told = known;
        return ruled(known, asked, n, now);
      };
      const { verdict } = await store.commit(asking(`call-${n}`, asked, settle, { tick: now }));
      return { verdict, told };
    }
    case 'answer': {
      const all = await store.approvals({ which: 'all', limit: 100 });
      const id = all[which % Math.max(1, all.length)]?.id ?? 'none';
      return store.changeApproval(id, clockAt(now), (before) => before && answered(before, say, now, n));
    }
    case 'expire': {
      const late: Approval[] = [];
      const count = await store.expireApprovals(clockAt(now), (found, tick) => {
        late.push(...found);
        return changes(
          found.map((one) => ended(one, 'expired', `at ${tick}`)),
          { records: [event(`expired-${n}`, 'expired', now)] },
        );
      });
      return { count, late: new Set(late) };
    }
    case 'forget':
      return store.forgetApprovals(now - (which % 5) * HOUR);
    case 'take':
      return store.takeNotices(HOOKS.slice(0, which % 3), now, HOUR, 1 + (which % 4));
    case 'settle': {
      const outcome = which % 2 === 0 ? { again: now + HOUR } : { record: event(`settled-${n}`, 'delivered') };
      return store.settleNotice(`n-${which % (n + 1)}`, outcome);
    }
    case 'fail': {
      const broken = (known: KnownApprovals): ApprovalRuling => {
        ruled(known, asked, n, now);
        throw new Error('broken');
      };
      return store.commit(asking(`call-${n}`, asked, broken, { tick: now }));
    }
    default:
      return undefined;
  }
}

function ruled({ same, openOfName }: KnownApprovals, asked: Approval, n: number, now: number): ApprovalRuling {
  const live = same.filter(({ expires }) => expires > now);
  const good = live.find(({ state }) => state === 'approved');
  const more = { records: [event(`event-${n}`, 'x', now)], notices: [notice(`n-${n}`, HOOKS[n % 2])] };
  if (good !== undefined) return { effect: 'pass', ...changes([usedBy(good, `call-${n}`)], more) };
  if (openOfName > 2 || live.some(({ state }) => state === 'open')) return { effect: 'stop', ...changes([]) };
  return { effect: 'stop', ...changes([asked], more) };
}

function answered(before: Approval, say: string | undefined, now: number, n: number): ApprovalChanges | undefined {
  if (say === 'nothing') return undefined;
  const records = [event(`answer-${n}`, 'answered', now)];
  // What is over is answered all the same: a store must refuse it.
  if (say === 'deny') return changes([ended(before, 'denied')], { records });
  if (say === 'approve')
    return changes([approved({ ...before, used: undefined })], { records, notices: [notice(`n-${n}`)] });
  return changes([{ ...before, why: `note ${n}` }], { records });
}

async function look(store: Asked, { which }: Step): Promise<unknown> {
  const all = await store.approvals({ which: 'all', limit: 100 });
  const before = all[which % Math.max(1, all.length)]?.id ?? 'none';
  return {
    all,
    edition: await store.approvalEdition(),
    waiting: await store.approvals({ which: 'waiting', limit: 3, grant: 'laptop' }),
    live: await store.approvals({ which: 'live', limit: 9, server: 'bank', name: 'pay' }),
    older: await store.approvals({ which: 'all', limit: 3, before }),
    one: await store.approval(before),
    used: await store.lastUsed('bank', 'transfer', before),
  };
}

test('in a file approvals and notices are kept word for word as in memory, whoever asks, answers and ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
      const folder = await mkdtemp(join(tmpdir(), 'toolgate-store-'));
      const open = () => openSqliteStore({ folder, sync: 'interval', clock: { now: () => START }, onFault: () => {} });
      const stores = [await open(), await open()];
      const at = (index: number): Asked => {
        const store = stores[index];
        if (store === undefined) throw new Error(`no store ${index}`);
        return store;
      };
      const book = journal();
      const { approvals, ...rest } = fakeStore(book);
      const memory: Asked = { ...approvals, ...rest, approvals: approvals.approvals };
      const expected: unknown[] = [];
      const said: unknown[] = [];
      try {
        await play({ said: expected, at: () => memory, reopen: async () => {} }, steps as Step[]);
        const reopen = async (index: number): Promise<void> => {
          await stores[index]?.close();
          stores[index] = await open();
        };
        await play({ said, at, reopen }, steps as Step[]);
        expect(said).toEqual(expected);
        const recorded = book.lines.flatMap((line) => (line.what === 'recorded' ? [line.id] : []));
        expect((await verified(at(0))).map(({ id }) => id).sort()).toEqual(recorded.sort());
      } finally {
        for (const store of stores) await store.close();
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
