import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from '../gateway/limits.ts';
import type { Json } from '../wire/json.ts';
import { readJson } from '../wire/read-json.ts';
import { LIMIT_KEYS } from './limit-keys.ts';
import { readLimits } from './read-limits.ts';
import type { Reading } from './reading.ts';
import { sizeWords } from './size.ts';

function parsed(value: unknown): Json {
  const read = readJson(JSON.stringify(value), { depth: 10, nodes: 1000, numbers: 'exact' });
  return read.kind === 'value' ? read.value : null;
}

function limitsOf(value: unknown): { readonly limits: Limits; readonly problems: readonly string[] } {
  const reading: Reading = { env: { SIZE: '1MiB' }, found: [] };
  const limits = readLimits(reading, { value: parsed(value), pointer: '/limits' });
  return { limits, problems: reading.found.map(({ pointer, message }) => `${pointer} ${message}`) };
}

test('what is not set stays as it is by default', () => {
  expect(readLimits({ env: {}, found: [] }, undefined)).toBe(DEFAULT_LIMITS);
  expect(limitsOf({})).toEqual({ limits: DEFAULT_LIMITS, problems: [] });
  expect(limitsOf({ calls: 5 })).toEqual({ limits: { ...DEFAULT_LIMITS, calls: 5 }, problems: [] });
});

test('every limit can be set, in words or in bytes, and time in seconds', () => {
  const { limits, problems } = limitsOf({
    message: '512KiB',
    line: '64 MiB',
    depth: 64,
    nodes: 1000,
    answer_nodes: 5000,
    sessions: 10,
    calls: 20,
    held: '1GiB',
    streams: 2,
    listens: 3,
    questions: 7,
    replay_events: 0,
    replay_size: 70_000,
    drain: 2.5,
  });
  expect(problems).toEqual([]);
  expect(limits).toEqual({
    messageBytes: 524_288,
    lineBytes: 67_108_864,
    depth: 64,
    nodes: 1000,
    answerNodes: 5000,
    sessions: 10,
    calls: 20,
    heldBytes: 1_073_741_824,
    streams: 2,
    listens: 3,
    questions: 7,
    replayEvents: 0,
    replayBytes: 70_000,
    drainMs: 2500,
  });
});

describe.each(Object.entries(LIMIT_KEYS))('%s', (key, { sets, unit, least, most }) => {
  const inUnits = (amount: number): number => (unit === 'seconds' ? amount * 1000 : amount);

  test('holds within its bounds, which the default keeps', () => {
    for (const amount of [least, most]) {
      expect(limitsOf({ [key]: amount })).toMatchObject({ limits: { [sets]: inUnits(amount) }, problems: [] });
    }
    expect(DEFAULT_LIMITS[sets]).toBeGreaterThanOrEqual(inUnits(least));
    expect(DEFAULT_LIMITS[sets]).toBeLessThanOrEqual(inUnits(most));
  });

  test('is refused beyond them, and for what is no amount', () => {
    for (const wrong of [least - 1, most + 1, -1, '', '10', 'many', null, true, [], {}]) {
      const { limits, problems } = limitsOf({ [key]: wrong });
      expect(problems, JSON.stringify(wrong)).toEqual([expect.stringContaining(`/limits/${key} must be `)]);
      expect(limits).toEqual(DEFAULT_LIMITS);
    }
  });

  test('is whole, unless it is a time', () => {
    const told = unit === 'seconds' ? [] : [expect.stringContaining('a whole number')];
    expect(limitsOf({ [key]: least + 0.5 }).problems).toEqual(told);
  });
});

test.each([
  ['an unknown key', { messages: 1 }, ['/limits/messages unknown key "messages" — did you mean "message"?']],
  ['no object', 5, ['/limits must be an object']],
  ['a number beyond the bounds', { depth: 7 }, ['/limits/depth must be a whole number from 8 to 1000, not 7']],
  [
    'megabytes that might be either',
    { line: '4MB' },
    [
      '/limits/line must be a whole number of bytes, or a size such as "512KiB" or "4MiB", from 1KiB to 256MiB, not "4MB"',
    ],
  ],
  [
    'a size for what is counted',
    { calls: '1KiB' },
    ['/limits/calls must be a whole number from 1 to 100000, not "1KiB"'],
  ],
  ['a time in words', { drain: '10s' }, ['/limits/drain must be a number of seconds from 0 to 3600, not "10s"']],
  ['a variable', { message: `\${SIZE}` }, [expect.stringContaining('must be a whole number of bytes')]],
  [
    'all of them at once',
    { calls: 0, streams: 0 },
    [expect.stringContaining('calls'), expect.stringContaining('streams')],
  ],
])('what cannot be read is told with the remedy: %s', (_what, value, told) => {
  expect(limitsOf(value).problems).toEqual(told);
});

test.each([
  [0, '0B'],
  [1500, '1500B'],
  [1536 * 1024, '1536KiB'],
  [4 * 1024 * 1024, '4MiB'],
  [1024 ** 3, '1GiB'],
])('%i bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});
