import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Approval } from '../../src/gateway/approvals/approval.ts';
import type { ApprovalRuling, KnownApprovals } from '../../src/gateway/approvals/approval-ports.ts';
import { type Entry, type Plan, StoreFault } from '../../src/gateway/ports.ts';
import {
  type Asked,
  about,
  approved,
  asking,
  become,
  changes,
  clockAt,
  ended,
  event,
  HOUR,
  keep,
  notice,
  orAsk,
  question,
  usedBy,
} from './asking.ts';
import { limit, passOf, START, tally, usedOf } from './story.ts';

/** A place where stores can be opened, each as another process would. */
export interface AskingGround {
  open(options?: { readonly mostValues?: number }): Promise<Asked>;
  /** What one of its stores recorded, in order. */
  records(store: Asked): Promise<readonly Pick<Entry, 'id' | 'kind' | 'body'>[]>;
  remove(): Promise<void>;
}

const PASS: ApprovalRuling = { effect: 'pass', ...changes([]) };
const STOP: ApprovalRuling = { effect: 'stop', ...changes([]) };
const ALL = { which: 'all', limit: 1_000 } as const;

function broken(): never {
  throw new Error('broken');
}

function idsOf(approvals: readonly Approval[]): string[] {
  return approvals.map(({ id }) => id);
}

