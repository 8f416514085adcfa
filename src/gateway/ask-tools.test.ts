import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/faults/fake-clock.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { askTools } from './ask-tools.ts';
import type { ConnectionEvents, Upstream } from './ports.ts';

const HELLO: JsonObject = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } };

/** A server that answers `initialize`, and each `tools/list` as it is told. */
function server(list: (cursor: Json | undefined, events: ConnectionEvents) => Json | undefined): {
  readonly upstream: Upstream;
  readonly got: string[];
} {
  const got: string[] = [];
  const upstream: Upstream = {
    transport: 'stdio',
    connect: (events) => ({
      send({ message }) {
        const { id, method, params } = message;
        got.push(String(method ?? Object.keys(message).at(-1)));
        if (typeof id !== 'number' || typeof method !== 'string') return;
        const cursor = isObject(params) ? params['cursor'] : undefined;
        const answer = method === 'initialize' ? HELLO : list(cursor, events);
        if (answer === undefined) queueMicrotask(() => events.closed('the server ended'));
        else queueMicrotask(() => events.received({ kind: 'response', id, result: answer }, undefined));
      },
      close: () => {
        got.push('closed');
        return Promise.resolve();
      },
      pause() {},
      resume() {},
    }),
    close: () => Promise.resolve(),
  };
  return { upstream, got };
}

const ask = (upstream: Upstream): Promise<readonly Json[]> =>
  askTools({ upstream, clock: fakeClock(), timeoutMs: 1_000, version: '1.0.0' });

describe('the tools that a server lists', () => {
  it('are all asked for, page by page, and the session ends', async () => {
    const { upstream, got } = server((cursor) =>
      cursor === undefined ? { tools: [{ name: 'a' }], nextCursor: 'more' } : { tools: [{ name: 'b' }] },
    );
    expect(await ask(upstream)).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(got).toEqual(['initialize', 'notifications/initialized', 'tools/list', 'tools/list', 'closed']);
  });

  it('are listed by a server that pings, and asks for what it was not offered', async () => {
    const { upstream, got } = server((_, events) => {
      events.received({ kind: 'request', id: 'p', method: 'ping', params: {} }, undefined);
      events.received({ kind: 'request', id: 's', method: 'sampling/createMessage', params: {} }, undefined);
      return { tools: [] };
    });
    expect(await ask(upstream)).toEqual([]);
    expect(got.slice(-3)).toEqual(['result', 'error', 'closed']);
  });

  it.each([
    ['no list', () => ({}), 'holds no tools'],
    ['a list without end', () => ({ tools: [], nextCursor: 'again' }), 'does not end'],
    ['nothing, because it ended', () => undefined, 'the server ended'],
  ])('are a fault where it gives %s', async (_, list, why) => {
    const { upstream, got } = server(list);
    await expect(ask(upstream)).rejects.toThrow(why);
    expect(got.at(-1)).toBe('closed');
  });

  it('are a fault that quotes what the server wrote in their place', async () => {
    const { upstream } = server((_, events) => {
      events.noise('no JSON: Welcome to my server!');
      events.noise('no JSON: more of it');
      return undefined;
    });
    await expect(ask(upstream)).rejects.toThrow(
      /^its answer to tools\/list did not come: the server ended; it wrote what is no message: no JSON: Welcome to my server!$/,
    );
  });

  it('are listed by a server that knows the stateless era only', async () => {
    const eras: string[] = [];
    const got: JsonObject[] = [];
    const upstream: Upstream = {
      transport: 'http',
      connect: (events, era) => {
        eras.push(era);
        return {
          send({ message }) {
            got.push(message);
            const { id, method } = message;
            if (typeof id !== 'number') return;
            const error = { code: -32022, message: 'Unsupported protocol version' };
            queueMicrotask(() =>
              events.received(
                method === 'initialize'
                  ? { kind: 'error', id, error }
                  : { kind: 'response', id, result: { resultType: 'complete', tools: [{ name: 'a' }] } },
                undefined,
              ),
            );
          },
          pause() {},
          resume() {},
          close: () => Promise.resolve(),
        };
      },
      close: () => Promise.resolve(),
    };
    expect(await ask(upstream)).toEqual([{ name: 'a' }]);
    expect(eras).toEqual(['legacy', 'modern']);
    expect(got.map(({ method }) => method)).toEqual(['initialize', 'tools/list']);
    expect(JSON.stringify(got[1])).toContain('"io.modelcontextprotocol/protocolVersion":"2026-07-28"');
  });
});
