import { describe, expect, it } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { objAt } from '../kit/json-rpc.ts';
import { unrecordedCalls } from './journal.ts';
import { heard, latch, outcome, rule, said } from './seen.ts';
import { answerCall, calm, openWorld, TIMEOUT_MS } from './world.ts';

const wentDown = async (): Promise<never> => {
  throw new StoreFault('the disk is full');
};

describe('a call while all is well', () => {
  it('is recorded as allowed before the server hears of it, and its outcome after (law 11)', async () => {
    const world = await openWorld();
    const answer = await world.call(1, 'send', { to: 'bob' });
    await calm();
    expect(objAt(answer, 'result')).toEqual({ content: [] });
    expect(world.journal.lines.map((line) => ('kind' in line ? line.kind : line.what))).toEqual([
      'call',
      'sent',
      'outcome',
    ]);
    expect(unrecordedCalls(world.journal)).toEqual([]);
    expect(outcome(world)).toBe('ok');
    expect(world.store.used('sends')).toBe(1);
  });
});

describe('the store fails', () => {
  it('before the decision is written: the agent is told so, the server hears nothing, and later calls pass (law 11)', async () => {
    const world = await openWorld();
    const working = world.store.onCommit;
    world.store.onCommit = wentDown;
    const refused = await world.call(1, 'send');
    expect(rule(refused)).toBe('(store unavailable)');
    expect(said(refused)).toMatch(/^\[POLICY DENIED\] .*cannot write its record/);
    expect(heard(world)).toBe(0);
    expect(world.told.join('\n')).toContain('the disk is full');

    world.store.onCommit = working;
    expect(objAt(await world.call(2, 'send'), 'result')).toEqual({ content: [] });
    expect(heard(world)).toBe(1);
  });

  it('after the decision was written, but before it said so: not sent, since nobody knows that it is on record (law 11)', async () => {
    const world = await openWorld();
    world.store.onCommit = async (write) => {
      write();
      return wentDown();
    };
    expect(rule(await world.call(1, 'send'))).toBe('(store unavailable)');
    expect(heard(world)).toBe(0);
  });

  it('while a refusal is written: the refusal stands, with its own rule', async () => {
    const world = await openWorld();
    world.store.onCommit = wentDown;
    const answer = await world.call(1, 'other');
    expect(rule(answer)).toBe('(default deny)');
    expect(heard(world)).toBe(0);
  });

  it('in a way that nobody foresaw (the record cannot even be made): no answer that could pass for a yes, and nothing sent (law 11)', async () => {
    const world = await openWorld();
    const working = world.store.onCommit;
    world.store.onCommit = async () => {
      throw new RangeError('the body of the record threw');
    };
    await expect(world.call(1, 'send')).rejects.toThrow('the body of the record threw');
    expect(heard(world)).toBe(0);
    expect(world.session.exchanges.size).toBe(0);
    world.store.onCommit = working;
    expect(objAt(await world.call(2, 'send'), 'result')).toEqual({ content: [] });
  });

  it('for ever: a call that waits for it reaches nobody, and time does not let it through', async () => {
    const world = await openWorld();
    const held = latch();
    world.store.onCommit = (write) => held.opened.then(write);
    const waiting = world.call(1, 'send');
    await calm();
    world.clock.advance(TIMEOUT_MS * 10);
    await calm();
    expect(heard(world)).toBe(0);
    held.open();
    expect(objAt(await waiting, 'result')).toEqual({ content: [] });
  });

  it.each([
    ['as stores do', new StoreFault('the disk is full')],
    ['unforeseen', new TypeError('odd')],
  ])('when the outcome is written (%s): the agent has its answer, the operator is told', async (_how, fault) => {
    const world = await openWorld();
    world.store.onAppend = async () => {
      throw fault;
    };
    expect(objAt(await world.call(1, 'send'), 'result')).toEqual({ content: [] });
    await calm();
    expect(world.told).toEqual([expect.stringContaining(`is not recorded: ${fault.message}`)]);
    expect(world.store.used('sends')).toBe(1);
  });

  it('when it should give back what was reserved: the limit stays used, which is the strict side (law 10)', async () => {
    const world = await openWorld();
    world.onCall = (message, events) => events.failed(message['id'] as number, 'unsent', 'no route to it');
    world.store.onAppend = wentDown;
    expect(said(await world.call(1, 'send'))).toContain('nothing was sent');
    await calm();
    expect(world.store.used('sends')).toBe(1);
    expect(rule(await world.call(2, 'send'))).toBe('/tools/send/limits/0');
  });

  it('when a message is refused before it is a call: it stays refused', async () => {
    const world = await openWorld();
    world.store.onAppend = wentDown;
    const answer = await world.client({ jsonrpc: '2.0', id: 1, method: 'tools/evil', params: {} });
    expect(objAt(answer, 'error')['code']).toBe(-32601);
    expect(world.told).toEqual([expect.stringContaining('the disk is full')]);
  });
});

