import { describe, expect, test } from 'vitest';
import { tryBatch } from './batch.ts';
import { check } from './check-trial.ts';
import { keptTrials } from './kept.ts';

/** A slice of `npm run proof:policy`, always the same one. */
const SEEDS = Array.from({ length: 24 }, (_, index) => 1 + index);

describe('documents and calls made to break the judge', () => {
  test.each(SEEDS)('seed %i: whatever is compiled and judged, no law is broken', { timeout: 120_000 }, async (seed) => {
    const { outcome, failures } = await tryBatch(seed);
    expect(failures).toEqual([]);
    // What is made is neither all broken nor all sound.
    expect(outcome.compiled).toBeGreaterThan(outcome.documents / 4);
    expect(outcome.compiled).toBeLessThan(outcome.documents);
    expect(outcome.agreed).toBeGreaterThan(outcome.calls / 4);
    expect(outcome.texts).toBeGreaterThan(0);
  });
});

describe('what broke a law once', () => {
  test.each(keptTrials())('breaks none any more: $file ($law)', ({ trial }) => {
    expect(check(trial)).not.toHaveProperty('law');
  });
});
