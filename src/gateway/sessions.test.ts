import { describe, expect, it } from 'vitest';
import { Flight } from './flight.ts';
import type { Gate, Standing } from './gate.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { Front, Upstream } from './ports.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';

interface House {
  readonly sessions: Sessions;
  readonly revoked: Set<string>;
  readonly ended: string[];
  pass(ms: number): void;
  open(grant: string, server: string, attached?: () => boolean): Session;
}

function setUp(): House {
  let time = 0;
  let ids = 0;
  const revoked = new Set<string>();
  const ended: string[] = [];
  const gate = {
    clock: { now: () => time, tick: () => time, elapsed: () => time, after: () => () => {} },
    crypto: { id: () => `session-${++ids}` },
    store: { append: async () => {} },
    standing: (grant: string) => (revoked.has(grant) ? undefined : ({ grant: { owner: 'alice' } } as Standing)),
    whyNone: () => 'the grant is revoked',
    pins: () => ({}),
    flight: new Flight(),
    limits: () => DEFAULT_LIMITS,
    log: () => {},
  } as unknown as Gate;
  const sessions = new Sessions(gate);
  const connection = { send() {}, pause() {}, resume() {}, close: async () => {} };
  const upstream: Upstream = { transport: 'stdio', connect: () => connection, close: async () => {} };
  return {
    sessions,
    revoked,
    ended,
    pass: (ms) => {
      time += ms;
    },
    open(grant, server, attached = () => false) {
      const front: Front = { attached, push() {}, ended: (reason) => void ended.push(reason) };
      return sessions.open({
        grant,
        server,
        upstream,
        front,
        era: 'legacy',
        timeoutMs: 1000,
        idleMs: 10_000,
        onEnd() {},
      });
    },
  };
}

describe('open sessions', () => {
  it('are found by their own grant at their own server alone', () => {
    const { sessions, open } = setUp();
    const session = open('laptop', 'mail');
    expect(sessions.find(session.id, 'laptop', 'mail')).toBe(session);
    expect(sessions.find(session.id, 'phone', 'mail')).toBeUndefined();
    expect(sessions.find(session.id, 'laptop', 'files')).toBeUndefined();
  });

  it('end with the standing of their grant; those of others stay', async () => {
    const { sessions, open, revoked, ended } = setUp();
    open('laptop', 'mail');
    const stays = open('phone', 'mail');
    revoked.add('laptop');
    sessions.sweep();
    expect(sessions.size).toBe(1);
    expect(sessions.find(stays.id, 'phone', 'mail')).toBe(stays);
    expect(ended).toEqual([expect.stringContaining('revoked')]);
  });

  it('end when they lie idle, but not while a stream is open or a call waits', () => {
    const { sessions, open, pass } = setUp();
    open('laptop', 'mail');
    const streaming = open('laptop', 'mail', () => true);
    const waiting = open('laptop', 'mail');
    const exchange = waiting.exchanges.begin(1, {}, undefined);
    pass(10_001);
    sessions.sweep();
    expect([streaming, waiting].map(({ id }) => sessions.find(id, 'laptop', 'mail'))).toEqual([streaming, waiting]);
    expect(sessions.size).toBe(2);
    waiting.exchanges.end(exchange);
    sessions.sweep();
    expect(sessions.size).toBe(1);
  });

  it('of a server that was changed end, and only they; each end is told once', async () => {
    const { sessions, open, ended } = setUp();
    const gone = open('laptop', 'mail');
    open('laptop', 'files');
    await sessions.end('the server was changed', (session) => session.server === 'mail');
    await gone.end('again');
    expect(sessions.size).toBe(1);
    expect(ended).toEqual(['the server was changed']);
    expect(sessions.countOf('laptop')).toBe(1);
  });
});
