import { describe, expect, it } from 'vitest';
import type { Gate } from './gate.ts';
import { Strangers } from './strangers.ts';

/** A gate of which strangers use the clock and the log. */
function setUp(): { readonly strangers: Strangers; readonly records: Record<string, unknown>[]; pass(): void } {
  const records: Record<string, unknown>[] = [];
  let due: (() => void) | undefined;
  const gate = {
    clock: {
      now: () => 0,
      after: (_ms: number, action: () => void) => {
        due = action;
        return () => {
          due = undefined;
        };
      },
    },
    crypto: { id: () => 'id' },
    store: { append: async (entry: { body: string }) => void records.push(JSON.parse(entry.body)) },
    log: () => {},
  } as unknown as Gate;
  return {
    strangers: new Strangers(gate),
    records,
    pass: () => due?.(),
  };
}

const counts = (records: readonly Record<string, unknown>[]): unknown[] =>
  records.map(({ source, reason, count }) => [source, reason, count]);

describe('refusals before anybody is identified', () => {
  it('the first is on record at once, a thousand more of its kind are one record, and the next interval begins anew', () => {
    const { strangers, records, pass } = setUp();
    for (let n = 0; n < 1001; n += 1) strangers.refused('10.0.0.1', 'unknown token');
    expect(counts(records)).toEqual([['10.0.0.1', 'unknown token', 1]]);
    pass();
    expect(counts(records).at(-1)).toEqual(['10.0.0.1', 'unknown token', 1000]);
    strangers.refused('10.0.0.1', 'unknown token');
    expect(records).toHaveLength(3);
  });

  it('sources and reasons are told apart', () => {
    const { strangers, records } = setUp();
    strangers.refused('10.0.0.1', 'unknown token');
    strangers.refused('10.0.0.2', 'unknown token');
    strangers.refused('10.0.0.1', 'no bearer token');
    expect(records).toHaveLength(3);
  });

  it('ten thousand sources at once fill no log: few records, and none is left uncounted', () => {
    const { strangers, records, pass } = setUp();
    for (let n = 0; n < 10_000; n += 1) strangers.refused(`10.0.${n >> 8}.${n & 255}`, 'unknown token');
    pass();
    expect(records.length).toBeLessThan(120);
    const total = records.reduce((sum, { count }) => sum + Number(count), 0);
    expect(total).toBe(10_000);
  });

  it('what was counted is written when the gateway stops, and no alarm stays set', () => {
    const { strangers, records, pass } = setUp();
    strangers.refused('10.0.0.1', 'unknown token');
    strangers.refused('10.0.0.1', 'unknown token');
    strangers.flush();
    expect(counts(records)).toEqual([
      ['10.0.0.1', 'unknown token', 1],
      ['10.0.0.1', 'unknown token', 1],
    ]);
    pass();
    expect(records).toHaveLength(2);
  });
});