describe('the server cannot be reached', () => {
  it('so nothing was sent: the agent may try again, and the limit is given back, once (law 10)', async () => {
    const world = await openWorld();
    world.onCall = (message, events) => {
      events.failed(message['id'] as number, 'unsent', 'connection refused');
      events.failed(message['id'] as number, 'unsent', 'told twice');
    };
    const answer = await world.call(1, 'send');
    expect(said(answer)).toMatch(/nothing was sent: connection refused.* can be sent again/);
    await calm();
    expect(outcome(world)).toBe('unsent');
    expect(world.journal.refunds()).toHaveLength(1);
    expect(world.store.used('sends')).toBe(0);

    world.onCall = answerCall;
    expect(objAt(await world.call(2, 'send'), 'result')).toEqual({ content: [] });
    expect(rule(await world.call(3, 'send'))).toBe('/tools/send/limits/0');
  });

  it('any more, after the call was sent: it may have taken effect, so nothing is given back (law 10)', async () => {
    const world = await openWorld();
    world.onCall = (message, events) => events.failed(message['id'] as number, 'lost', 'the pipe broke');
    expect(said(await world.call(1, 'send'))).toMatch(/got no result: the pipe broke.* may have taken effect/);
    await calm();
    expect(outcome(world)).toBe('lost');
    expect(world.journal.refunds()).toEqual([]);
    expect(rule(await world.call(2, 'send'))).toBe('/tools/send/limits/0');
    expect(heard(world)).toBe(1);
  });
});

describe('the connection closes', () => {
  it('in the middle of a call: the agent hears why, and that it may have taken effect; nothing passes afterwards', async () => {
    const world = await openWorld();
    world.onCall = (_message, events) => events.closed('the process ended with exit code 7');
    expect(said(await world.call(1, 'send'))).toMatch(/exit code 7.*may have taken effect/);
    await calm();
    expect(outcome(world)).toBe('lost');
    expect(world.journal.refunds()).toEqual([]);
    expect(said(await world.call(2, 'read'))).toContain(
      'nothing was sent: the process ended with exit code 7; it is being started again',
    );
    expect(heard(world)).toBe(1);
  });

  it('while the decision is being written: the call is not sent, and gives back what it reserved (law 10)', async () => {
    const world = await openWorld();
    const held = latch();
    world.store.onCommit = async (write) => {
      const committed = write();
      await held.opened;
      return committed;
    };
    const waiting = world.call(1, 'send');
    await calm();
    world.server().closed('the process ended');
    held.open();
    expect(said(await waiting)).toContain('nothing was sent: the process ended');
    await calm();
    expect(heard(world)).toBe(0);
    expect(world.store.used('sends')).toBe(0);
    expect(world.journal.refunds()).toHaveLength(1);
  });
});

describe('the grant is revoked', () => {
  it('before the call: refused at once, though the session is still there', async () => {
    const world = await openWorld();
    world.isGranted = false;
    expect(rule(await world.call(1, 'send'))).toBe('(no policy)');
    expect(heard(world)).toBe(0);
  });

  it('while the decision is being written: its session ends, so the call is not sent and not counted (law 10)', async () => {
    const world = await openWorld();
    const held = latch();
    world.store.onCommit = async (write) => {
      const committed = write();
      await held.opened;
      return committed;
    };
    const waiting = world.call(1, 'send');
    await calm();
    world.isGranted = false;
    void world.session.end('the grant is revoked');
    held.open();
    expect(said(await waiting)).toContain('the grant is revoked');
    await calm();
    expect(heard(world)).toBe(0);
    expect(world.store.used('sends')).toBe(0);
  });
});
