import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { checkedLinks, countOf } from './link-check.ts';
import { plansBy, toHttp } from './plans.ts';
import { eventsOf, exportRig, write } from './rig.ts';
import { refuse, SECRET, type Siem, startSiem, type Taking, take } from './siem.ts';

const rig = exportRig();
const eventually = { timeout: 30_000, interval: 10 };

/** Resolves when the receiver has so many different records, all in order and with their hashes right. */
function has(siem: Siem, count: number): Promise<void> {
  return vi.waitFor(() => expect(countOf(checkedLinks(siem.links()))).toBe(count), eventually);
}

describe('an address that gets the log', () => {
  it('is given every record once, in order, and what comes later as it comes', async () => {
    const store = await rig.folder.open();
    await write(store, 450);
    const siem = await rig.siem();
    rig.run(store, [toHttp(siem)]);
    await has(siem, 450);
    await write(store, 3, 'later');
    await has(siem, 453);
    expect(checkedLinks(siem.links()).doubles).toBe(0);
    expect(siem.deliveries.length).toBeLessThanOrEqual(5);
    const [first] = siem.deliveries;
    expect(first?.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      authorization: `Bearer ${SECRET}`,
      'toolgate-batch': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(rig.log).toEqual([]);
    expect(await eventsOf(store)).toEqual([]);
  });

  it('that is down for long is told of once, gets everything when it is back, and that is told once', async () => {
    const store = await rig.folder.open();
    const gone = await startSiem();
    await gone.stop();
    await write(store, 300);
    rig.run(store, [toHttp(gone)]);
    await vi.waitFor(() => expect(rig.pauses.filter((ms) => ms === 60_000).length).toBeGreaterThan(1), eventually);
    expect(rig.pauses.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
    await write(store, 100, 'meanwhile');
    const siem = await rig.siem(take, gone.port);
    // What was written, and the two events.
    await has(siem, 402);
    await vi.waitFor(() => expect(rig.log).toHaveLength(2), eventually);
    expect(rig.log[0]).toMatch(/^export "siem" fails: ECONNREFUSED; it is tried again/);
    expect(rig.log[1]).toBe('export "siem" works again');
    expect(await eventsOf(store)).toEqual([
      { event: 'export failing', export: 'siem', to: 'http', why: 'ECONNREFUSED' },
      { event: 'export works again', export: 'siem', to: 'http' },
    ]);
  });

  it.each<[string, Taking, RegExp]>([
    ['answers 500', refuse(500), /the receiver answered 500;/],
    ['answers 401', refuse(401), /the receiver answered 401;/],
    ['sends it elsewhere', refuse(307, { location: 'http://127.0.0.1:1/' }), /the receiver answered 307;/],
    ['hangs', () => 'drop', /fails: TIMEOUT;/],
    [
      'breaks off',
      (response) => {
        response.socket?.destroy();
        return 'drop';
      },
      /fails: UND_ERR_SOCKET;/,
    ],
    [
      'breaks off in the middle of its answer',
      (response) => {
        response.writeHead(503, { 'content-length': '100' }).write('x');
        setTimeout(() => response.socket?.destroy(), 5);
        return 'drop';
      },
      /the receiver answered 503;/,
    ],
  ])('that %s loses nothing', async (what, taking, told) => {
    const store = await rig.folder.open();
    await write(store, 30);
    const siem = await rig.siem(taking);
    rig.run(store, [toHttp(siem)], what === 'hangs' ? { timeoutMs: 300 } : {});
    await vi.waitFor(() => expect(siem.deliveries.length).toBeGreaterThan(2), eventually);
    expect(siem.links()).toEqual([]);
    siem.answer(take);
    await has(siem, 32);
    expect(rig.log[0]).toMatch(told);
    await vi.waitFor(() => expect(rig.log).toHaveLength(2), eventually);
  });

  it('that takes a batch after we gave up gets it again, under the same id', async () => {
    const store = await rig.folder.open();
    await write(store, 30);
    let calls = 0;
    const siem = await rig.siem((response, delivery) => {
      calls += 1;
      if (calls > 1) return take(response, delivery);
      setTimeout(() => response.writeHead(200).end(), 1_500);
      return 'keep';
    });
    rig.run(store, [toHttp(siem)], { timeoutMs: 1_000 });
    await has(siem, 32);
    expect(checkedLinks(siem.links()).doubles).toBeGreaterThanOrEqual(30);
    const [first, second] = siem.deliveries;
    expect(second?.headers['toolgate-batch']).toBe(first?.headers['toolgate-batch']);
  });

  it('that asks to be left alone is left alone for so long', async () => {
    const store = await rig.folder.open();
    await write(store, 5);
    const siem = await rig.siem(refuse(429, { 'retry-after': '70' }));
    rig.run(store, [toHttp(siem)]);
    await vi.waitFor(() => expect(siem.deliveries).toHaveLength(2), eventually);
    await vi.waitFor(() => expect(rig.pauses.slice(0, 2)).toEqual([70_000, 70_000]), eventually);
    siem.answer(take);
    await has(siem, 7);
    const [first, second] = siem.deliveries;
    // The pauses of this test pass fifty times as fast.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_300);
    expect(second?.headers['toolgate-batch']).toBe(first?.headers['toolgate-batch']);
  });

  it('that takes no more than so much at once gets less at once, and nobody is bothered', async () => {
    const store = await rig.folder.open();
    await write(store, 400);
    const siem = await rig.siem((response, delivery) =>
      delivery.body.length > 20_000 ? refuse(413)(response, delivery) : take(response, delivery),
    );
    rig.run(store, [toHttp(siem)]);
    await has(siem, 400);
    expect(checkedLinks(siem.links()).doubles).toBe(0);
    expect(rig.log).toEqual([]);
  });

  it('that refuses one record gets all before it; which one it is is told, and it is tried until it is taken', async () => {
    const store = await rig.folder.open();
    await write(store, 40);
    const [poison] = await write(store, 1, 'poison');
    await write(store, 40, 'after');
    const siem = await rig.siem((response, delivery) =>
      delivery.body.includes('poison') ? refuse(400)(response, delivery) : take(response, delivery),
    );
    rig.run(store, [toHttp(siem)]);
    await has(siem, 40);
    await vi.waitFor(() => expect(rig.log).toHaveLength(1), eventually);
    expect(rig.log[0]).toMatch(
      /^export "siem" fails: the receiver answered 400, for one record alone \(poison-0, writer [0-9a-f]{32}, record 41\);/,
    );
    expect(await eventsOf(store)).toMatchObject([{ event: 'export failing', record: poison, seq: 41 }]);
    await sleep(100);
    expect(countOf(checkedLinks(siem.links()))).toBe(40);
    siem.answer(take);
    await has(siem, 83);
  });

  it('does not feed itself when it fails every other time', async () => {
    const store = await rig.folder.open();
    await write(store, 20);
    let calls = 0;
    const siem = await rig.siem((response, delivery) => {
      calls += 1;
      return calls % 2 === 0 ? take(response, delivery) : refuse(500)(response, delivery);
    });
    rig.run(store, [toHttp(siem)]);
    for (let round = 0; round < 10; round += 1) {
      await write(store, 1, `round-${round}`);
      await sleep(40);
    }
    await has(siem, 32);
    expect(await eventsOf(store)).toHaveLength(2);
  });

  it('that is changed, taken out and put back goes on from where it was', async () => {
    const store = await rig.folder.open();
    await write(store, 10);
    const [one, other] = [await rig.siem(), await rig.siem()];
    const exports = rig.run(store, [toHttp(one)]);
    await has(one, 10);
    // What was received and not yet noted comes again: at least once.
    const noted = (n: number) =>
      vi.waitFor(async () => expect((await store.exports.all()).get('siem')).toBe(n), eventually);
    await noted(10);
    await exports.apply(plansBy([toHttp(other)]));
    await write(store, 5, 'changed');
    await vi.waitFor(() => expect(other.links().map(({ id }) => id)).toHaveLength(5), eventually);
    await noted(15);
    await exports.apply(plansBy([]));
    await write(store, 5, 'nobody');
    await sleep(100);
    expect(other.links()).toHaveLength(5);
    await exports.apply(plansBy([toHttp(other), { ...toHttp(one, 'new'), from: 'now' }]));
    await vi.waitFor(() => expect(other.links()).toHaveLength(10), eventually);
    await vi.waitFor(async () => expect((await store.exports.all()).has('new')).toBe(true), eventually);
    await write(store, 2, 'last');
    await vi.waitFor(() => expect(one.links()).toHaveLength(12), eventually);
    await vi.waitFor(() => expect(countOf(checkedLinks(other.links()))).toBe(12), eventually);
  });

  it('hears of the end of a gateway at once: what hangs is broken off, what waits comes with the next', async () => {
    const store = await rig.folder.open();
    await write(store, 10);
    const siem = await rig.siem(() => 'drop');
    const exports = rig.run(store, [toHttp(siem)], { timeoutMs: 60_000 });
    await vi.waitFor(() => expect(siem.deliveries).toHaveLength(1), eventually);
    const began = performance.now();
    await exports.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(rig.log).toEqual([]);
    siem.answer(take);
    rig.run(store, [toHttp(siem)]);
    await has(siem, 10);
  });

  it('tells no secret, whatever happens: not in what is printed, not in the data folder', async () => {
    const store = await rig.folder.open();
    await write(store, 10);
    const siem = await rig.siem(refuse(403));
    rig.run(store, [toHttp(siem)]);
    await vi.waitFor(() => expect(rig.log).toHaveLength(1), eventually);
    siem.answer(take);
    await has(siem, 12);
    expect(rig.log.join('\n')).not.toContain(SECRET);
    expect(rig.log.join('\n')).not.toContain('127.0.0.1');
    for await (const { body } of store.newest(100)) expect(body).not.toContain(SECRET);
  });

  it('was away while records were removed is told how many it missed', async () => {
    const store = await rig.folder.open();
    await write(store, 10);
    const siem = await rig.siem();
    const exports = rig.run(store, [toHttp(siem)]);
    await has(siem, 10);
    await vi.waitFor(async () => expect((await store.exports.all()).get('siem')).toBe(10), eventually);
    await exports.apply(plansBy([]));
    await write(store, 4, 'lost');
    await write(store, 1, 'kept');
    await write(store, 6, 'lost');
    await write(store, 1, 'kept');
    const { openDatabase } = await import('../../src/store/sqlite/driver.ts');
    const db = openDatabase(rig.folder.file(), { readOnly: false, busyMs: 5_000 });
    db.exec(`DELETE FROM record WHERE id LIKE 'lost-%'`);
    db.close();
    await exports.apply(plansBy([toHttp(siem)]));
    await vi.waitFor(() => expect(rig.log).toHaveLength(1), eventually);
    expect(rig.log[0]).toContain('10 records were removed from the log before they were handed over');
    expect(await eventsOf(store)).toEqual([{ event: 'export missed records', export: 'siem', to: 'http', missed: 10 }]);
  });
});
