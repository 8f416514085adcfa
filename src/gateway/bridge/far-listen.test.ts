import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import { SUBSCRIPTION_KEY } from '../../wire/modern/envelope.ts';
import { request } from '../../wire/replies.ts';
import { passage } from '../passage.ts';
import type { Clock } from '../ports.ts';
import { FarListen } from './far-listen.ts';

const leave = passage(request(1, 'resources/subscribe', objectOf([])));
const settled = async (): Promise<void> => {
  for (let n = 0; n < 10; n++) await Promise.resolve();
};

function setUp(): { listen: FarListen; sent: JsonObject[]; acknowledge(at: number): void; later: (() => void)[] } {
  const sent: JsonObject[] = [];
  const later: (() => void)[] = [];
  let ids = 100;
  const clock = {
    tick: () => 0,
    after(_: number, action: () => void) {
      later.push(action);
      return () => later.splice(later.indexOf(action), 1);
    },
  } as unknown as Clock;
  const far = { send: ({ message }: { message: JsonObject }) => void sent.push(message) };
  const options = { clock, far, nextId: () => ++ids, dressed: (params: JsonObject) => params };
  const listen = new FarListen(options as unknown as ConstructorParameters<typeof FarListen>[0]);
  return {
    listen,
    sent,
    later,
    acknowledge(at) {
      const { id, params } = sent[at] ?? objectOf([]);
      const wish = isObject(params) ? (params['notifications'] ?? null) : null;
      const told = objectOf([
        ['notifications', wish],
        ['_meta', objectOf([[SUBSCRIPTION_KEY, id ?? null]])],
      ]);
      listen.acknowledged('notifications/subscriptions/acknowledged', told);
    },
  };
}

const methods = (sent: readonly JsonObject[]): readonly unknown[] => sent.map(({ method }) => method);

describe('the one subscription of a session at a server without sessions', () => {
  it('two resources that are asked for at once are both watched', async () => {
    const { listen, sent, acknowledge } = setUp();
    const both = [listen.watch(leave, 'a:1'), listen.watch(leave, 'a:2')];
    expect(methods(sent)).toEqual(['subscriptions/listen', 'notifications/cancelled', 'subscriptions/listen']);
    acknowledge(2);
    expect(await Promise.all(both)).toEqual([true, true]);
  });

  it('the old one is left when the new one is there, and the last when nothing is watched', async () => {
    const { listen, sent, acknowledge } = setUp();
    const first = listen.watch(leave, 'a:1');
    acknowledge(0);
    expect(await first).toBe(true);
    listen.unwatch('a:1');
    expect(methods(sent)).toEqual(['subscriptions/listen', 'notifications/cancelled']);
    expect(sent[1]).toMatchObject({ params: { requestId: 101 } });
  });

  it('one that the server ends is opened again after a while', async () => {
    const { listen, sent, acknowledge, later } = setUp();
    listen.begin(objectOf([['tools', objectOf([])]]));
    acknowledge(0);
    await settled();
    expect(listen.ended(101)).toBe(true);
    expect(listen.ended(999)).toBe(false);
    for (const action of [...later]) action();
    expect(methods(sent)).toEqual(['subscriptions/listen', 'subscriptions/listen']);
    listen.stop();
  });
});