/** What every store must do with questions to people. */
export function approvalContract(name: string, prepare: () => Promise<AskingGround>): void {
  describe(`${name}, asked about approvals`, () => {
    let ground: AskingGround;
    let store: Asked;
    let opened: Asked[];

    async function another(options?: { readonly mostValues?: number }): Promise<Asked> {
      const one = await ground.open(options);
      opened.push(one);
      return one;
    }

    async function recorded(): Promise<string[]> {
      return (await ground.records(store)).map(({ id }) => id);
    }

    beforeEach(async () => {
      opened = [];
      ground = await prepare();
      store = await another();
    });

    afterEach(async () => {
      for (const one of opened) await one.close();
      await ground.remove();
    });

    describe('in the pass of a call', () => {
      const one = limit('sends', 1);

      test('a call that needs nobody goes as ever, and its plan is told the verdict', async () => {
        const verdicts: string[] = [];
        const consult: Plan['consult'] = ({ kind }) => void verdicts.push(kind);
        const first = await store.commit(passOf('a', START, { reservations: [one], consult }));
        const second = await store.commit(passOf('b', START, { reservations: [one], consult }));
        expect([first, second].map(({ verdict }) => verdict.kind)).toEqual(['reserved', 'exceeded']);
        expect(verdicts).toEqual(['reserved', 'exceeded']);
        expect(await store.approvalEdition()).toBe(0);
      });

      test('a question is kept with the record of the call and its notices, and nothing is reserved', async () => {
        const asked = question('ap_1');
        const told: KnownApprovals[] = [];
        const ticks: number[] = [];
        const settle = (known: KnownApprovals, tick: number): ApprovalRuling => {
          told.push(known);
          ticks.push(tick);
          return orAsk(asked, 'call-1')(known, tick);
        };
        const { verdict, limits } = await store.commit(asking('call-1', asked, settle, { reservations: [one] }));
        expect(verdict.kind).toBe('reserved');
        expect(limits).toMatchObject([{ used: 0 }]);
        expect(told).toEqual([{ same: [], siblings: [], openOfGrant: 0, openOfName: 0 }]);
        expect(ticks).toEqual([START]);
        expect(await store.approval('ap_1')).toEqual({ ...asked, edition: 1 });
        expect(await recorded()).toEqual(['call-1', 'asked-ap_1-call-1']);
        expect(await store.takeNotices(['chat'], START, 1_000, 10)).toEqual([{ ...notice('n-ap_1'), attempts: 0 }]);
        expect(await usedOf(store, one, START)).toBe(0);
      });

      test('the same call again joins its question, and uses it once it is approved, once', async () => {
        const asked = question('ap_1');
        const call = (id: string) =>
          store.commit(asking(id, asked, orAsk(question(`ap_of_${id}`), id), { reservations: [limit('n', 9)] }));
        await store.commit(asking('first', asked, orAsk(asked, 'first')));
        await call('joins');
        await become(store, 'ap_1', approved);
        expect((await call('uses')).limits).toMatchObject([{ used: 1 }]);
        expect(await store.approval('ap_1')).toMatchObject({ state: 'used', used: { pass: 'uses' } });
        expect((await call('asks anew')).limits).toMatchObject([{ used: 1 }]);
        expect(idsOf(await store.approvals(ALL))).toEqual(['ap_of_asks anew', 'ap_1']);
      });

      test('two processes that see one approval: one of them uses it', async () => {
        const other = await another();
        const asked = question('ap_1');
        for (let round = 0; round < 10; round += 1) {
          const id = `ap_${round}`;
          await keep(store, { ...question(id), key: `key ${round}` });
          await become(store, id, approved);
          const both = await Promise.all(
            [store, other].map((by, n) => {
              const pass = `${round}-${n}`;
              const settle = ({ same }: KnownApprovals): ApprovalRuling => {
                const live = same.find(({ state }) => state === 'approved');
                return live ? { effect: 'pass', ...changes([usedBy(live, pass)]) } : STOP;
              };
              const alike = { ...asked, key: `key ${round}` };
              return by.commit(asking(pass, alike, settle, { reservations: [limit('n', 99)] }));
            }),
          );
          expect(both.map(({ limits }) => limits[0]?.used).sort()).toEqual([round + 1, round + 1]);
          const used = (await other.approval(id))?.used?.pass;
          expect([`${round}-0`, `${round}-1`]).toContain(used);
        }
        expect(await usedOf(other, limit('n', 99), START)).toBe(10);
      });

      test('is told of all that live and the last 20 that are over, of others like it, and how many are open', async () => {
        const asked = question('x');
        for (let n = 0; n < 23; n += 1) await keep(store, ended(question(`over-${n}`), 'denied'));
        await keep(store, question('live-1'), approved(question('live-2')), question('live-3'));
        for (let n = 0; n < 7; n += 1) await keep(store, approved(question(`sibling-${n}`, { key: 'other' })));
        await keep(
          store,
          question('open sibling', { key: 'other' }),
          ended(question('void', { key: 'other' }), 'void'),
        );
        await keep(store, approved(question('sibling that is late', { key: 'other', expires: START })));
        await keep(store, approved(question('of another grant', { key: 'other', grant: 'desk' })));
        await keep(store, approved(question('of another server', { key: 'other', server: 'mail' })));
        await keep(store, question('elsewhere', { key: 'third', server: 'mail' }));
        await keep(store, question('of another name', { key: 'fourth', name: 'pay' }));
        await keep(store, question('not swept up yet', { key: 'fifth', expires: START }));
        await keep(store, question('of another', { key: 'sixth', grant: 'desk' }));
        let known: KnownApprovals | undefined;
        const settle = (found: KnownApprovals): ApprovalRuling => {
          known = found;
          return STOP;
        };
        await store.commit(asking('call', asked, settle));
        expect(idsOf(known?.same ?? [])).toEqual([
          'live-3',
          'live-2',
          'live-1',
          ...Array.from({ length: 20 }, (_, n) => `over-${22 - n}`),
        ]);
        expect(idsOf(known?.siblings ?? [])).toEqual([6, 5, 4, 3, 2].map((n) => `sibling-${n}`));
        // What was denied or called off counts until its time has come.
        expect(known).toMatchObject({ openOfGrant: 29, openOfName: 27 });
      });

      test('a question that waits since long stands before those that are over, in the order of asking', async () => {
        await keep(
          store,
          question('a'),
          ended(question('b'), 'denied'),
          question('c'),
          ended(question('d'), 'expired'),
        );
        await become(store, 'a', approved);
        let same: readonly Approval[] = [];
        const settle = (known: KnownApprovals): ApprovalRuling => {
          same = known.same;
          return STOP;
        };
        await store.commit(asking('call', question('x'), settle));
        expect(idsOf(same)).toEqual(['d', 'c', 'b', 'a']);
      });

      test('what a person approved is counted, with its tallies and shadows, beyond the limit that asked too', async () => {
        const asks = limit('asks', 1, { onExceed: 'require_approval' });
        const plan = { reservations: [asks, limit('also', 9)], tallies: [tally('send')], shadow: [limit('dark', 1)] };
        const committed = [];
        for (const id of ['a', 'b', 'c']) {
          const { verdict, shadow, limits } = await store.commit(asking(id, question('x'), () => PASS, plan));
          committed.push([verdict.kind, shadow.kind, ...limits.map(({ used }) => used)]);
        }
        expect(committed).toEqual([
          ['reserved', 'reserved', 1, 1],
          ['reserved', 'exceeded', 2, 2],
          ['reserved', 'exceeded', 3, 3],
        ]);
        const counts: (number | undefined)[] = [];
        const counting = passOf('d', START, { counts: [tally('send')], ...plan });
        const { verdict } = await store.commit({
          ...counting,
          judge: (found) => {
            counts.push(found.get(tally('send').key));
            return counting.judge(found);
          },
        });
        expect(counts).toEqual([3]);
        expect(verdict).toMatchObject({ kind: 'exceeded', reservation: { counter: 'asks' } });
      });

      test('the body is told what holds once the person was asked', async () => {
        const asks = limit('asks', 0, { onExceed: 'require_approval' });
        const bodies: string[] = [];
        const body: Plan['body'] = ({ kind }) => {
          bodies.push(kind);
          return '{}';
        };
        for (const ruling of [STOP, PASS]) {
          const { verdict } = await store.commit(
            asking(ruling.effect, question('x'), () => ruling, { mode: 'take', reservations: [asks], body }),
          );
          bodies.push(verdict.kind);
        }
        expect(bodies).toEqual(['exceeded', 'exceeded', 'reserved', 'reserved']);
      });

      test('what is stopped takes nothing, also where all of it would fit', async () => {
        const plan = {
          mode: 'take',
          reservations: [one],
          tallies: [tally('send')],
          shadow: [limit('dark', 1)],
        } as const;
        const stopped = await store.commit(asking('a', question('x'), () => STOP, plan));
        expect(stopped.limits).toMatchObject([{ used: 0 }]);
        await store.append({ id: 'a', kind: 'outcome', at: START, body: '{}' }, stopped.receipt);
        expect(await usedOf(store, one, START)).toBe(0);
        expect(await usedOf(store, limit('dark', 1), START)).toBe(0);
      });

      test('what was approved and never reached the server is given back', async () => {
        const asks = limit('asks', 1, { onExceed: 'require_approval' });
        await store.commit(passOf('a', START, { reservations: [asks] }));
        const { receipt } = await store.commit(asking('b', question('x'), () => PASS, { reservations: [asks] }));
        expect(await usedOf(store, asks, START)).toBe(2);
        await store.append({ id: 'b', kind: 'outcome', at: START, body: '{}' }, receipt);
        expect(await usedOf(store, asks, START)).toBe(1);
      });

      test('a limit that denies is lifted by nobody: the pass fails, and its approval is not used', async () => {
        const asked = approved(question('ap_1'));
        await keep(store, asked);
        const deny = limit('never', 0);
        const pass = asking('a', asked, orAsk(asked, 'a'), { reservations: [deny, limit('n', 9)] });
        await expect(store.commit(pass)).rejects.toThrow(StoreFault);
        expect((await store.approval('ap_1'))?.state).toBe('approved');
        expect(await recorded()).toEqual([]);
        expect(await usedOf(store, limit('n', 9), START)).toBe(0);
      });

      test('a judge, a consultation, a ruling or a record that fails does so alone, and nothing of it is kept', async () => {
        const asked = approved(question('ap_1'));
        await keep(store, asked);
        const edition = await store.approvalEdition();
        const use = orAsk(asked, 'x');
        const plan = { reservations: [one] };
        const answers = await Promise.allSettled([
          store.commit(passOf('before', START, {})),
          store.commit({ ...asking('judge', asked, use, plan), judge: broken }),
          store.commit(asking('consult', asked, use, { ...plan, consult: broken })),
          store.commit(asking('settle', asked, broken, plan)),
          store.commit(asking('body', asked, use, { ...plan, body: broken })),
          store.commit(passOf('after', START, {})),
        ]);
        expect(answers.map((one) => (one.status === 'rejected' ? String(one.reason) : 'done'))).toEqual([
          'done',
          ...['Error: broken', 'Error: broken', 'Error: broken', 'Error: broken'],
          'done',
        ]);
        expect(await store.approval('ap_1')).toEqual({ ...asked, edition });
        expect(await store.approvalEdition()).toBe(edition);
        expect(await recorded()).toEqual(['before', 'after']);
        expect(await store.takeNotices(['chat'], START, 1, 9)).toEqual([]);
        expect(await usedOf(store, one, START)).toBe(0);
      });

      test('what cannot be kept as it is fails alone too: text that is no Unicode, a time that is none, what is over', async () => {
        await keep(store, ended(question('over'), 'denied'));
        const settling = (approvals: readonly Approval[]) =>
          store.commit(asking('a', question('x'), () => ({ effect: 'stop', ...changes(approvals) })));
        const noNotice = { effect: 'stop', ...changes([], { notices: [notice('n', 'half \ud800')] }) } as const;
        const answers = await Promise.allSettled([
          settling([question('half', { name: 'half \ud83d' })]),
          settling([question('odd', { params: '"\ud83d"' })]),
          settling([question('never', { expires: Number.NaN })]),
          settling([question('never', { expires: Infinity })]),
          settling([question('good'), approved(question('over'))]),
          settling([question('twice'), approved(question('twice'))]),
          settling([{ ...question('unused'), state: 'used' }]),
          store.commit(asking('a', question('x'), () => noNotice)),
          settling([question('kept')]),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([...Array(8).fill('rejected'), 'fulfilled']);
        for (const one of answers.slice(0, 8)) expect(one).toMatchObject({ reason: expect.any(StoreFault) });
        expect(idsOf(await store.approvals(ALL))).toEqual(['kept', 'over']);
        expect((await store.approval('over'))?.state).toBe('denied');
        expect(await recorded()).toEqual(['a']);
      });
    });

    describe('kept', () => {
      test('comes back word for word, in every part', async () => {
        const plain = question('ap_plain');
        const odd: Approval = {
          ...approved(
            question('ap "odd"\u0000', { name: '__proto__', params: '{"a":"\\u0000 \u2028 😀"}' }),
            'é\u202e',
          ),
          askedAt: START + 0.25,
          expires: START + 0.125,
          edit: { by: 'carol', params: '{"b":1}' },
          why: 'Because.\nTwice.',
        };
        const all: Approval = {
          ...usedBy(odd, 'pass-1'),
          id: 'ap_all',
          subject: {
            ...odd.subject,
            description: 'A server said so.',
            definition: undefined,
            session: 's-1',
            rule: { document: 'baseline', pointer: '/a~1b', id: 'big', mark: '' },
            client: { name: undefined, version: '' },
            quorum: { count: 2, lists: [] },
          },
          answers: [
            ...odd.answers,
            { by: 'me', said: 'deny', channel: 'command line', at: START + 0.5, note: 'no \u0000' },
          ],
        };
        await keep(store, plain, odd, all);
        const next = await another();
        expect(await next.approval('ap_plain')).toEqual({ ...plain, edition: 1 });
        expect(await next.approval(odd.id)).toEqual({ ...odd, edition: 2 });
        expect(await next.approval('ap_all')).toEqual({ ...all, edition: 3 });
        expect(await next.approval('ap_none')).toBeUndefined();
      });

      test('each change has an edition of its own, and everybody sees the last', async () => {
        const other = await another();
        await keep(store, question('a'), question('b'));
        await become(other, 'a', approved);
        expect(await store.approvalEdition()).toBe(3);
        expect(await other.approvalEdition()).toBe(3);
        expect((await store.approval('a'))?.edition).toBe(3);
        expect((await store.approval('b'))?.edition).toBe(2);
      });

      test('tells which were changed since an edition, the first changed first, by whomever', async () => {
        const other = await another();
        await keep(store, question('a'), question('b'), question('c'));
        await become(other, 'a', approved);
        await keep(other, ended(question('d'), 'denied'));
        expect(await store.changedSince(0, 9)).toEqual([
          { id: 'b', edition: 2 },
          { id: 'c', edition: 3 },
          { id: 'a', edition: 4 },
          { id: 'd', edition: 5 },
        ]);
        expect(await store.changedSince(3, 1)).toEqual([{ id: 'a', edition: 4 }]);
        expect(await store.changedSince(5, 9)).toEqual([]);
        await store.forgetApprovals(START + HOUR);
        expect(await store.changedSince(4, 9)).toEqual([]);
      });

      test('tells the tick of a moment as its transactions count it', async () => {
        await keep(store, question('a'));
        const counted: number[] = [];
        await store.changeApproval('a', clockAt(START + 7.5), (_, tick) => void counted.push(tick));
        expect(counted).toEqual([START + 7.5]);
        expect(await store.tickNow(clockAt(START + 7.5))).toBe(START + 7.5);
      });

      test('is listed, the last asked first, by state, grant, server and name, and page by page', async () => {
        await keep(
          store,
          question('1'),
          question('2', { grant: 'desk' }),
          approved(question('3')),
          question('4', { server: 'mail' }),
          ended(question('5'), 'denied'),
          question('6', { name: 'pay' }),
        );
        await become(store, '1', (now) => ({ ...now, why: 'changed later' }));
        const listed = async (filter: object) => idsOf(await store.approvals({ ...ALL, ...filter }));
        expect(await listed({})).toEqual(['6', '5', '4', '3', '2', '1']);
        expect(await listed({ which: 'waiting' })).toEqual(['6', '4', '2', '1']);
        expect(await listed({ which: 'live' })).toEqual(['6', '4', '3', '2', '1']);
        expect(await listed({ grant: 'desk' })).toEqual(['2']);
        expect(await listed({ which: 'waiting', grant: 'laptop', server: 'bank' })).toEqual(['6', '1']);
        expect(await listed({ server: 'bank', name: 'transfer' })).toEqual(['5', '3', '2', '1']);
        expect(await listed({ name: 'transfer', which: 'live' })).toEqual(['4', '3', '2', '1']);
        expect(await listed({ limit: 2 })).toEqual(['6', '5']);
        expect(await listed({ limit: 2, before: '5' })).toEqual(['4', '3']);
        expect(await listed({ which: 'waiting', before: '4' })).toEqual(['2', '1']);
        expect(await listed({ before: 'nobody knows' })).toEqual([]);
        expect(await listed({ limit: 0 })).toEqual([]);
        expect(await listed({ grant: 'nobody' })).toEqual([]);
      });

      test('is found as what was used last of its kind', async () => {
        await keep(
          store,
          ...['a', 'b', 'c'].map((id) => approved(question(id))),
          usedBy(question('z', { name: 'pay' }), 'p'),
        );
        for (const id of ['b', 'a']) await become(store, id, (now) => usedBy(now, 'p'));
        expect((await store.lastUsed('bank', 'transfer', 'x'))?.id).toBe('a');
        expect((await store.lastUsed('bank', 'transfer', 'a'))?.id).toBe('b');
        expect((await store.lastUsed('bank', 'pay', 'x'))?.id).toBe('z');
        expect(await store.lastUsed('bank', 'pay', 'z')).toBeUndefined();
        expect(await store.lastUsed('mail', 'transfer', 'x')).toBeUndefined();
      });
    });

    describe('changed by a person', () => {
      test('with its records and notices in one transaction', async () => {
        await keep(store, question('ap_1'));
        const seen: unknown[] = [];
        const now = await store.changeApproval('ap_1', clockAt(START + 5), (before, tick) => {
          seen.push(before?.state, tick);
          return changes(before ? [approved(before)] : [], {
            records: [event('e1', 'approval answered'), event('e2', 'approval shown')],
            notices: [notice('n1')],
          });
        });
        expect(seen).toEqual(['open', START + 5]);
        expect(now).toMatchObject({ state: 'approved', edition: 2, answers: [{ by: 'bob' }] });
        expect(await store.approval('ap_1')).toEqual(now);
        expect(await recorded()).toEqual(['e1', 'e2']);
        expect(await store.takeNotices(['chat'], START, 1, 9)).toHaveLength(1);
      });

      test('or not: then nothing is written', async () => {
        await keep(store, question('ap_1'));
        const now = await store.changeApproval('ap_1', clockAt(START), () => undefined);
        expect(now).toEqual({ ...question('ap_1'), edition: 1 });
        expect(await store.changeApproval('ap_2', clockAt(START), (before) => before && broken())).toBeUndefined();
        expect(await store.approvalEdition()).toBe(1);
        expect(await recorded()).toEqual([]);
      });

      test('records alone change no edition', async () => {
        await keep(store, question('ap_1'));
        await store.changeApproval('ap_1', clockAt(START), () =>
          changes([], { records: [event('e', 'approval shown')] }),
        );
        expect(await store.approvalEdition()).toBe(1);
        expect(await recorded()).toEqual(['e']);
      });

      test('who fails, or answers what is over, fails alone', async () => {
        await keep(store, question('ap_1'), ended(question('ap_2'), 'denied'));
        const answers = await Promise.allSettled([
          store.changeApproval('ap_1', clockAt(START), broken),
          become(store, 'ap_2', approved),
          become(store, 'ap_1', approved),
        ]);
        expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
        expect(answers[1]).toMatchObject({ reason: expect.any(StoreFault) });
        expect((await store.approval('ap_2'))?.state).toBe('denied');
      });

      test('of many that answer at once each sees what the one before did', async () => {
        const other = await another();
        await keep(store, question('ap_1'));
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, n) =>
            (n % 2 === 0 ? store : other).changeApproval('ap_1', clockAt(START), (now) =>
              now?.state === 'open' ? changes([approved(now, `person ${n}`)]) : undefined,
            ),
          ),
        );
        expect(new Set(answers.map((one) => one?.answers[0]?.by)).size).toBe(1);
        expect((await store.approval('ap_1'))?.answers).toHaveLength(1);
      });
    });

    describe('expired', () => {
      const expiring = (tick: number, by: Asked = store) =>
        by.expireApprovals(clockAt(tick), (late, at) =>
          changes(
            late.map((one) => ended(one, 'expired', `at ${at}`)),
            { records: late.map(({ id }) => event(`expired-${id}`, 'approval expired')) },
          ),
        );

      test('from its tick on, whether open or approved, once', async () => {
        await keep(
          store,
          question('a', { expires: START + 10.5 }),
          approved(question('b', { expires: START + 5 })),
          ended(question('c', { expires: START }), 'denied'),
          question('d'),
        );
        expect(await store.expireApprovals(clockAt(START + 4.9), broken)).toBe(0);
        expect(await expiring(START + 5)).toBe(1);
        expect(await expiring(START + 10.4)).toBe(0);
        expect(await expiring(START + 10.5)).toBe(1);
        expect(await expiring(START + 11)).toBe(0);
        expect((await store.approvals(ALL)).map(({ id, state, why }) => [id, state, why])).toEqual([
          ['d', 'open', undefined],
          ['c', 'denied', 'No.'],
          ['b', 'expired', `at ${START + 5}`],
          ['a', 'expired', `at ${START + 10.5}`],
        ]);
        expect(await recorded()).toEqual(['expired-b', 'expired-a']);
      });

      test('no more than 500 in one transaction, those first whose time came first', async () => {
        const many = Array.from({ length: 501 }, (_, n) => question(`ap_${n}`, { expires: START + 501 - n }));
        await keep(store, ...many);
        expect(await expiring(START + HOUR)).toBe(500);
        expect(idsOf(await store.approvals({ which: 'live', limit: 9 }))).toEqual(['ap_0']);
        expect(await expiring(START + HOUR)).toBe(1);
      });

      test('by one process only, however many look', async () => {
        const other = await another();
        await keep(store, ...Array.from({ length: 20 }, (_, n) => question(`ap_${n}`)));
        const counts = await Promise.all([
          expiring(START + HOUR),
          expiring(START + HOUR, other),
          expiring(START + HOUR),
        ]);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
        expect((await recorded()).length).toBeLessThanOrEqual(20);
      });

      test('or not at all, when the plan fails', async () => {
        await keep(store, question('a'));
        await expect(store.expireApprovals(clockAt(START + HOUR), broken)).rejects.toThrow('broken');
        expect((await store.approval('a'))?.state).toBe('open');
      });
    });

    describe('forgotten', () => {
      test('when it was over long ago, but for the last used one of each kind', async () => {
        const at = (wall: number, approval: Approval) =>
          store.changeApproval(approval.id, clockAt(wall), () =>
            changes([approval], { records: [event(`e-${approval.id}`, 'x', wall)] }),
          );
        await at(START, question('open', { expires: 1 }));
        await at(START, approved(question('approved')));
        await at(START, ended(question('denied'), 'denied'));
        await at(START + 10, ended(question('later'), 'void'));
        await at(START, usedBy(question('used first'), 'p'));
        await at(START, usedBy(question('used last'), 'p'));
        await at(START, usedBy(question('used elsewhere', { server: 'mail' }), 'p'));
        const edition = await store.approvalEdition();
        await store.forgetApprovals(START);
        expect(await store.approvalEdition()).toBe(edition);
        await store.forgetApprovals(START + 10);
        expect(idsOf(await store.approvals(ALL))).toEqual(['used elsewhere', 'used last', 'later', 'approved', 'open']);
        expect(await store.approvalEdition()).toBeGreaterThan(edition);
        await at(START + 20, usedBy(question('used now'), 'p'));
        await store.forgetApprovals(START + 10);
        expect((await store.lastUsed('bank', 'transfer', 'x'))?.id).toBe('used now');
        expect(await store.approval('used last')).toBeUndefined();
      });

      test('a call that passed is over when it passed', async () => {
        const asked = approved(question('a'));
        await keep(store, asked, usedBy(question('b'), 'p'));
        await store.commit(asking('call', asked, orAsk(asked, 'call'), { tick: START + 5 }));
        await keep(store, usedBy(question('c'), 'p'));
        await store.forgetApprovals(START + 5);
        expect(idsOf(await store.approvals(ALL))).toEqual(['c', 'a']);
        await store.forgetApprovals(START + 6);
        expect(idsOf(await store.approvals(ALL))).toEqual(['c']);
      });

      test('thousands at once, and editions never fall', async () => {
        await keep(store, ...Array.from({ length: 1_203 }, (_, n) => ended(question(`ap_${n}`), 'denied')));
        const edition = await store.approvalEdition();
        await store.forgetApprovals(START + 1);
        expect(await store.approvals(ALL)).toEqual([]);
        expect(await store.approvalEdition()).toBeGreaterThan(edition);
        await keep(store, question('new'));
        expect((await store.approval('new'))?.edition).toBe(await store.approvalEdition());
      });
    });

    describe('notices', () => {
      test('are announced with their records, and taken by one who delivers them, the oldest first', async () => {
        const other = await another();
        await store.announce([event('e', 'policy changed')], [notice('n1'), notice('n2', 'mail'), notice('n3')]);
        expect(await recorded()).toEqual(['e']);
        expect(await other.takeNotices([], START, 1_000, 9)).toEqual([]);
        expect(await other.takeNotices(['nobody'], START, 1_000, 9)).toEqual([]);
        const first = await other.takeNotices(['chat', 'mail'], START, 1_000, 2);
        expect(first).toEqual([
          { ...notice('n1'), attempts: 0 },
          { ...notice('n2', 'mail'), attempts: 0 },
        ]);
        expect((await store.takeNotices(['chat', 'mail'], START + 999, 1_000, 9)).map(({ id }) => id)).toEqual(['n3']);
        const again = await store.takeNotices(['chat', 'mail'], START + 1_000, 1_000, 9);
        expect(again.map(({ id }) => id)).toEqual(['n1', 'n2']);
      });

      test('that many want at once are given to one of them', async () => {
        const other = await another();
        await store.announce(
          [],
          Array.from({ length: 30 }, (_, n) => notice(`n${n}`)),
        );
        const taken = await Promise.all([store, other, store].map((by) => by.takeNotices(['chat'], START, 1_000, 12)));
        const ids = taken.flat().map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength(30);
      });

      test('are due again when it is told, with one more attempt, and forgotten with a record', async () => {
        await store.announce([], [notice('n1'), notice('n2')]);
        await store.takeNotices(['chat'], START, 60_000, 9);
        await store.settleNotice('n1', { again: START + 5_000 });
        await store.settleNotice('n2', { record: event('gone', 'notice delivered') });
        await store.settleNotice('n2', { record: event('gone twice', 'notice delivered') });
        await store.settleNotice('never heard of', { again: START });
        expect(await store.takeNotices(['chat'], START + 4_999, 1, 9)).toEqual([]);
        expect(await store.takeNotices(['chat'], START + 5_000, 1, 9)).toEqual([{ ...notice('n1'), attempts: 1 }]);
        await store.settleNotice('n1', { record: undefined });
        expect(await store.takeNotices(['chat'], START + HOUR, 1, 9)).toEqual([]);
        expect(await recorded()).toEqual(['gone']);
      });

      test('that grew old are taken whatever their hook, by one', async () => {
        const old = notice('old', 'gone', START - 10);
        await store.announce([], [notice('young', 'gone'), old]);
        expect(await store.takeOldNotices(START, START, 1_000, 9)).toEqual([{ ...old, attempts: 0 }]);
        expect(await store.takeOldNotices(START, START + 999, 1_000, 9)).toEqual([]);
        expect(await store.takeNotices(['gone'], START + 999, 1_000, 9)).toHaveLength(1);
        expect(await store.takeOldNotices(START, START + 1_000, 1_000, 9)).toHaveLength(1);
      });

      test('that were announced once are not announced twice', async () => {
        await store.announce([], [notice('n1')]);
        await store.announce([event('e', 'x')], [{ ...notice('n1'), hook: 'mail' }, notice('n2')]);
        const taken = await store.takeNotices(['chat', 'mail'], START, 1, 9);
        expect(taken.map(({ id, hook }) => [id, hook])).toEqual([
          ['n1', 'chat'],
          ['n2', 'chat'],
        ]);
      });
    });

    test('a consultation that finds nothing to say leaves what the limits say', async () => {
      const full = limit('full', 0);
      const { verdict } = await store.commit(passOf('a', START, { reservations: [full], consult: () => undefined }));
      expect(verdict.kind).toBe('exceeded');
      expect(about(question('a'), () => STOP)).toMatchObject({ grant: 'laptop' });
    });
  });
}
