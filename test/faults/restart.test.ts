import { describe, expect, it } from 'vitest';
import type { Obj } from '../kit/json-rpc.ts';
import { heard, said } from './seen.ts';
import { calm, openWorld, type World } from './world.ts';

const OPEN = { version: '1', default: 'allow', tools: {} };

function methods(world: World): readonly unknown[] {
  return world.journal.lines.flatMap((line) => (line.what === 'sent' ? [line.message['method']] : []));
}

describe('a server that ends by itself', () => {
  it('is started again at once, with the same handshake; the next call passes, and the lost one is not sent again', async () => {
    const world = await openWorld(OPEN);
    const answered = world.onCall;
    world.onCall = (_message, events) => events.closed('the process ended with exit code 7');
    expect(said(await world.call(1, 'send'))).toMatch(/exit code 7; it is being started again.*may have taken effect/);
    world.onCall = answered;
    world.clock.advance(0);
    await calm();
    expect(await world.call(2, 'read')).toMatchObject({ result: { content: [] } });
    expect(methods(world)).toEqual([
      'tools/call',
      'initialize',
      'notifications/initialized',
      'tools/list',
      'tools/call',
    ]);
    expect(heard(world)).toBe(2);
  });

  it('tells the client that what it knew may have changed', async () => {
    const world = await openWorld(OPEN);
    const told: unknown[] = [];
    Object.assign(world.session.front, { push: (message: Obj) => told.push(message['method']) });
    world.server().closed('the process ended');
    world.clock.advance(0);
    await calm();
    expect(told).toEqual(['notifications/tools/list_changed']);
  });

  it('again and again is started with growing patience; meanwhile calls say when, reach nobody and count for nothing', async () => {
    const world = await openWorld({
      ...OPEN,
      tools: { send: { limits: [{ counter: 'sends', window: 'hour', max: 5 }] } },
    });
    const waits: number[] = [];
    for (let crash = 0; crash < 9; crash++) {
      world.server().closed('the process ended');
      const text = said(await world.call(`c${crash}`, 'send'));
      expect(text).toContain('nothing was sent');
      const seconds = Number(/started again in (\d+) s/.exec(text)?.[1] ?? 0);
      waits.push(seconds);
      world.clock.advance(seconds * 1000);
      await calm();
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60]);
    expect(heard(world)).toBe(0);
    expect(world.store.used('sends')).toBe(0);
  });

  it('that ran well for a minute is started at once again', async () => {
    const world = await openWorld(OPEN);
    for (let crash = 0; crash < 3; crash++) {
      world.server().closed('the process ended');
      expect(said(await world.call(`c${crash}`, 'read'))).toContain('being started again');
      world.clock.advance(0);
      await calm();
      world.clock.advance(60_000);
    }
  });

  it('and comes back with another revision ends nothing quietly: it is tried again, and callers are told', async () => {
    const world = await openWorld(OPEN);
    world.revision = '2025-03-26';
    world.server().closed('the process ended');
    world.clock.advance(0);
    await calm();
    expect(said(await world.call(1, 'read'))).toContain('another revision');
    expect(heard(world)).toBe(0);
  });
});
