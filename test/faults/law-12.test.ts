import fc from 'fast-check';
import { describe, it } from 'vitest';
import { PATIENCE, RUNS, SEED, TRIALS } from '../laws/runs.ts';
import { inMemory, live } from './law-12-life.ts';
import { story } from './law-12-story.ts';

describe(`what was approved is what is sent, once (${TRIALS})`, () => {
  it('law 12, under any interleaving, restarts and steps of the clock', { timeout: PATIENCE }, async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const faults = await live(inMemory(), steps, seen);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      }),
      { numRuns: RUNS, seed: SEED },
    );
    console.log([...seen].map(([what, count]) => `${what}: ${count}`).join(', '));
  });
});
