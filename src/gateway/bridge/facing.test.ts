import { describe, expect, it } from 'vitest';
import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { Message } from '../../wire/message.ts';
import { notification, request } from '../../wire/replies.ts';
import { EraBook } from '../era-book.ts';
import { passage } from '../passage.ts';
import type { Clock, Connection, ConnectionEvents, Upstream } from '../ports.ts';
import { facing } from './facing.ts';

type Answer = (message: JsonObject, tell: ConnectionEvents) => void;

interface Scene {
  readonly connection: Connection;
  readonly sent: string[];
  readonly heard: (Message | string)[];
  readonly open: () => number;
  pass(ms: number): void;
}

const settled = async (): Promise<void> => {
  for (let n = 0; n < 30; n++) await Promise.resolve();
};

/** A session of an era in front of a server that answers so. */
function setUp(transport: 'stdio' | 'http', era: 'legacy' | 'modern', answer: Answer): Scene {
  let time = 0;
  let connections = 0;
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  const sent: string[] = [];
  const heard: (Message | string)[] = [];
  const clock = {
    tick: () => time,
    after(ms: number, action: () => void) {
      const timer = { at: time + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  } as unknown as Clock;
  const upstream: Upstream = {
    transport,
    connect(events, spoken) {
      connections++;
      return {
        send({ message }) {
          sent.push(`${spoken} ${String(message['method'])}`);
          queueMicrotask(() => answer(message, events));
        },
        pause() {},
        resume() {},
        async close() {
          connections--;
        },
      };
    },
    close: async () => {},
  };
  const near: ConnectionEvents = {
    received: (message) => heard.push(message),
    failed: (id, how, reason) => heard.push(`${id} ${how}: ${reason}`),
    paused() {},
    noise: (what) => heard.push(what),
    closed: (reason) => heard.push(`closed: ${reason}`),
  };
  const options = { server: 's', clock, version: '1', book: new EraBook(clock) };
  return {
    connection: facing(upstream, options).connect(near, era),
    sent,
    heard,
    open: () => connections,
    pass(ms) {
      time += ms;
      for (const timer of [...timers]) if (timer.at <= time && timers.delete(timer)) timer.action();
    },
  };
}

const list = passage(request(1, 'tools/list', objectOf([])));

const legacy: Answer = ({ id, method }, tell) => {
  if (typeof id !== 'number') return;
  const results: { [method: string]: JsonObject } = {
    initialize: objectOf([['protocolVersion', '2025-11-25']]),
    'tools/list': objectOf([['tools', []]]),
  };
  const result = results[String(method)];
  if (result !== undefined) tell.received({ kind: 'response', id, result }, undefined);
  else tell.received({ kind: 'error', id, error: { code: -32601, message: 'no' } }, undefined);
};

describe('a connection that finds out what its server speaks', () => {
  it.each(['stdio', 'http'] as const)('opens a session where the server has them, over %s', async (transport) => {
    const { connection, sent, heard, open } = setUp(transport, 'modern', legacy);
    connection.send(list);
    await settled();
    const era = transport === 'stdio' ? 'modern' : 'legacy';
    expect(sent).toEqual([
      'modern server/discover',
      `${era} initialize`,
      `${era} notifications/initialized`,
      `${era} tools/list`,
    ]);
    expect(heard).toMatchObject([{ kind: 'response', id: 1, result: { resultType: 'complete', ttlMs: 0 } }]);
    expect(open()).toBe(1);
    await connection.close();
    expect(open()).toBeLessThanOrEqual(0);
  });

  it('takes a server that does not answer the question for one with sessions', async () => {
    const mute: Answer = (message, tell) => {
      if (message['method'] !== 'server/discover') legacy(message, tell);
    };
    const { connection, heard, pass } = setUp('stdio', 'modern', mute);
    connection.send(list);
    await settled();
    expect(heard).toEqual([]);
    pass(5_000);
    await settled();
    expect(heard).toMatchObject([{ kind: 'response', id: 1 }]);
  });

  it('sends nothing of a request that is cancelled meanwhile', async () => {
    const { connection, sent, heard } = setUp('stdio', 'modern', legacy);
    connection.send(list);
    connection.send(passage(notification('notifications/cancelled', objectOf([['requestId', 1]]))));
    await settled();
    expect(sent).not.toContain('modern tools/list');
    expect(heard).toEqual([]);
  });

  it('tells that nothing was sent where nobody is reached, and tries anew with the next message', async () => {
    let isThere = false;
    const { connection, sent, heard } = setUp('http', 'modern', (message, tell) => {
      if (isThere) legacy(message, tell);
      else if (typeof message['id'] === 'number') tell.failed(message['id'], 'unsent', 'refused');
    });
    connection.send(list);
    await settled();
    expect(heard).toEqual(['1 unsent: refused']);
    isThere = true;
    connection.send(passage(request(2, 'tools/list', objectOf([]))));
    await settled();
    expect(heard.at(-1)).toMatchObject({ kind: 'response', id: 2 });
    expect(sent.filter((one) => one.endsWith('tools/list'))).toHaveLength(1);
  });

  it('finds out anew when the server does not take the first word of a session', async () => {
    const { connection, heard } = setUp('stdio', 'modern', ({ id }, tell) => {
      if (typeof id === 'number') tell.received({ kind: 'error', id, error: { code: -1, message: 'busy' } }, undefined);
    });
    connection.send(list);
    await settled();
    expect(heard).toEqual(['1 unsent: it could not be initialized: busy']);
    connection.send(passage(request(2, 'tools/list', objectOf([]))));
    await settled();
    expect(heard.at(-1)).toBe('2 unsent: it could not be initialized: busy');
  });

  it('gives a session the refusal of a server of its own era as it is', async () => {
    const { connection, heard } = setUp('stdio', 'legacy', ({ id }, tell) => {
      if (typeof id === 'number') tell.received({ kind: 'error', id, error: { code: -1, message: 'busy' } }, undefined);
    });
    connection.send(passage(request(7, 'initialize', objectOf([]))));
    await settled();
    expect(heard).toEqual([{ kind: 'error', id: 7, error: { code: -1, message: 'busy' } }]);
  });

  it('asks a server of the older era nothing that it may not know, as long as it opens sessions', async () => {
    const { connection, sent } = setUp('http', 'legacy', legacy);
    connection.send(passage(request(7, 'initialize', objectOf([]))));
    connection.send(list);
    await settled();
    expect(sent).toEqual(['legacy initialize', 'legacy tools/list']);
  });
});
