import { describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/faults/fake-clock.ts';
import { memoryPins } from '../../test/kit/memory-pins.ts';
import { classifyText } from '../../test/kit/text-class.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import { addDefinitions, type KnownTool } from './definitions.ts';
import { Exchanges } from './exchanges.ts';
import { KnownTools } from './known-tools.ts';
import { PinBook } from './pins/pin-book.ts';
import type { Connection } from './ports.ts';
import { SharedTools } from './shared-tools.ts';

/** A server whose answers to `tools/list` are given when the test says so. */
function setUp(): {
  readonly tools: KnownTools;
  readonly connection: Connection;
  readonly clock: FakeClock;
  answer(names: readonly string[]): void;
  /** A page after which there is another. */
  answerPage(listed: readonly Json[]): void;
  /** Questions that wait for answers. */
  readonly waiting: readonly number[];
} {
  const clock = fakeClock();
  const exchanges = new Exchanges(clock, 60_000);
  const crypto = { id: () => 'one' };
  const book = new PinBook({
    server: 'mail',
    store: memoryPins(),
    clock,
    crypto,
    mode: () => 'off',
    classifier: async () => classifyText,
    log() {},
  });
  const waiting: number[] = [];
  const connection: Connection = {
    send: ({ message }) => void waiting.push(message['id'] as number),
    pause() {},
    resume() {},
    close: () => Promise.resolve(),
  };
  return {
    tools: new KnownTools(exchanges, clock, (params) => params, book, new SharedTools()),
    connection,
    clock,
    waiting,
    answerPage(listed) {
      const result: JsonObject = { tools: listed, nextCursor: 'more' };
      exchanges.answered({ kind: 'response', id: waiting.shift() ?? -1, result });
    },
    answer(names) {
      const result: JsonObject = { tools: names.map((name) => ({ name })) };
      exchanges.answered({ kind: 'response', id: waiting.shift() ?? -1, result });
    },
  };
}

describe('the names that a server lists', () => {
  it('are read again when the list changed while it was being read', async () => {
    const { tools, connection, answer } = setUp();
    const reading = tools.refresh(connection);
    tools.forget();
    answer(['echo', 'removed']);
    await new Promise(setImmediate);
    answer(['echo']);
    expect([...((await reading) as ReadonlyMap<string, KnownTool>).keys()]).toEqual(['echo']);
    expect([...(tools.current?.keys() ?? [])]).toEqual(['echo']);
  });

  it('are asked for again after a minute, since a server may change them without a word', async () => {
    const { tools, connection, answer, clock } = setUp();
    const reading = tools.refresh(connection);
    answer(['echo']);
    await reading;
    clock.advance(59_999);
    expect(tools.current?.size).toBe(1);
    clock.advance(1);
    expect(tools.current).toBeUndefined();
  });

  it('are not learnt from a list that passed by before it changed', () => {
    const { tools } = setUp();
    const { edition } = tools;
    tools.forget();
    tools.learn([{ name: 'removed' }], [], edition);
    expect(tools.current).toBeUndefined();
  });

  it('are read once for all who ask at the same time', async () => {
    const { tools, connection, answer } = setUp();
    const both = [tools.refresh(connection), tools.refresh(connection)];
    answer(['echo']);
    const [one, other] = await Promise.all(both);
    expect(one).toBe(other);
  });

  it.each([
    ['long descriptions', Array.from({ length: 100 }, () => ({ name: 'long', description: 'x'.repeat(100_000) })), 2],
    ['many small values', [{ name: 'wide', inputSchema: Array.from({ length: 300_000 }, () => 1) }], 2],
  ])(
    'are given up when there are too many of them: pages of %s without end are not read on',
    async (_what, page, read) => {
      const { tools, connection, answerPage, waiting } = setUp();
      const reading = tools.refresh(connection);
      let pages = 0;
      for (; waiting.length > 0; pages++) {
        answerPage(page);
        await new Promise(setImmediate);
      }
      expect(await reading).toContain('too large to be kept');
      expect(pages).toBe(read);
      expect(tools.current).toBeUndefined();
    },
  );

  it('leave out what is no name that could be called', () => {
    const known = new Map();
    addDefinitions(known, [{ name: 'echo' }, { name: 5 }, {}, null, { name: 'x'.repeat(1_025) }]);
    expect([...known.keys()]).toEqual(['echo']);
  });

  it('that stand twice in the list have no schema that could be trusted', () => {
    const known = new Map<string, KnownTool>();
    const inputSchema = { type: 'object' };
    addDefinitions(known, [
      { name: 'echo', inputSchema },
      { name: 'twin', inputSchema },
      { name: 'twin', inputSchema: {} },
    ]);
    expect(known.get('echo')?.input().kind).toBe('schema');
    expect(known.get('twin')?.input()).toEqual({ kind: 'problem', reason: 'the server lists the tool twice' });
  });
});
