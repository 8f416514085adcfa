import { describe, expect, it } from 'vitest';
import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { Message } from '../../wire/message.ts';
import { notification, request } from '../../wire/replies.ts';
import { passage } from '../passage.ts';
import type { Clock, Connection, ConnectionEvents } from '../ports.ts';
import { ModernOnLegacy } from './modern-on-legacy.ts';

const settled = async (): Promise<void> => {
  for (let n = 0; n < 30; n++) await Promise.resolve();
};

const MET = objectOf([
  ['protocolVersion', '2025-11-25'],
  ['capabilities', objectOf([['resources', objectOf([['subscribe', true]])]])],
]);

/** A bridge to a server that takes subscriptions to `slow:1` only when it is let. */
function setUp(): {
  readonly bridge: ModernOnLegacy;
  readonly sent: readonly string[];
  readonly heard: readonly Message[];
  listen(id: number, ...uris: readonly string[]): void;
  leave(id: number): void;
  letThrough(): void;
} {
  const sent: string[] = [];
  const heard: Message[] = [];
  const held: number[] = [];
  const clock = { tick: () => 0, after: () => () => {} } as unknown as Clock;
  const near = { received: (message) => void heard.push(message) } as Partial<ConnectionEvents> as ConnectionEvents;
  const answer = (id: number, result: JsonObject): void =>
    bridge.ears.received({ kind: 'response', id, result }, undefined);
  const far = {
    send({ message: { id, method, params } }) {
      const { uri = '' } = (params ?? {}) as { readonly uri?: string };
      sent.push(`${String(method)} ${uri}`.trim());
      if (typeof id !== 'number') return;
      if (method === 'resources/subscribe' && uri === 'slow:1') held.push(id);
      else queueMicrotask(() => answer(id, method === 'initialize' ? MET : objectOf([])));
    },
  } as Partial<Connection> as Connection;
  const bridge = new ModernOnLegacy({ server: 's', clock, version: '1', far, near, undone() {} });
  return {
    bridge,
    sent,
    heard,
    listen(id, ...uris) {
      const wish = objectOf([['resourceSubscriptions', uris]]);
      bridge.send(passage(request(id, 'subscriptions/listen', objectOf([['notifications', wish]]))));
    },
    leave: (id) => bridge.send(passage(notification('notifications/cancelled', objectOf([['requestId', id]])))),
    letThrough() {
      for (const id of held.splice(0)) answer(id, objectOf([]));
    },
  };
}

describe('subscriptions of modern clients at a server with sessions', () => {
  it('one that is still being opened goes on hearing of a resource whose other listener leaves meanwhile', async () => {
    const { bridge, sent, heard, listen, leave, letThrough } = setUp();
    listen(1, 'a:1');
    await settled();
    listen(2, 'a:1', 'slow:1');
    await settled();
    leave(1);
    letThrough();
    await settled();
    expect(sent).not.toContain('resources/unsubscribe a:1');
    expect(heard.map((message) => 'method' in message && message.method)).toEqual([
      'notifications/subscriptions/acknowledged',
      'notifications/subscriptions/acknowledged',
    ]);
    const params = objectOf([['uri', 'a:1']]);
    bridge.ears.received({ kind: 'notification', method: 'notifications/resources/updated', params }, undefined);
    expect(heard).toHaveLength(3);
    leave(2);
    await settled();
    expect(sent.slice(-2).sort()).toEqual(['resources/unsubscribe a:1', 'resources/unsubscribe slow:1']);
  });

  it('two that ask for one resource at once ask the server once', async () => {
    const { sent, listen, leave } = setUp();
    listen(1, 'a:1');
    listen(2, 'a:1');
    await settled();
    expect(sent.filter((one) => one.startsWith('resources/'))).toEqual(['resources/subscribe a:1']);
    leave(1);
    await settled();
    expect(sent).not.toContain('resources/unsubscribe a:1');
  });

  it('one that is left while it is being opened is ended at the server too', async () => {
    const { sent, heard, listen, leave, letThrough } = setUp();
    listen(1, 'slow:1');
    await settled();
    leave(1);
    letThrough();
    await settled();
    expect(heard).toEqual([]);
    expect(sent.at(-1)).toBe('resources/unsubscribe slow:1');
  });
});
