import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { Approvals } from '../../src/store/sqlite/approvals.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { Notices } from '../../src/store/sqlite/notices.ts';
import {
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
import { freshFolder } from './folder.ts';
import { limit, MINUTE, passOf, START, usedOf, verified } from './story.ts';

const ALL = { which: 'all', limit: 100 } as const;

describe('approvals in a file', () => {
  const folder = freshFolder();

  function meddle(sql: string): void {
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 5_000 });
    db.exec(sql);
    db.close();
  }

  function broken(): never {
    throw new Error('broken');
  }

  test('and notices outlive the process', async () => {
    const store = await folder.open();
    await store.commit(asking('call', question('ap_1'), orAsk(question('ap_1'), 'call')));
    await become(store, 'ap_1', approved);
    await store.close();
    const next = await folder.open();
    expect(await next.approval('ap_1')).toEqual({ ...approved(question('ap_1')), edition: 2 });
    expect(await next.approvalEdition()).toBe(2);
    expect(await next.takeNotices(['chat'], START, 1, 9)).toHaveLength(1);
    await keep(next, question('ap_2'));
    expect((await next.approval('ap_2'))?.edition).toBe(3);
  });

  test('can be read beside a running gateway, and not written', async () => {
    const store = await folder.open();
    await keep(store, question('ap_1'), usedBy(question('ap_2'), 'p'));
    const reader = await folder.open({ mode: 'read' });
    expect((await reader.approval('ap_1'))?.state).toBe('open');
    expect((await reader.approvals(ALL)).map(({ id }) => id)).toEqual(['ap_2', 'ap_1']);
    expect((await reader.lastUsed('bank', 'transfer', ''))?.id).toBe('ap_2');
    expect(await reader.approvalEdition()).toBe(2);
    expect((await reader.changedSince(1, 9)).map(({ id }) => id)).toEqual(['ap_2']);
    expect(await reader.tickNow(clockAt(START - HOUR))).toBe(START);
    const writes = await Promise.allSettled([
      keep(reader, question('ap_3')),
      reader.expireApprovals(clockAt(START), broken),
      reader.forgetApprovals(START),
      reader.announce([], []),
      reader.takeNotices(['chat'], START, 1, 1),
      reader.takeOldNotices(START, START, 1, 1),
      reader.settleNotice('n', { again: START }),
    ]);
    for (const one of writes) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
  });

  test('once the store is closed nothing is told of them', async () => {
    const store = await folder.open();
    await store.close();
    const answers = await Promise.allSettled([
      store.approval('x'),
      store.approvals(ALL),
      store.lastUsed('a', 'b', 'c'),
      store.approvalEdition(),
      store.changedSince(0, 1),
      store.tickNow(clockAt(START)),
      keep(store, question('x')),
      store.expireApprovals(clockAt(START), broken),
      store.forgetApprovals(START),
      store.announce([], []),
      store.takeNotices(['chat'], START, 1, 1),
      store.takeOldNotices(START, START, 1, 1),
      store.settleNotice('x', { again: 1 }),
    ]);
    for (const one of answers) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
  });

  describe('of which a row is broken', () => {
    const BREAKS = [
      ['is no JSON', `UPDATE approval SET body = 'x' WHERE id = 'ap_2'`],
      ['is no object', `UPDATE approval SET body = '[]' WHERE id = 'ap_2'`],
      ['lacks a member', `UPDATE approval SET body = json_remove(body, '$.subject.quorum') WHERE id = 'ap_2'`],
      ['holds another type', `UPDATE approval SET body = json_set(body, '$.askedAt', 'soon') WHERE id = 'ap_2'`],
      [
        'has answers that are none',
        `UPDATE approval SET body = json_set(body, '$.answers', json('[{}]')) WHERE id = 'ap_2'`,
      ],
      ['has a list that is none', `UPDATE approval SET body = json_set(body, '$.answers', 7) WHERE id = 'ap_2'`],
      ['names no class', `UPDATE approval SET body = json_set(body, '$.subject.class', 'harmless') WHERE id = 'ap_2'`],
      ['is in no state', `UPDATE approval SET state = 'maybe' WHERE id = 'ap_2'`],
      ['is used by nobody', `UPDATE approval SET state = 'used' WHERE id = 'ap_2'`],
      ['is over and not', `UPDATE approval SET over = 5 WHERE id = 'ap_2'`],
      ['was denied, and no more', `UPDATE approval SET state = 'denied' WHERE id = 'ap_2'`],
      ['never expires', `UPDATE approval SET expires = 9e999 WHERE id = 'ap_2'`],
    ] as const;

    for (const [what, sql] of BREAKS) {
      test(`that ${what}, it is a fault that names it, and never an approval`, async () => {
        const store = await folder.open();
        await keep(store, question('ap_1', { key: 'good' }), approved(question('ap_2', { key: 'bad' })));
        meddle(sql);
        const naming = /approval "ap_2" is not one that this program wrote/;
        await expect(store.approval('ap_2')).rejects.toThrow(naming);
        await expect(store.approval('ap_2')).rejects.toThrow(StoreFault);
        await expect(store.approvals(ALL)).rejects.toThrow(naming);
        const asked = question('ap_2', { key: 'bad' });
        const answers = await Promise.allSettled([
          store.commit(asking('good', question('x', { key: 'good', name: 'other' }), orAsk(question('x'), 'good'))),
          store.commit(asking('bad', asked, orAsk(asked, 'bad'), { reservations: [limit('n', 9)] })),
          become(store, 'ap_2', (now) => now),
          become(store, 'ap_1', approved),
        ]);
        expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
        expect(answers[1]).toMatchObject({ reason: { message: expect.stringMatching(naming) } });
        expect((await store.approval('ap_1'))?.state).toBe('approved');
        expect((await verified(store)).map(({ id }) => id)).toEqual(['good']);
        expect(await usedOf(store, limit('n', 9), START)).toBe(0);
      });
    }

    test('the others expire all the same, and the fault is told', async () => {
      const store = await folder.open();
      await keep(store, question('ap_1'), question('ap_2'), question('ap_3'));
      meddle(`UPDATE approval SET body = 'x' WHERE id = 'ap_2'`);
      const expiry = store.expireApprovals(clockAt(START + HOUR), (late) =>
        changes(late.map((one) => ended(one, 'expired'))),
      );
      await expect(expiry).rejects.toThrow(/"ap_2"/);
      expect((await store.approval('ap_1'))?.state).toBe('expired');
      expect((await store.approval('ap_3'))?.state).toBe('expired');
    });
  });

  describe('on one clock for all processes', () => {
    test('a question of a process that is ahead does not live longer for one that is behind', async () => {
      const older = await folder.open();
      const younger = await folder.open();
      // The older process counts an hour ahead of the machine's clock that both share.
      const asked = question('ap_1', { expires: START + HOUR + 1_000 });
      await older.changeApproval('ap_1', clockAt(START + HOUR, HOUR), () => changes([asked]));
      const ticks: number[] = [];
      const look = (tick: number) => younger.changeApproval('ap_1', clockAt(tick, 0), (_, at) => void ticks.push(at));
      await look(START + 999);
      await younger.commit(
        asking(
          'call',
          asked,
          (_, tick) => {
            ticks.push(tick);
            return { effect: 'stop', ...changes([]) };
          },
          { tick: START + 999 },
        ),
      );
      expect(ticks).toEqual([START + HOUR + 999, START + HOUR + 999]);
      const late: number[] = [];
      const expire = (tick: number) =>
        younger.expireApprovals(clockAt(tick, 0), (found, at) => {
          late.push(at);
          return changes(found.map((one) => ended(one, 'expired')));
        });
      expect(await expire(START + 999)).toBe(0);
      expect(await expire(START + 1_000)).toBe(1);
      expect(late).toEqual([START + HOUR + 1_000]);
    });

    test('who looks for what is late writes no lead', async () => {
      const store = await folder.open();
      await keep(store, question('ap_1'));
      expect(await store.expireApprovals(clockAt(START, 5_000), broken)).toBe(0);
      const db = openDatabase(folder.file(), { readOnly: true, busyMs: 5_000 });
      expect(db.prepare('SELECT lead FROM tick_lead').all()).toEqual([{ lead: 0 }]);
      db.close();
    });
  });

  describe('on a machine that was started anew, whose wall is behind what it was', () => {
    const DAY = 24 * HOUR;

    /** A question that was approved on the machine as it was: up for a day, with the right wall. */
    async function asItWas(): Promise<void> {
      const store = await folder.open();
      const clock = clockAt(START, START - DAY);
      await store.changeApproval('ap_1', clock, () => changes([approved(question('ap_1'))]));
      await store.close();
    }

    /** Up for so long, with a wall that is a day behind. */
    const now = (ms: number) => clockAt(START - DAY + ms, START - DAY);

    const use = async (store: Awaited<ReturnType<typeof folder.open>>, ms: number): Promise<number> => {
      let told = 0;
      const settle = (_: unknown, tick: number) => {
        told = tick;
        return { effect: 'stop', ...changes([]) } as const;
      };
      const { tick, lead } = now(ms);
      await store.commit(asking(`call-${ms}`, question('ap_1'), settle, { tick: tick(), lead: lead() }));
      return told;
    };

    const expire = (store: Awaited<ReturnType<typeof folder.open>>, ms: number): Promise<number> =>
      store.expireApprovals(now(ms), (late) => changes(late.map((one) => ended(one, 'expired'))));

    test('time goes on from where it was, and a yes does not outlive its end', async () => {
      await asItWas();
      const store = await folder.open();
      expect(await store.tickNow(now(5_000))).toBe(START);
      expect(await use(store, 5_000 + HOUR / 2)).toBe(START + HOUR / 2);
      expect(await expire(store, 5_000 + HOUR - 1)).toBe(0);
      expect(await expire(store, 5_000 + HOUR)).toBe(1);
      expect((await store.approval('ap_1'))?.state).toBe('expired');
    });

    test('it does so from when it is looked at first, though nothing is written', async () => {
      await asItWas();
      const store = await folder.open();
      expect(await expire(store, 5_000)).toBe(0);
      expect(await store.tickNow(now(65_000))).toBe(START + 60_000);
      expect(await expire(store, 5_000 + HOUR)).toBe(1);
    });

    test('it does so from when the store is opened, though nobody looks yet', async () => {
      await asItWas();
      const told: number[] = [];
      const notBefore = (tick: number) => void told.push(tick);
      const store = await folder.open({ clock: { now: () => START - DAY, ...now(5_000), notBefore } });
      expect(await use(store, 5_000 + HOUR)).toBe(START + HOUR);
      // The clock of who opened it goes on from there too.
      expect(told).toEqual([START]);
      // And that of all others: one that comes later is not behind.
      const other = await folder.open();
      expect(await use(other, 5_000 + HOUR)).toBe(START + HOUR);
    });

    test('other processes follow, and one that only looks', async () => {
      await asItWas();
      const store = await folder.open();
      await use(store, 5_000);
      await use(store, 5_000 + HOUR / 2);
      const other = await folder.open();
      expect(await use(other, 5_000 + HOUR / 2)).toBe(START + HOUR / 2);
      const reader = await folder.open({ mode: 'read' });
      expect(await reader.tickNow(now(5_000 + HOUR / 2))).toBe(START + HOUR / 2);
    });

    test('and again when that happens once more', async () => {
      await asItWas();
      const store = await folder.open();
      await use(store, 5_000);
      await use(store, 5_000 + HOUR / 2);
      await store.close();
      const next = await folder.open();
      expect(await use(next, 1_000)).toBe(START + HOUR / 2);
    });

    test('what passes while questions live is kept every ten seconds, also when nobody calls', async () => {
      await asItWas();
      const store = await folder.open();
      for (let ms = 0; ms < HOUR / 2; ms += 5_000) expect(await expire(store, ms)).toBe(0);
      await store.close();
      const next = await folder.open();
      expect(await next.tickNow(now(0))).toBeGreaterThan(START + HOUR / 2 - 20_000);
    });

    test('a wall that was wrong and far ahead ends what lives, and nothing that is asked afterwards lives shorter or longer', async () => {
      const store = await folder.open();
      await keep(store, approved(question('ap_1')));
      const ahead = clockAt(START + 1_000 * DAY, 1_000 * DAY);
      expect(await store.expireApprovals(ahead, (late) => changes(late.map((one) => ended(one, 'expired'))))).toBe(1);
      await store.close();
      const next = await folder.open();
      let asked = 0;
      await next.changeApproval('ap_2', now(0), (_, tick) => {
        asked = tick;
        return changes([question('ap_2', { expires: tick + HOUR })]);
      });
      expect(asked).toBe(START + 1_000 * DAY);
      expect(await expire(next, HOUR - 1)).toBe(0);
      expect(await expire(next, HOUR)).toBe(1);
    });

    test('a limit goes on too: it neither stands still nor frees anything early', async () => {
      const one = limit('sends', 1);
      const store = await folder.open();
      await store.commit({ ...passOf('a', START, { reservations: [one] }), lead: () => START - DAY });
      await store.close();
      const next = await folder.open();
      const pass = async (id: string, ms: number) => {
        const { tick, lead } = now(ms);
        const { verdict } = await next.commit({ ...passOf(id, tick(), { reservations: [one] }), lead });
        return verdict.kind;
      };
      expect(await pass('b', 0)).toBe('exceeded');
      expect(await pass('c', MINUTE - 1)).toBe('exceeded');
      expect(await pass('d', 2 * MINUTE)).toBe('reserved');
    });
  });

  test('when one write of a transaction fails, no question of it is kept', async () => {
    const store = await folder.open();
    meddle(
      `CREATE TRIGGER sabotage BEFORE INSERT ON record WHEN new.id = 'poison' BEGIN SELECT RAISE(ABORT, 'no'); END`,
    );
    const group = await Promise.allSettled([
      store.commit(asking('good', question('ap_1'), orAsk(question('ap_1'), 'good'))),
      store.announce([event('poison', 'x')], [notice('n')]),
    ]);
    for (const one of group) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
    meddle('DROP TRIGGER sabotage');
    expect(await store.approvals(ALL)).toEqual([]);
    expect(await store.approvalEdition()).toBe(0);
    expect(await store.takeNotices(['chat'], START, 1, 9)).toEqual([]);
    expect(await verified(store)).toEqual([]);
  });

  test('everything that is looked up is found by an index, without sorting the past', async () => {
    await folder.open();
    const db = openDatabase(folder.file(), { readOnly: true, busyMs: 5_000 });
    const prepare = db.prepare.bind(db);
    const seen: string[] = [];
    db.prepare = (sql) => {
      seen.push(sql);
      return prepare(sql);
    };
    const approvals = new Approvals(db);
    new Notices(db);
    const kinds = { grant: 'g', server: 's', name: 'n', before: 'ap_1' };
    for (const which of ['waiting', 'live', 'all'] as const) {
      approvals.list({ which, limit: 5, ...kinds });
      approvals.list({ which, limit: 5, grant: 'g' });
      approvals.list({ which, limit: 5, server: 's', name: 'n' });
    }
    const plans = seen
      .filter((sql) => sql.includes('approval ') || sql.includes('notice'))
      .filter((sql) => !sql.startsWith('INSERT'))
      .map((sql) => {
        const steps = prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
        return { sql, plan: steps.map(({ detail }) => String(detail)).join('; ') };
      });
    expect(plans.length).toBeGreaterThan(20);
    const scans = plans.filter(({ plan }) => /SCAN (?!json_each|approval USING INDEX approval_live\b)/.test(plan));
    expect(scans).toEqual([]);
    // Siblings, which live, and notices that are due, are few.
    const sorts = plans.filter(({ plan }) => plan.includes('TEMP B-TREE')).map(({ sql }) => sql);
    expect(sorts).toEqual([expect.stringContaining(`state = 'approved'`), expect.stringContaining('json_each')]);
    db.close();
  });
});
