import { describe, expect, it } from 'vitest';
import { objAt } from '../kit/json-rpc.ts';
import { heard, latch, outcome, said } from './seen.ts';
import { answerCall, calm, openWorld, TIMEOUT_MS } from './world.ts';

describe('the client cancels', () => {
  it.each([
    ['before the decision is written', 'before'],
    ['between the record and the sending', 'after'],
  ])('%s: the server hears neither the call nor its end, and nothing stays counted (law 10)', async (_when, order) => {
    const world = await openWorld();
    const held = latch();
    world.store.onCommit = async (write) => {
      if (order === 'before') return held.opened.then(write);
      const committed = write();
      await held.opened;
      return committed;
    };
    const waiting = world.call('mine', 'send');
    await calm();
    await world.cancel('mine');
    held.open();
    await waiting;
    await calm();
    expect(world.journal.lines.filter((line) => line.what === 'sent')).toEqual([]);
    expect(world.store.used('sends')).toBe(0);
    expect(world.journal.refunds()).toHaveLength(1);
    expect(outcome(world)).toBe('unsent');
  });

  it('after it was sent: the server is told under our id, the late answer is dropped, and the call counts (law 10)', async () => {
    const world = await openWorld();
    const late: (() => void)[] = [];
    world.onCall = (message, events) => void late.push(() => answerCall(message, events));
    const waiting = world.call('mine', 'send');
    await calm();
    await world.cancel('mine');
    expect(await waiting).toBeUndefined();
    for (const answer of late) answer();
    await calm();
    const [sent] = world.journal.got('tools/call');
    const [told] = world.journal.got('notifications/cancelled');
    expect(objAt(told, 'params')).toEqual({ requestId: sent?.['id'], reason: 'enough' });
    expect(sent?.['id']).not.toBe('mine');
    expect(outcome(world)).toBe('cancelled');
    expect(world.journal.refunds()).toEqual([]);
    expect(world.store.used('sends')).toBe(1);
    expect(world.told).toEqual([expect.stringContaining('nobody waits for was dropped')]);
  });

  it('another request, or one whose id only looks the same: nothing of this one ends', async () => {
    const world = await openWorld();
    const late: (() => void)[] = [];
    world.onCall = (message, events) => void late.push(() => answerCall(message, events));
    const waiting = world.call(1, 'read');
    await calm();
    await world.cancel('1');
    await world.cancel(2);
    for (const answer of late) answer();
    expect(objAt(await waiting, 'result')).toEqual({ content: [] });
    expect(world.journal.got('notifications/cancelled')).toEqual([]);
  });
});

describe('the server does not answer in time', () => {
  it('the agent is told that it may have taken effect, the server that nobody waits, and it counts (law 10)', async () => {
    const world = await openWorld();
    const late: (() => void)[] = [];
    world.onCall = (message, events) => void late.push(() => answerCall(message, events));
    const waiting = world.call(1, 'send');
    await calm();
    world.clock.advance(TIMEOUT_MS);
    expect(said(await waiting)).toMatch(/no answer within 60 s.*may have taken effect/);
    for (const answer of late) answer();
    await calm();
    const [sent] = world.journal.got('tools/call');
    expect(objAt(world.journal.got('notifications/cancelled')[0], 'params')['requestId']).toBe(sent?.['id']);
    expect(outcome(world)).toBe('lost');
    expect(world.journal.refunds()).toEqual([]);
    expect(world.session.exchanges.size).toBe(0);
  });
});

describe('the server answers', () => {
  it('twice, or what nobody asked: the first answer to the right question counts', async () => {
    const world = await openWorld();
    world.onCall = (message, events) => {
      const id = message['id'] as number;
      events.received({ kind: 'response', id: id + 1000, result: 'to nobody' }, undefined);
      events.received({ kind: 'response', id: String(id), result: 'to the same digits as a string' }, undefined);
      events.received({ kind: 'response', id, result: 'mine' }, undefined);
      events.received({ kind: 'response', id, result: 'again' }, undefined);
    };
    expect((await world.call(1, 'read'))?.['result']).toBe('mine');
    expect(world.told).toHaveLength(3);
  });

  it('while the log holds replies back: the agent hears it only once the record is on the disk', async () => {
    const world = await openWorld();
    const held = latch();
    Object.assign(world.gate, { audit: () => ({ holdReply: true }) });
    world.store.onSynced = () => held.opened;
    let answered = false;
    const waiting = world.call(1, 'read').then(() => {
      answered = true;
    });
    await calm();
    expect(heard(world)).toBe(1);
    expect(answered).toBe(false);
    held.open();
    await waiting;
    expect(answered).toBe(true);
  });
});
