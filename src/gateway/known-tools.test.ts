import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/faults/fake-clock.ts';
import type { JsonObject } from '../wire/json.ts';
import { addDefinitions, definitionOf, type KnownTool } from './definitions.ts';
import { Exchanges } from './exchanges.ts';
import { KnownTools } from './known-tools.ts';
import type { Connection } from './ports.ts';

/** A server whose answers to `tools/list` are given when the test says so. */
function setUp(): {
  readonly tools: KnownTools;
  readonly connection: Connection;
  answer(names: readonly string[]): void;
} {
  const clock = fakeClock();
  const exchanges = new Exchanges(clock, 60_000);
  const waiting: number[] = [];
  const connection: Connection = {
    send: ({ message }) => void waiting.push(message['id'] as number),
    pause() {},
    resume() {},
    close: () => Promise.resolve(),
  };
  return {
    tools: new KnownTools(exchanges, clock, (params) => params),
    connection,
    answer(names) {
      const result: JsonObject = { tools: names.map((name) => ({ name })) };
      exchanges.answered({ kind: 'response', id: waiting.shift() ?? -1, result });
    },
  };
}

describe('the names that a server lists', () => {
  it('are not kept when the list changed while it was being read', async () => {
    const { tools, connection, answer } = setUp();
    const reading = tools.refresh(connection);
    tools.forget();
    answer(['echo', 'removed']);
    await reading;
    expect(tools.current).toBeUndefined();
    const again = tools.refresh(connection);
    answer(['echo']);
    await again;
    expect([...(tools.current?.keys() ?? [])]).toEqual(['echo']);
  });

  it('are not learnt from a list that passed by before it changed', () => {
    const { tools } = setUp();
    const { edition } = tools;
    tools.forget();
    tools.learn(new Map([['removed', definitionOf({ name: 'removed' })]]), edition);
    expect(tools.current).toBeUndefined();
  });

  it('are read once for all who ask at the same time', async () => {
    const { tools, connection, answer } = setUp();
    const both = [tools.refresh(connection), tools.refresh(connection)];
    answer(['echo']);
    const [one, other] = await Promise.all(both);
    expect(one).toBe(other);
  });

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
