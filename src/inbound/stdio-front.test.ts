import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Gate } from '../gateway/gate.ts';
import { DEFAULT_LIMITS } from '../gateway/limits.ts';
import { Session } from '../gateway/session.ts';
import { StdioFront, serveStdio } from './stdio-front.ts';

/** A session whose log breaks in a way that nobody foresaw, for as long as `broken` says. */
function setUp(state: { broken: boolean }): {
  readonly session: Session;
  readonly front: StdioFront;
  output(): string;
} {
  const gate = {
    clock: { now: () => 0, tick: () => 0, elapsed: () => 0, after: () => () => {} },
    crypto: {
      id: () => {
        if (state.broken) throw new TypeError('unforeseen');
        return 'id';
      },
    },
    store: { append: async () => {} },
    standing: () => undefined,
    whyNone: () => 'revoked',
    audit: () => ({ arguments: 'redacted', holdReply: false }),
    limits: () => DEFAULT_LIMITS,
    pins: () => ({}),
    log: () => {},
  } as unknown as Gate;
  const output = new PassThrough();
  const front = new StdioFront(output, () => {});
  const isBroken = state.broken;
  state.broken = false;
  const connection = { send() {}, pause() {}, resume() {}, close: async () => {} };
  const upstream = { transport: 'stdio', connect: () => connection, close: async () => {} } as const;
  const session = new Session(gate, {
    grant: 'local',
    server: 'mail',
    upstream,
    front,
    era: 'legacy',
    timeoutMs: 1000,
    idleMs: 1000,
    onEnd() {},
  });
  state.broken = isBroken;
  return { session, front, output: () => String(output.read() ?? '') };
}

const LINE = (id: number): string => `{"jsonrpc":"2.0","id":${id},"method":"no/such/method"}\n`;

describe('a client over stdio', () => {
  it('gets an answer to each of its lines, and the end of its input ends the service', async () => {
    const { session, front, output } = setUp({ broken: false });
    const input = new PassThrough();
    input.end(`${LINE(1)}\n${LINE(2)}no JSON\n`);
    await serveStdio(session, front, input, 1000);
    const answers = output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ id, error }) => [id, error.code])).toEqual([
      [1, -32601],
      [2, -32601],
      [null, -32700],
    ]);
  });

  it('gets an error for the request on which the gateway itself failed, and the next line is served', async () => {
    const state = { broken: true };
    const { session, front, output } = setUp(state);
    const input = new PassThrough();
    const served = serveStdio(session, front, input, 1000).then(
      () => 'served',
      (fault: Error) => `ended by: ${fault.message}`,
    );
    input.write(LINE(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    state.broken = false;
    input.end(LINE(2));
    expect(await served).toBe('served');
    const text = output();
    expect(text).toMatch(/"id":1,.*-32603/);
    expect(text).toMatch(/"id":2,.*-32601/);
  });

  it('is told to come later when its waiting messages fill the memory, and can still send small ones', async () => {
    const { session, front, output } = setUp({ broken: false });
    expect(session.hold(30_000_000)).toBe(true);
    const input = new PassThrough();
    input.end(`${LINE(1).replace('no/such', 'x'.repeat(5_000_000))}${LINE(2)}`);
    await serveStdio(session, front, input, 10_000_000);
    const codes = output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ id, error }) => [id, error.code]);
    expect(codes).toEqual([
      [1, -32010],
      [2, -32601],
    ]);
  });

  it('that does not read its answers slows its server down, and is asked for no more questions until it does', async () => {
    const { session, front } = setUp({ broken: false });
    const output = new PassThrough({ highWaterMark: 10 });
    const unread = new StdioFront(output, () => {});
    const told: string[] = [];
    session.flow.use({ pause: () => void told.push('pause'), resume: () => void told.push('resume') });
    const input = new PassThrough();
    const served = serveStdio(session, unread, input, 1000);
    input.write(LINE(1));
    await new Promise(setImmediate);
    input.end(LINE(2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toEqual(['pause']);
    expect(String(output.read())).not.toContain('"id":2');
    output.resume();
    await served;
    expect(told.slice(0, 2)).toEqual(['pause', 'resume']);
    expect(front.attached()).toBe(true);
  });

  it('that never reads is given up when too much waits for it', async () => {
    const reasons: string[] = [];
    const front = new StdioFront(new PassThrough(), (reason) => void reasons.push(reason));
    const text = 'x'.repeat(9_000_000);
    expect([1, 2, 3].map(() => front.push({ text }))).toEqual([true, true, false]);
    expect(reasons).toEqual([expect.stringContaining('does not read')]);
  });
});
