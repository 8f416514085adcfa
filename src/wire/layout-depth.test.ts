import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { layoutDepth } from './layout-depth.ts';
import { jsonInPlainSight } from './plain-sight.ts';

const MANY = 262_144;

function laidOut(value: Json): string {
  return jsonInPlainSight(value, { depth: layoutDepth(value) });
}

describe('arguments laid out for a person', () => {
  it('have a line for everything, as long as there is little of it', () => {
    const value = { a: [1, { b: [[true]] }], c: 'x' };
    expect(laidOut(value)).toBe(jsonInPlainSight(value));
    const rows = { rows: Array.from({ length: 300 }, (_, id) => ({ id, name: `n${id}` })) };
    expect(laidOut(rows)).toBe(jsonInPlainSight(rows));
  });

  const chain = JSON.parse('['.repeat(95) + ']'.repeat(95));
  it.each<[string, Json]>([
    ['nested deeply', { v: Array.from({ length: MANY / 192 }, () => chain), last: 'x' }],
    [
      'nested deeply, side by side',
      { a: [chain, chain], b: Array.from({ length: MANY / 192 }, () => chain), last: 'x' },
    ],
    ['many numbers', { v: Array.from({ length: MANY / 2 }, () => 1), last: 'x' }],
    ['many that are empty', { v: Array.from({ length: MANY / 3 }, () => []), last: 'x' }],
    ['many keys', { ...Object.fromEntries(Array.from({ length: MANY / 12 }, (_, at) => [`k${at}`, at])), last: 'x' }],
    ['a long text', { v: 'x'.repeat(MANY), last: 'x' }],
  ])('do not grow beyond measure: %s', (_, value) => {
    const text = laidOut(value);
    expect(text.length).toBeLessThan(3 * JSON.stringify(value).length + 8_000);
    // Each argument is on its own line all the same.
    expect(text).toContain('\n  "last": "x"');
  });

  it.each<Json>([1, 'x', null, [], {}, [1], JSON.rawJSON('1.0') as unknown as Json])('of any kind: %j', (value) => {
    expect(laidOut(value)).toBe(jsonInPlainSight(value));
  });
});
